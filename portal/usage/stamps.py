"""Time stamps of many messages, quickly: whole minutes and what follows them are each read once.

Only the form that client libraries send is read here ("2026-01-31T08:00:00Z", with up to six
decimals, or +00:00); all others are left to moments.read_moment, which says what is wrong with them.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from portal.usage.moments import SECOND, microseconds

MINUTE, SECOND_END = len("2026-01-31T08:00:"), len("2026-01-31T08:00:00")
# About 20 MB; a year has half a million minutes, but one step seldom touches many.
MOST_REMEMBERED = 100_000
_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:", re.ASCII)
_ENDING = re.compile(r"(?:\.(\d{1,6}))?(?:Z|\+00:00)", re.ASCII)


class UnusualStamp(Exception):
    """Of another form, or no time at all."""


class _Minutes(dict[str, int]):
    def __missing__(self, text: str) -> int:
        if not _MINUTE.fullmatch(text):
            raise UnusualStamp
        try:
            found = microseconds(datetime.fromisoformat(f"{text}00+00:00"))
        except ValueError:
            raise UnusualStamp from None
        return _remember(self, text, found)


class _Endings(dict[str, int]):
    def __missing__(self, text: str) -> int:
        read = _ENDING.fullmatch(text)
        if read is None:
            raise UnusualStamp
        return _remember(self, text, int((read[1] or "").ljust(6, "0")))


def _remember(known: dict[str, int], text: str, found: int) -> int:
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known[text] = found
    return found


_minutes, _endings = _Minutes(), _Endings()
_seconds = {f"{second:02}": second * SECOND for second in range(60)}


def read_stamps(texts: Iterable[str]) -> list[int]:
    """Microseconds since 1970. Raises UnusualStamp if one of the texts is not of the usual form."""
    minutes, seconds, endings = _minutes, _seconds, _endings
    try:
        return [
            minutes[text[:MINUTE]] + seconds[text[MINUTE:SECOND_END]] + endings[text[SECOND_END:]]
            for text in texts
        ]
    except KeyError:
        raise UnusualStamp from None
