"""A text beside its translation: section by section, in the order of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

_HEADING = re.compile(r"^## +(.+?)[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^(`{3,}|~{3,}).*?(?:^\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """`heading` is empty for what stands before the first one; `body` is Markdown without it."""

    heading: str
    body: str


@dataclass(frozen=True, slots=True)
class Pair:
    """None where one of the texts has fewer sections."""

    source: Part | None
    target: Part | None


def parts(text: str) -> list[Part]:
    """Cut at second-level headings, but for those inside a block of code."""
    fences = [match.span() for match in _FENCE.finditer(text)]
    heads = [
        match
        for match in _HEADING.finditer(text)
        if not any(first <= match.start() < last for first, last in fences)
    ]
    ends = [match.start() for match in heads[1:]] + [len(text)]
    before = text[: heads[0].start()] if heads else text
    found = [Part("", before.strip("\n"))] if before.strip() else []
    return found + [
        Part(match[1], text[match.end() : end].strip("\n"))
        for match, end in zip(heads, ends, strict=False)
    ]


def beside(source: str, target: str) -> list[Pair]:
    """Section by section: translations have the same number of them (content/README.md)."""
    pairs = zip_longest(_led(parts(source)), _led(parts(target)))
    return [Pair(one, other) for one, other in pairs if one is not None or other is not None]


def _led(found: Sequence[Part]) -> list[Part | None]:
    """With a place for what stands before the first heading, so that headings meet headings."""
    return [None, *found] if not found or found[0].heading else list(found)
