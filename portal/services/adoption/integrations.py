"""Integration calls, integration by integration."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.services.adoption.basis import Basis, basis_of
from portal.services.adoption.sheet import Sheet
from portal.services.adoption.window import Window, find_window
from portal.usage.queries import DayRow

UNNAMED = ""
"""Calls that came without the name of an integration, or beyond those that a day can name."""


@dataclass(frozen=True, slots=True)
class IntegrationUse:
    """Calls in the window and in the one before it; the days with any, and the last of them."""

    name: str
    calls: int
    calls_before: int
    days: int
    last_day: date | None


@dataclass(frozen=True, slots=True)
class CallsOfDay:
    """`names`: integration → calls; they add up to `calls`."""

    day: date
    calls: int
    names: dict[str, int]


@dataclass(frozen=True, slots=True)
class IntegrationCalls:
    """The busiest first, what came without a name last. `compared`: there was data before."""

    basis: Basis
    calls: int
    days: list[CallsOfDay]
    integrations: list[IntegrationUse]
    compared: bool

    @property
    def named(self) -> list[IntegrationUse]:
        return [one for one in self.integrations if one.name != UNNAMED]


def integration_calls(
    session: Session, account_key: str, as_of: date | None = None, window_days: int = 30
) -> IntegrationCalls:
    """Raises NotFound, Invalid."""
    window = find_window(session, account_key, as_of, window_days)
    before = Window(
        window.account,
        window.first - timedelta(days=window.days),
        window.first - timedelta(days=1),
    )
    sheet = Sheet(session, window, first=before.first)
    days = [_calls(row) for row in sheet.days(window.first, window.last)]
    earlier = [_calls(row) for row in sheet.days(before.first, before.last)]
    return IntegrationCalls(
        basis=basis_of(window),
        calls=sum(day.calls for day in days),
        days=days,
        integrations=_uses(days, _total(earlier)),
        compared=before.has_data,
    )


def _calls(row: DayRow) -> CallsOfDay:
    names = {name: calls for name, calls in row.integrations.items() if name != UNNAMED}
    rest = row.calls - sum(names.values())
    return CallsOfDay(row.day, row.calls, {**names, UNNAMED: rest} if rest else names)


def _total(days: list[CallsOfDay]) -> Counter[str]:
    total: Counter[str] = Counter()
    for day in days:
        total.update(day.names)
    return total


def _uses(days: list[CallsOfDay], before: Counter[str]) -> list[IntegrationUse]:
    total = _total(days)
    uses = []
    for name in {*total, *before}:
        active = [day.day for day in days if day.names.get(name)]
        last = active[-1] if active else None
        uses.append(IntegrationUse(name, total[name], before[name], len(active), last))
    return sorted(uses, key=lambda one: (one.name == UNNAMED, -one.calls, one.name))
