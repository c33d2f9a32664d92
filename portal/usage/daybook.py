"""The days of an account as a process has read them: what is over seldom changes, so it is read
and unpacked once, and after a fold only what that fold changed.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.event_rules import Resolver
from portal.domain.shelf import Shelf
from portal.models import UsageDay
from portal.tenancy import scope_of
from portal.usage.daily import ONE_DAY, DayRow
from portal.usage.days import local_day
from portal.usage.event_rules import read_resolver
from portal.usage.firsts import Firsts
from portal.usage.marks import Marks
from portal.usage.moments import microseconds
from portal.usage.queries import AccountRow
from portal.usage.roster import Roster, read_roster
from portal.usage.together import Reach, Together, read_together


@dataclass(slots=True)
class Daybook:
    """`version` is the account's `ended_version` that the days are as of. Days may be added at any
    time, those that are there never change. Names tell the `conditions` (ids of rules) that history
    was counted by when they were read.
    """

    zone: str
    version: int
    roster: Roster
    told: frozenset[date] = frozenset()
    rows: dict[date, DayRow] = field(default_factory=dict)
    names: dict[date, dict[str, tuple[int, Any]]] = field(default_factory=dict)
    marks: dict[date, Marks] = field(default_factory=dict)
    size: int = 0
    conditions: frozenset[int] = frozenset()
    firsts: Firsts | None = None

    def missing(self, wanted: Reach) -> Reach | None:
        """The run of days that is still to be read; None where nothing is."""
        firsts = [
            _first_missing(kept, first, wanted.last)
            for kept, first in (
                (self.rows, wanted.first),
                (self.names, wanted.names_from),
                (self.marks, wanted.slots_from),
            )
        ]
        known = [one for one in firsts if one is not None]
        if not known:
            return None
        return Reach(min(known), firsts[1], firsts[2], wanted.last)

    def add(self, found: Together) -> None:
        for day, row in found.rows.items():
            self.rows.setdefault(day, row)
        for day, names in found.names.items():
            self.names.setdefault(day, names)
        for day, marks in found.marks.items():
            self.marks.setdefault(day, marks)
        self.size += found.size
        if found.firsts is not None:
            self.firsts = found.firsts
            self.size += found.firsts.days.nbytes


def _first_missing(kept: dict[date, Any], first: date | None, last: date) -> date | None:
    if first is None:
        return None
    run = (first + timedelta(days=index) for index in range((last - first).days + 1))
    return next((day for day in run if day not in kept), None)


def open_daybook(
    session: Session,
    account: AccountRow,
    wanted: Reach,
    held: Daybook | None = None,
    *,
    activation: bool = False,
) -> Daybook:
    """Holds all that is `wanted`; `held` is the one that the session works with already.
    `activation`: also who had an activation event when, which comes with names by itself.
    What is over by now is kept for the next reader of the process,
    unless the session writes: then it may see what nobody else does.
    """
    shelf = shelf_of(session)
    key = ("daybook", account.id)
    found: Daybook | None = shelf.find(key) if shelf is not None else None
    book = held or _book(session, account, found)
    asked = None
    if wanted.names_from is not None or activation:
        resolver = read_resolver(session)
        book = _with_conditions(book, resolver.conditions)
        asked = _asked(book, resolver, wanted.last)
    missing = book.missing(wanted)
    if missing is None and asked is not None:
        missing = Reach(wanted.last, None, None, wanted.last)
    if missing is not None:
        book.add(read_together(session, account.id, account.time_zone, missing, asked))
    if shelf is not None and (found is None or found.version <= book.version):
        now = scope_of(session).now
        today = date.fromordinal(local_day(account.time_zone, microseconds(now)))
        if wanted.last < today:
            shelf.put(key, book, book.size + book.roster.size)
    return book


def _asked(book: Daybook, resolver: Resolver, last: date) -> Resolver | None:
    """By which activation events are to be looked for; None where they are known, or any event
    is one.
    """
    if not resolver.names_activation:
        return None
    known = book.firsts is not None and book.firsts.fit(resolver, last)
    return None if known else resolver


def _with_conditions(book: Daybook, conditions: frozenset[int]) -> Daybook:
    """Without its names where events have been counted by other conditions since."""
    if book.conditions == conditions:
        return book
    return replace(book, names={}, conditions=conditions)


def shelf_of(session: Session) -> Shelf | None:
    """None for a session that writes, or is of no database's making."""
    database = session.info.get("database")
    if database is None or session.info.get("writes", True):
        return None
    shelf: Shelf = database.shelf
    return shelf


def _book(session: Session, account: AccountRow, found: Daybook | None) -> Daybook:
    version, people = account.ended_version, account.people_version
    if found is None or found.zone != account.time_zone or found.version > version:
        roster = read_roster(session, account.id, people)
        return Daybook(account.time_zone, version, roster, account.told)
    if found.version == version and found.roster.people_version == people:
        return found
    roster = read_roster(session, account.id, people)
    book = Daybook(account.time_zone, version, roster, account.told)
    if found.version == version or roster.continues(found.roster):
        changed = _changed(session, account, found) if found.version < version else set()
        book.rows = {day: row for day, row in found.rows.items() if day not in changed}
        book.names = {day: names for day, names in found.names.items() if day not in changed}
        # Minutes follow persons over midnight.
        book.marks = {
            day: marks
            for day, marks in found.marks.items()
            if day not in changed and day + ONE_DAY not in changed
        }
        book.size = found.size
        book.conditions = found.conditions
    return book


def _changed(session: Session, account: AccountRow, found: Daybook) -> set[date]:
    """Days that no longer have the events they had: whatever changes a day adds to them, or makes
    the day before longer. Sealed days are as they were when they were hot. Sums that were told may
    have moved from one person or event to another.
    """
    known = found.rows
    if not known:
        return set()
    wanted = select(UsageDay.day, UsageDay.events, UsageDay.online_minutes).where(
        UsageDay.account_id == account.id, UsageDay.day.between(min(known), max(known) + ONE_DAY)
    )
    more = {
        day
        for day, events, online in session.execute(wanted)
        if day in known and (known[day].events, known[day].online_minutes) != (events, online)
    }
    return more | (known.keys() & (found.told | account.told))
