"""Time stamps of many messages, quickly: each date, minute, and second is read once.

Only the form that client libraries send is read here ("2026-01-31T08:00:00Z", with up to six
decimals, or +00:00); all others are left to moments.read_moment, which says what is wrong.
"""

import re
from collections.abc import Iterable
from datetime import date

from portal.usage import moments
from portal.usage.days import EPOCH_ORDINAL
from portal.usage.moments import DAY, SECOND

DATE, MINUTE = len("2026-01-31T"), len("2026-01-31T08:00:")
MOST_REMEMBERED = 100_000
# Decimals of a second: more than microseconds are unusual, more than milliseconds seldom the same.
LONGEST, REMEMBERED = 6, 3
ENDINGS = frozenset({"Z", "+00:00"})
_DATE = re.compile(r"\d{4}-\d\d-\d\dT", re.ASCII)


class UnusualStamp(Exception):
    """Of another form, or no time at all."""


class _Dates(dict[str, int]):
    def __missing__(self, text: str) -> int:
        if not _DATE.fullmatch(text):
            raise UnusualStamp
        try:
            day = date.fromisoformat(text[:-1])
        except ValueError:
            raise UnusualStamp from None
        return _remember(self, text, (day.toordinal() - EPOCH_ORDINAL) * DAY)


class _Seconds(dict[str, int]):
    """With their decimals and the ending."""

    def __missing__(self, text: str) -> int:
        second, rest = _whole_seconds.get(text[:2]), text[2:]
        if second is None:
            raise UnusualStamp
        if rest in ENDINGS:
            return _remember(self, text, second)
        digits = rest[1:].removesuffix("Z").removesuffix("+00:00")
        usual = rest[:1] == "." and len(rest) - len(digits) in {2, 7}
        if not (usual and digits.isascii() and digits.isdigit() and len(digits) <= LONGEST):
            raise UnusualStamp
        found = second + int(digits.ljust(LONGEST, "0"))
        return _remember(self, text, found) if len(digits) <= REMEMBERED else found


def _remember(known: dict[str, int], text: str, found: int) -> int:
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known[text] = found
    return found


_dates, _seconds = _Dates(), _Seconds()
_minutes = {
    f"{minute // 60:02}:{minute % 60:02}:": minute * moments.MINUTE for minute in range(24 * 60)
}
_whole_seconds = {f"{second:02}": second * SECOND for second in range(60)}


def read_stamps(texts: Iterable[str]) -> list[int]:
    """Microseconds since 1970. Raises UnusualStamp if one of the texts is not of the usual form."""
    dates, minutes, seconds = _dates, _minutes, _seconds
    try:
        return [
            dates[text[:DATE]] + minutes[text[DATE:MINUTE]] + seconds[text[MINUTE:]]
            for text in texts
        ]
    except KeyError:
        raise UnusualStamp from None
