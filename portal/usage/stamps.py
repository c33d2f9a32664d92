"""Time stamps of many messages, quickly: each date, minute, second and ending is read once.

Only the form that client libraries send is read here ("2026-01-31T08:00:00Z", with up to six
decimals, or +00:00); all others are left to moments.read_moment, which says what is wrong.
"""

import re
from collections.abc import Iterable
from datetime import date

from portal.usage import moments
from portal.usage.days import EPOCH_ORDINAL
from portal.usage.moments import DAY, SECOND

DATE, MINUTE, SECONDS = (
    len(part) for part in ("2026-01-31T", "2026-01-31T08:00:", "2026-01-31T08:00:00")
)
MOST_REMEMBERED = 100_000
# Decimals of a second: more than microseconds are unusual, more than milliseconds seldom the same.
LONGEST, REMEMBERED = 6, 3
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


class _Endings(dict[str, int]):
    def __missing__(self, text: str) -> int:
        digits = text[1:].removesuffix("Z").removesuffix("+00:00")
        usual = text[:1] == "." and len(text) - len(digits) in {2, 7}
        if not (usual and digits.isascii() and digits.isdigit() and len(digits) <= LONGEST):
            raise UnusualStamp
        found = int(digits.ljust(LONGEST, "0"))
        return _remember(self, text, found) if len(digits) <= REMEMBERED else found


def _remember(known: dict[str, int], text: str, found: int) -> int:
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known[text] = found
    return found


_dates, _endings = _Dates(), _Endings({"Z": 0, "+00:00": 0})
_minutes = {
    f"{minute // 60:02}:{minute % 60:02}:": minute * moments.MINUTE for minute in range(24 * 60)
}
_seconds = {f"{second:02}": second * SECOND for second in range(60)}


def read_stamps(texts: Iterable[str]) -> list[int]:
    """Microseconds since 1970. Raises UnusualStamp if one of the texts is not of the usual form."""
    dates, minutes, seconds, endings = _dates, _minutes, _seconds, _endings
    try:
        return [
            dates[text[:DATE]]
            + minutes[text[DATE:MINUTE]]
            + seconds[text[MINUTE:SECONDS]]
            + endings[text[SECONDS:]]
            for text in texts
        ]
    except KeyError:
        raise UnusualStamp from None
