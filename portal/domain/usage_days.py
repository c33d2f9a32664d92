"""What a vendor may tell of a day's usage as sums: the rules for each member of an item.

Readers raise ValueError with a sentence that follows the member's name.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.domain.volumes import read_day

LONGEST_TEXT = 200
MOST_USES = 1_000_000
# All of an account's day together; what the stored integers hold.
MOST_A_DAY = 1_000_000_000
MOST_SECONDS = 10_000_000
# What a sum without an event's name counts as: activity of no feature, unless it is mapped to one.
UNNAMED = "usage day"

__all__ = ["MOST_A_DAY", "UNNAMED", "UsageDay", "read_count", "read_day", "read_event", "read_user"]


@dataclass(frozen=True, slots=True)
class UsageDay:
    """A person did `event` `count` times on `day`; 0 takes back what was told before."""

    day: date
    user: str
    event: str
    count: int
    milliseconds: int = 0

    @property
    def key(self) -> tuple[date, str, str]:
        return self.day, self.user, self.event


def read_user(value: Any) -> str:
    return _text(value)


def read_event(value: Any) -> str:
    return UNNAMED if value is None or value == "" else _text(value)


def read_count(value: Any) -> int:
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_USES:
        raise ValueError(f"is a whole number from 0 to {MOST_USES}")
    return number


def read_seconds(value: Any) -> int:
    """Milliseconds. None and an empty cell are 0."""
    return round(_time(value) * 1000)


def read_minutes(value: Any) -> int:
    """Milliseconds, likewise."""
    return round(_time(value, 60) * 60_000)


def _time(value: Any, unit: int = 1) -> Decimal:
    if value is None or value == "":
        return Decimal(0)
    try:
        number = Decimal(value) if isinstance(value, str | int | Decimal) else None
    except ArithmeticError:
        number = None
    if isinstance(value, bool) or number is None or not number.is_finite():
        raise ValueError("is a number such as 12 or 12.5")
    if not 0 <= number <= MOST_SECONDS // unit:
        raise ValueError(f"is a number from 0 to {MOST_SECONDS // unit}")
    return number


def _text(value: Any) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not text.strip():
        raise ValueError("is a text that is not empty")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"has at most {LONGEST_TEXT} characters")
    if any(ord(letter) < ord(" ") for letter in text):
        raise ValueError("holds a control character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half a character") from None
    return text
