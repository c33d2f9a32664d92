"""The parts of a stored page that its type gives a place of their own: the answer of a question,
the sections of a release note, a case's comparison, its way and what both sides gained.

Works on sanitised HTML as nh3 prints it. A page that is built otherwise is left as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.domain.knowledge import CUSTOMER_CASE, FAQ, RELEASE_NOTE, SHAPES

_HEADING = re.compile(r'<h2 id="([^"]*)">(.*?)</h2>\n?', re.DOTALL)
_TABLE = re.compile(r'<div class="scroll" tabindex="0">\s*<table.*?</table>\s*</div>\n?', re.DOTALL)
_CELL = re.compile(r"<th[^>]*>(.*?)</th>", re.DOTALL)
_NESTING = ("div", "ul", "ol", "li", "blockquote", "table", "figure", "p")
_NUMBER = re.compile(r"([−±+-]?)\s*(\d[\d.,\u00a0\u202f]*)")
_LIST = '<ul class="dash">'
# The place of a section among those of its type (domain/knowledge.py).
_ANSWER, _WAY, _GAINS = 0, 3, 5


@dataclass(frozen=True, slots=True)
class Section:
    """`id` and `heading` are "" for what stands before the first heading."""

    id: str
    heading: str
    html: str


@dataclass(frozen=True, slots=True)
class Parts:
    """`table` is what the chart of a case takes the place of, between `before` and `after`."""

    answer: Section | None = None
    sections: tuple[Section, ...] = ()
    before: str = ""
    table: str = ""
    after: str = ""


def parts_of(html: str, kind: str, comparison: Sequence[Sequence[str]]) -> Parts:
    """What the type's page shows, in its order; `before` alone where it is like any text."""
    if kind == FAQ:
        return _of_answer(html)
    if kind == RELEASE_NOTE:
        found = sections_of(html)
        return Parts(sections=found) if len(found) > 1 else Parts(before=html)
    if kind == CUSTOMER_CASE:
        return _of_case(_dressed(html), comparison)
    return Parts(before=html)


def sections_of(html: str) -> tuple[Section, ...]:
    """Split at the second-level headings; empty where one of them stands inside of a block."""
    found = list(_HEADING.finditer(html))
    begins = [0, *(one.end() for one in found)]
    ends = [*(one.start() for one in found), len(html)]
    texts = [html[begin:end].strip("\n") for begin, end in zip(begins, ends, strict=True)]
    if not all(_is_whole(text) for text in texts):
        return ()
    heads = [("", ""), *((one[1], one[2]) for one in found)]
    made = (Section(*head, text) for head, text in zip(heads, texts, strict=True))
    return tuple(one for one in made if one.id or one.html)


def share_left(before: str, after: str) -> float | None:
    """Of a figure in words: 0.5 for 41 h → 20.5 h; None where nothing can be reckoned."""
    first, second = (_number(words) for words in (before, after))
    if first is None or second is None or first <= 0 or second < 0:
        return None
    return second / first


def _of_answer(html: str) -> Parts:
    found = sections_of(html)
    if found and found[0].heading in _names(FAQ, _ANSWER):
        headings = [one.start() for one in _HEADING.finditer(html)]
        return Parts(answer=found[0], before=html[headings[1] :] if headings[1:] else "")
    return Parts(before=html)


def _of_case(html: str, comparison: Sequence[Sequence[str]]) -> Parts:
    for match in _TABLE.finditer(html):
        head = [re.sub(r"<[^>]+>", "", cell).strip() for cell in _CELL.findall(match[0])]
        if comparison and head == [cell.strip() for cell in comparison[0]]:
            return Parts(before=html[: match.start()], table=match[0], after=html[match.end() :])
    return Parts(before=html)


def _dressed(html: str) -> str:
    """The lists of two sections get a shape of their own: stations on a way, and two sides."""
    for place, shape in ((_WAY, "way"), (_GAINS, "sides")):
        for name in _names(CUSTOMER_CASE, place):
            html = html.replace(f">{name}</h2>\n{_LIST}", f'>{name}</h2>\n<ul class="{shape}">')
    return html


def _names(kind: str, place: int) -> tuple[str, str, str]:
    return SHAPES[kind].sections[place]


def _is_whole(html: str) -> bool:
    return all(len(re.findall(rf"<{tag}[ >]", html)) == html.count(f"</{tag}>") for tag in _NESTING)


def _number(words: str) -> float | None:
    """The figure at the beginning: 1,150 and 1.150 are thousands, 3.2 and 3,2 are not."""
    match = _NUMBER.match(words.strip())
    if match is None:
        return None
    digits = re.sub(r"[\u00a0\u202f]", "", match[2]).rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    try:
        value = float(digits.replace(",", "."))
    except ValueError:
        return None
    return -value if match[1] in {"−", "-"} else value
