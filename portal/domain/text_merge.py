"""Two texts in one, for a person to tidy up: nothing of either is lost."""

import re
from collections import Counter
from difflib import SequenceMatcher

_DEAREST = 100_000
"""Pairs of equal paragraphs that are looked at; beyond, both texts stand whole."""


def merged(theirs: str, ours: str) -> str:
    """Paragraph by paragraph: what both say once, in its order; where they differ theirs first,
    then ours.
    """
    first, second = _paragraphs(theirs), _paragraphs(ours)
    many = Counter(second)
    if sum(many[one] for one in first) > _DEAREST:
        return "\n\n".join([*first, *second]) + "\n"
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    kept: list[str] = []
    for tag, begin, end, start, stop in matcher.get_opcodes():
        kept += first[begin:end]
        if tag != "equal":
            kept += second[start:stop]
    return "\n\n".join(kept) + "\n" if kept else ""


def _paragraphs(text: str) -> list[str]:
    return [one for one in re.split(r"\n[ \t]*\n+", text.strip("\n")) if one.strip()]
