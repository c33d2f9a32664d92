"""The passage that answers best, as segments: whoever shows them escapes each one."""

import re
from collections.abc import Sequence

from portal.search.documents import Segments

PASSAGE = 220
"""Length of a passage in characters; a Chinese one says more, and is cut by the page."""
_LEAD = 60
_TO_AN_END = re.compile(".*[.!?。！？；\n]", re.DOTALL)
_MOST_MARKS = 256


Mark = tuple[int, int, int, float]
"""A place in the text that a word of the question was found at: start, end, number of the term,
and a weight that tells how rare it is.
"""


def whole(text: str, marks: Sequence[Mark]) -> Segments:
    return _segments(text, 0, len(text), marks)


def passage(text: str, marks: Sequence[Mark], otherwise: int | None = None) -> Segments:
    """The window with the rarest and most different words; the one that begins at `otherwise`, or
    the beginning, where there is none.
    """
    marks = marks[:_MOST_MARKS]
    start = _sentence_start(text, _best_start(marks)) if marks else _next_word(text, otherwise or 0)
    end = _word_end(text, start + PASSAGE)
    inside = [mark for mark in marks if mark[0] >= start and mark[1] <= end]
    segments = _segments(text, start, end, inside)
    before = (("… ", False),) if text[:start].strip() else ()
    after = ((" …", False),) if text[end:].strip() else ()
    return before + segments + after


def _best_start(marks: Sequence[Mark]) -> int:
    """Each window ends at a mark; a word said again counts a tenth. The first of the best wins."""
    first, best, best_value, value = 0, marks[0][0], 0.0, 0.0
    said: dict[int, int] = {}
    for _, end, term, weight in marks:
        value += weight * (0.1 if said.get(term) else 1.0)
        said[term] = said.get(term, 0) + 1
        while end > marks[first][0] + PASSAGE - _LEAD and marks[first][1] < end:
            value -= _leave(said, marks[first])
            first += 1
        if value > best_value + 1e-9:
            best, best_value = marks[first][0], value
    return best


def _leave(said: dict[int, int], mark: Mark) -> float:
    said[mark[2]] -= 1
    return mark[3] * (0.1 if said[mark[2]] else 1.0)


def _sentence_start(text: str, at: int) -> int:
    """The beginning of the sentence or, where that is far, of a word near before."""
    nearest = max(0, at - _LEAD)
    before = _TO_AN_END.match(text, nearest, at)
    if before:
        start = before.end()
    elif nearest == 0:
        start = 0
    else:
        space = text.find(" ", nearest, at)
        start = space + 1 if space >= 0 else nearest
    while start < at and text[start].isspace():
        start += 1
    return start


def _next_word(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip()) if at else 0


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - 20, at)
    return space if space > 0 else at


def _segments(text: str, start: int, end: int, marks: Sequence[Mark]) -> Segments:
    """Marks that touch or overlap become one hit."""
    segments: list[tuple[str, bool]] = []
    at = start
    for first, last in _merged(marks):
        if first > at:
            segments.append((text[at:first], False))
        segments.append((text[first:last], True))
        at = last
    if at < end:
        segments.append((text[at:end], False))
    return tuple(segments)


def _merged(marks: Sequence[Mark]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start, end, _, _ in sorted(marks):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans
