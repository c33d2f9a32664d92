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
from portal.usage.daybook import Daybook, open_daybook
from portal.usage.event_rules import by_feature, read_resolver
from portal.usage.marks import Marks
from portal.usage.queries import (
    DayRow,
    Entitled,
    FeatureRow,
    Provisioned,
    SeenPerson,
    feature_rows,
    provisioned_of,
    read_entitled,
    read_seen,
    sum_used,
)
from portal.usage.roster import Roster
from portal.usage.together import Reach

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
    """Days from `first` up to the last one asked for. Events by name (from `names_from`) and
    minutes (from `slots_from`) are read with the days, or when they are asked for.
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
        self.first = first
        self._session = session
        self._reach = Reach(first, names_from, slots_from, asked.last)
        self._opened: Daybook | None = None
        self._features: dict[tuple[date, date], list[FeatureRow]] = {}
        self._provisioned: dict[date, Provisioned] = {}

    def days(self, first: date, last: date) -> list[DayRow]:
        rows = self._book().rows
        return [rows[day] for day in _run(first, last)]

    def distinct(self, first: date, last: date, width: int) -> list[int]:
        """For each of the days the persons of the `width` days that it ends."""
        return self._book().distinct(first, last, width)

    def marks(self, first: date, last: date) -> list[tuple[date, Marks]]:
        marks = self._book(slots_from=first).marks
        return [(day, marks[day]) for day in _run(first, last)]

    def features(self, first: date, last: date) -> list[FeatureRow]:
        """Those that the account is entitled to, in the catalogue's order."""
        found = self._features.get((first, last))
        if found is None:
            used = self._book(names_from=first).used(first, last)
            found = feature_rows(self._entitled, by_feature(read_resolver(self._session), used))
            self._features[first, last] = found
        return found

    def features_by_day(self, first: date, last: date) -> list[list[FeatureRow]]:
        """The same of each day by itself."""
        names = self._book(names_from=first).names
        resolver, entitled = read_resolver(self._session), self._entitled
        return [
            feature_rows(entitled, by_feature(resolver, sum_used([names[day]])))
            for day in _run(first, last)
        ]

    def provisioned(self, window: Window) -> Provisioned:
        """On the window's last day."""
        found = self._provisioned.get(window.last)
        if found is None:
            day, known = window.last, self.roster.known(window.last)
            used = self._activated(day)
            activated = (
                self.roster.activated(day, window.until) if used is None else len(known & used)
            )
            found = Provisioned(self.roster.count(day), known, activated, used is not None)
            self._provisioned[window.last] = found
        return found

    def provisioned_among(self, listed: Iterable[ListedPerson], window: Window) -> Provisioned:
        """What holds of these persons alone, all of them provisioned on the window's last day."""
        ids = [one.external_id for one in listed]
        return provisioned_of(ids, self.seen, window.until, self._activated(window.last))

    @property
    def roster(self) -> Roster:
        return self._book().roster

    def _activated(self, day: date) -> Any:
        """Who had an activation event by the day's end; None where the vendor names none."""
        resolver = read_resolver(self._session)
        if not resolver.names_activation:
            return None
        book = self._book()
        if book.firsts is None or not book.firsts.fit(resolver, self._reach.last):
            reach = self._reach
            book = open_daybook(self._session, self.account, reach, book, activation=True)
            self._opened = book
        firsts = book.firsts
        return None if firsts is None else firsts.persons(day)

    def _book(self, names_from: date | None = None, slots_from: date | None = None) -> Daybook:
        wanted = self._reach.widened(names_from, slots_from)
        if self._opened is None or wanted != self._reach:
            self._reach = wanted
            self._opened = open_daybook(self._session, self.account, wanted, self._opened)
        return self._opened

    @cached_property
    def _entitled(self) -> list[Entitled]:
        return read_entitled(self._session, self.account.id)

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
    """All that figures of one window need, but for minutes."""
    return Sheet(session, window, first=window.first - MONTH_BEFORE, names_from=window.first)


def whole_sheet(session: Session, window: Window) -> Sheet:
    """Minutes too."""
    first = window.first
    return Sheet(session, window, first=first - MONTH_BEFORE, names_from=first, slots_from=first)


def _run(first: date, last: date) -> list[date]:
    return [first + timedelta(days=index) for index in range((last - first).days + 1)]
