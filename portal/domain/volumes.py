"""What a vendor may push as business volume (DOMAIN §2): the rules for each member of an item.

Readers raise ValueError with a sentence that follows the member's name.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from portal.domain.feature_names import feature_name

SERIES_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
LONGEST_ID, LONGEST_NAME, LONGEST_UNIT = 200, 120, 24
DECIMALS = 6
STEP = Decimal(1).scaleb(-DECIMALS)
MOST = Decimal("999999999999.999999")
# All items of a day together; what the stored integers hold.
MOST_A_DAY = 9 * Decimal("999999999999.999999")
MOST_SERIES = 50
EARLIEST = date(2000, 1, 1)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pushed:
    """One item: `value` is added to its series on `day`; a correction is below zero. Names and
    unit are None where the item says nothing of them.
    """

    id: str
    series: str
    day: date
    value: Decimal
    name_en: str | None = None
    name_zh: str | None = None
    unit: str | None = None


def read_series(value: Any) -> str:
    if not isinstance(value, str) or not SERIES_KEY.fullmatch(value):
        raise ValueError(
            "is a key of lower-case letters, digits, dot, dash or underscore, at most 80"
        )
    return value


def read_id(value: Any) -> str:
    return _text(value, LONGEST_ID, needed=True)


def read_name(value: Any) -> str | None:
    return None if value is None else _text(value, LONGEST_NAME)


def read_unit(value: Any) -> str | None:
    return None if value is None else _text(value, LONGEST_UNIT)


def _text(value: Any, longest: int, *, needed: bool = False) -> str:
    if not isinstance(value, str) or (needed and not value.strip()):
        raise ValueError("is a text that is not empty" if needed else "is a text")
    if len(value) > longest:
        raise ValueError(f"has at most {longest} characters")
    if any(ord(letter) < ord(" ") for letter in value):
        raise ValueError("holds a control character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half a character") from None
    return value.strip()


def read_value(value: Any) -> Decimal:
    """A JSON number or its text; never more digits than are kept, so nothing is ever rounded."""
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        raise ValueError("is a number such as 12 or 12.5")
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("is a number such as 12 or 12.5")  # noqa: TRY004 # all refusals are ValueErrors
    number = Decimal(value)
    if not number.is_finite() or abs(number) > MOST:
        raise ValueError(f"is a number from -{MOST} to {MOST}")
    if number != number.quantize(STEP):
        raise ValueError(f"has at most {DECIMALS} decimals")
    return number.quantize(STEP)


def read_day(value: Any, today: date) -> date:
    """2026-01-31, not after `today` in the account's zone."""
    try:
        day = date.fromisoformat(value) if DAY.fullmatch(str(value)) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("is a day such as 2026-01-31")
    return _possible(day, today)


def read_timestamp(value: Any, zone: tzinfo, today: date) -> date:
    """The day in the account's zone. A time stamp without an offset is the account's own time."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        local = moment.astimezone(zone) if moment is not None and moment.tzinfo else moment
    except (ValueError, OverflowError):
        local = None
    if local is None:
        raise ValueError("is an ISO 8601 time stamp such as 2026-01-31T08:00:00+01:00")
    return _possible(local.date(), today)


def _possible(day: date, today: date) -> date:
    if day < EARLIEST:
        raise ValueError(f"is before {EARLIEST}")
    if day > today:
        raise ValueError(f"is in the future: it is {today} there")
    return day


def series_name(locale: str, key: str, name_en: str, name_zh: str) -> str:
    """In the reader's language if it can be, else what there is."""
    return feature_name(locale, name_en, name_zh) or name_zh or key


def plain(value: Decimal) -> Decimal:
    """The same without zeros at its end and without an exponent: 412, -12.5"""
    return Decimal(f"{value.normalize():f}")


def change(total: Decimal, before: Decimal) -> float | None:
    """The difference as a share of what was before; None where that was not above zero."""
    return None if before <= 0 else float((total - before) / before)


def window_before(first: date, last: date) -> date:
    """The first day of the equally long time that ends on the day before `first`."""
    return first - (last - first) - timedelta(days=1)
