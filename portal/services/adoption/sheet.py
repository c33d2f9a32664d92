"""What the rollups know of one account over a run of days: each kind is read once, when it is
first asked for, however many figures follow from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.metrics import MONTH_DAYS
from portal.models import Person
from portal.services.adoption.window import Window
from portal.usage.bitmaps import union_of
from portal.usage.event_rules import by_feature, read_activation, read_resolver
from portal.usage.queries import (
    EARLIEST,
    ONE_DAY,
    DayRow,
    Entitled,
    FeatureRow,
    NameDayRow,
    Provisioned,
    SeenPerson,
    feature_rows,
    provisioned_of,
    read_days,
    read_entitled,
    read_name_days,
    read_seen,
    read_slots,
    sum_names,
)

MONTH_BEFORE = timedelta(days=MONTH_DAYS - 1)
"""What a day's MAU reaches back."""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody on the account's list, provisioned or no longer, or not yet."""

    external_id: str
    name: str
    email: str
    team: str
    active_from: date
    active_until: date | None

    def provisioned_on(self, day: date) -> bool:
        return self.active_from <= day and (self.active_until is None or self.active_until > day)


class Sheet:
    """Days from `first`, events by name from `names_from`, minutes from `slots_from`, each up to
    `last` (of the minutes one day more: they follow persons over midnight).
    """

    def __init__(
        self,
        session: Session,
        asked: Window,
        *,
        first: date,
        names_from: date | None = None,
        slots_from: date | None = None,
    ) -> None:
        self.account = asked.account
        self.first, self.last = first, asked.last
        self._names_from, self._slots_from = names_from or asked.first, slots_from or asked.first
        self._session = session
        self._features: dict[tuple[date, date], list[FeatureRow]] = {}
        self._provisioned: dict[date, Provisioned] = {}

    def days(self, first: date, last: date) -> list[DayRow]:
        return self._days[(first - self.first).days : (last - self.first).days + 1]

    def features(self, first: date, last: date) -> list[FeatureRow]:
        """Those that the account is entitled to, in the catalogue's order."""
        found = self._features.get((first, last))
        if found is None:
            inside = sum_names(one for one in self._names if first <= one.day <= last)
            found = feature_rows(self._entitled, by_feature(read_resolver(self._session), inside))
            self._features[first, last] = found
        return found

    def slots(self, first: date, last: date) -> dict[date, Any]:
        return {day: slots for day, slots in self._slots.items() if first <= day <= last}

    def provisioned(self, window: Window) -> Provisioned:
        """On the window's last day."""
        found = self._provisioned.get(window.last)
        if found is None:
            listed = [one for one in self.listed if one.provisioned_on(window.last)]
            found = self._provisioned[window.last] = self.provisioned_among(listed, window)
        return found

    def provisioned_among(self, listed: Iterable[ListedPerson], window: Window) -> Provisioned:
        """What holds of these persons alone, all of them provisioned on the window's last day."""
        ids = [one.external_id for one in listed]
        return provisioned_of(ids, self.seen, window.until, self._activated(window.last))

    def _activated(self, day: date) -> Any:
        """Who had an activation event by the day's end; None where the vendor names none."""
        if self._activations is None:
            return None
        return union_of([one.users for one in self._activations if one.day <= day])

    @cached_property
    def _activations(self) -> list[NameDayRow] | None:
        named = read_activation(self._session)
        if named is None:
            return None
        found = read_name_days(self._session, [self.account.id], EARLIEST, self.last, named)
        return list(found)

    @cached_property
    def _days(self) -> list[DayRow]:
        return read_days(self._session, self.account.id, self.first, self.last)

    @cached_property
    def _names(self) -> list[NameDayRow]:
        account = [self.account.id]
        return list(read_name_days(self._session, account, self._names_from, self.last))

    @cached_property
    def _entitled(self) -> list[Entitled]:
        return read_entitled(self._session, self.account.id)

    @cached_property
    def _slots(self) -> dict[date, Any]:
        return read_slots(self._session, self.account.id, self._slots_from, self.last + ONE_DAY)

    @cached_property
    def listed(self) -> list[ListedPerson]:
        wanted = select(
            Person.external_id,
            Person.name,
            Person.email,
            Person.team,
            Person.active_from,
            Person.active_until,
        ).where(Person.account_id == self.account.id)
        return [ListedPerson(*row) for row in self._session.execute(wanted)]

    @cached_property
    def seen(self) -> dict[str, SeenPerson]:
        return read_seen(self._session, self.account.id)


def sheet_of(session: Session, window: Window) -> Sheet:
    """All that figures of one window need."""
    return Sheet(session, window, first=window.first - MONTH_BEFORE)
