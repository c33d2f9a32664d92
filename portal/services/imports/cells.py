"""How a cell's text becomes a value. Each reader raises ValueError with a sentence."""

import re
from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from zoneinfo import available_timezones

from portal.domain.early_warning import is_calendar

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
MOST_SEATS = 10_000_000
MOST_MONEY = Decimal("999999999999.99")
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
YES, NO = {"yes", "true", "1"}, {"no", "false", "0"}


def text(longest: int, *, needed: bool = False) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if needed and not cell:
            raise ValueError("must not be empty")
        if len(cell) > longest:
            raise ValueError(f"longer than {longest} characters")
        if "\x00" in cell:
            raise ValueError("holds a zero character")
        return cell

    return read


def account_key(cell: str) -> str:
    if not KEY.fullmatch(cell):
        raise ValueError("must be letters, digits, dot, dash or underscore, at most 120")
    return cell


def other_account(cell: str) -> str | None:
    """The key of another account, or none."""
    return account_key(cell) if cell else None


def one_of(choices: Collection[str], default: str | None = None) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if not cell and default is not None:
            return default
        if cell not in choices:
            raise ValueError(f"{cell!r} is none of {', '.join(choices)}")
        return cell

    return read


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def time_zone(cell: str) -> str:
    if cell not in _zones():
        raise ValueError(f"{cell!r} is no IANA time zone such as Europe/Berlin")
    return cell


def seats(cell: str) -> int | None:
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit()) or not 0 < int(cell[:9]) <= MOST_SEATS:
        raise ValueError(f"{cell!r} is no whole number from 1 to {MOST_SEATS}")
    return int(cell)


def money(cell: str) -> Decimal | None:
    if not cell:
        return None
    try:
        amount = Decimal(cell)
    except InvalidOperation:
        raise ValueError(f"{cell!r} is no amount such as 12000.00") from None
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY:
        raise ValueError(f"{cell!r} is no amount from 0 to {MOST_MONEY}")
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError("at most two decimals")
    return amount.quantize(Decimal("0.01"))


def calendar(cell: str) -> str:
    """Whose public holidays are kept."""
    if cell and not is_calendar(cell.upper()):
        raise ValueError(f"{cell!r} has no calendar of holidays; known are such as NO or DE-BY")
    return cell.upper()


def currency(cell: str) -> str | None:
    if cell and not re.fullmatch(r"[A-Z]{3}", cell):
        raise ValueError(f"{cell!r} is no currency code such as EUR")
    return cell or None


def day(cell: str) -> date | None:
    if not cell:
        return None
    try:
        found = date.fromisoformat(cell) if len(cell) == len("2026-01-31") else None
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= LATEST:
        raise ValueError(f"{cell!r} is no date such as 2026-01-31")
    return found


def needed_day(cell: str) -> date:
    found = day(cell)
    if found is None:
        raise ValueError("must not be empty")
    return found


def flag(cell: str) -> bool:
    if cell.lower() not in YES | NO:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return cell.lower() in YES


def weekly_target(cell: str) -> Decimal | None:
    """Uses per person and week."""
    if not cell:
        return None
    try:
        target = Decimal(cell)
    except InvalidOperation:
        raise ValueError(f"{cell!r} is no number") from None
    if not target.is_finite() or not Decimal("0.001") <= target <= Decimal(999_999):
        raise ValueError(f"{cell!r} is no number above 0")
    return target.quantize(Decimal("0.001"))


def email(cell: str) -> str:
    if cell and not re.fullmatch(r"[^@\s]+@[^@\s]+", cell):
        raise ValueError(f"{cell!r} is no mail address")
    return text(254)(cell)
