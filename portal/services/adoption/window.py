"""Which account and which days a question is about."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.tenancy import scope_of
from portal.usage.days import day_start, zone_of
from portal.usage.moments import moment_of
from portal.usage.queries import AccountRow, find_account

LONGEST_WINDOW = 800
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Window:
    """Days `first` to `last` of the account's zone, both included."""

    account: AccountRow
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def until(self) -> datetime:
        """The end of the last day, exclusive."""
        return moment_of(day_start(self.account.time_zone, self.last.toordinal() + 1))

    @property
    def coverage_days(self) -> int:
        """The window's days since the account's first event; 0 where it came later, or never."""
        if self.account.first_at is None:
            return 0
        begin = self.account.first_at.astimezone(zone_of(self.account.time_zone)).date()
        return max((self.last - max(begin, self.first)).days + 1, 0)

    @property
    def told_days(self) -> int:
        """The window's days of which usage was told as daily sums: no minute of them is known."""
        if self.account.told_bitmap is None:
            return 0
        return sum(1 for day in self.account.told if self.first <= day <= self.last)

    @property
    def has_data(self) -> bool:
        return self.coverage_days > 0


def last_full_day(time_zone: str, now: datetime) -> date:
    """Yesterday in the zone."""
    return now.astimezone(zone_of(time_zone)).date() - timedelta(days=1)


def find_window(
    session: Session, account_key: str, as_of: date | None = None, window_days: int = 30
) -> Window:
    """Raises NotFound and Invalid (as_of, window)."""
    if not 1 <= window_days <= LONGEST_WINDOW:
        raise _wrong("window", f"A window has 1 to {LONGEST_WINDOW} days.")
    account = _account(session, account_key)
    last = as_of or last_full_day(account.time_zone, scope_of(session).now)
    return Window(account, _checked(last) - timedelta(days=window_days - 1), last)


def find_run(session: Session, account_key: str, first: date, last: date) -> Window:
    """From `first` to `last`, both included. Raises NotFound and Invalid."""
    checked_run(first, last)
    return Window(_account(session, account_key), first, last)


def checked_run(first: date, last: date) -> None:
    """Raises Invalid."""
    if not 0 <= (_checked(last) - _checked(first)).days < LONGEST_WINDOW:
        raise _wrong("to", f"Choose a last day after the first, at most {LONGEST_WINDOW} days.")


def stamp(moment: datetime | None) -> str | None:
    """2026-01-31T08:00:00Z"""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _account(session: Session, key: str) -> AccountRow:
    account = find_account(session, key)
    if account is None:
        raise NotFound(f"There is no account {key[:120]}.")
    return account


def _checked(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise _wrong("as_of", f"A day from {EARLIEST} to {LATEST} is needed.")
    return day


def _wrong(name: str, message: str) -> Invalid:
    return Invalid(message, fields={name: message})
