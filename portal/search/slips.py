"""Slips in a Chinese question: two neighbours swapped, or a character that only sounds the same.
One typed twice or left out costs little, as the words around it still tell.

Looked for only beside two neighbours that the reader's texts never have, and taken only where what
stands there otherwise is far more usual: of 800 questions in two labelled sets, asked as they are,
two in a hundred are changed, which cost nothing in either.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from math import log
from typing import NamedTuple

import numpy as np

from portal.search.folding import fold
from portal.search.pinyin import readings
from portal.search.rows import Rows
from portal.search.strings import Strings
from portal.search.views import View

_RUN = re.compile("[\u3400-\u9fff]{2,}")
_HAN_BYTES = 3
_MOST = 48
"""Places of a question that are looked at."""
_NEVER = 0.1
"""What neighbours count that stand nowhere, in documents."""
_SWAPPED, _ALIKE = 4.5, 5.5
"""How much more usual (a natural logarithm) the text must be for each kind of slip, so that few
questions without one are changed: many characters sound alike.
"""


class _Change(NamedTuple):
    """`other` instead of the character at a place, or that and the next one swapped where it is
    empty; `more` usual by so much than it must be.
    """

    more: float
    at: int
    other: str


class Slips:
    def __init__(self, numbers: Strings, rows: Rows) -> None:
        """`numbers` of the index's terms."""
        self._numbers = numbers
        self._rows = rows

    def mended(self, text: str, view: View) -> str | None:
        """The normalised text with its likeliest slip put right; None where there is none."""
        best = max(self._changes(fold(text), view), default=None)
        if best is None or best.more <= 0:
            return None
        at, other = best.at, best.other
        if other:
            return text[:at] + other + text[at + 1 :]
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    def _changes(self, text: str, view: View) -> Iterator[_Change]:
        for run in _RUN.finditer(text):
            if run.start() < _MOST:
                yield from self._in_run(text[: run.end()], run.start(), view)

    def _in_run(self, text: str, start: int, view: View) -> Iterator[_Change]:
        """`text` ends with the run that begins at `start`."""
        pairs = range(start, min(len(text), start + _MOST) - 1)
        unknown = {at for at in pairs if not self._stands(text[at : at + 2], view)}
        for at in pairs:
            if not unknown.isdisjoint((at - 1, at, at + 1)):
                yield self._of_two(text, at, start, view)
        # A character that is known beside one of its neighbours is hardly a wrong one.
        for at in range(start, pairs.stop + 1):
            if unknown.issuperset({at - 1, at}.intersection(pairs)):
                yield from self._of_one(text, at, start, view)

    def _of_two(self, text: str, at: int, start: int, view: View) -> _Change:
        before, after = text[max(start, at - 1) : at], text[at + 2 : at + 3]
        typed, said = text[at : at + 2], text[at + 1] + text[at]
        more = self._more_usual(before + typed + after, before + said + after, view)
        return _Change(more - _SWAPPED, at, "")

    def _of_one(self, text: str, at: int, start: int, view: View) -> Iterator[_Change]:
        before, after = text[max(start, at - 1) : at], text[at + 1 : at + 2]
        for other in self._alike(text[at]):
            # Most of them stand beside neither of the neighbours.
            if self._known(before + other) or self._known(other + after):
                said = before + other + after
                more = self._more_usual(before + text[at] + after, said, view)
                yield _Change(more - _ALIKE, at, other)

    def _known(self, pair: str) -> bool:
        return self._numbers.find(pair) is not None

    def _more_usual(self, typed: str, said: str, view: View) -> float:
        return self._usual(said, view) - self._usual(typed, view)

    def _usual(self, text: str, view: View) -> float:
        pairs = (text[at : at + 2] for at in range(len(text) - 1))
        return sum(log(self._seen(pair, view) + _NEVER) for pair in pairs)

    def _stands(self, pair: str, view: View) -> bool:
        """Of a question's own pairs, whose rows are wanted anyway."""
        number = self._numbers.find(pair)
        return number is not None and self._rows.term(view, number).holding > 0

    def _seen(self, pair: str, view: View) -> int:
        number = self._numbers.find(pair)
        return 0 if number is None else self._rows.count(view, number)

    def _alike(self, character: str) -> Iterable[str]:
        return (one for one in self._by_sound.get(_sound(character), ()) if one != character)

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        lengths = np.diff(self._numbers.starts)
        # One character takes three or four bytes there.
        short = np.flatnonzero((lengths >= _HAN_BYTES) & (lengths <= _HAN_BYTES + 1))
        first = self._numbers.place("\u3400")
        for term in map(self._numbers.__getitem__, short[short >= first].tolist()):
            if len(term) == 1 and _sound(term):
                found.setdefault(_sound(term), []).append(term)
        return found


@cache
def _sound(character: str) -> str:
    """Its usual reading, without tone."""
    return readings(character)[0]
