"""The days of an account as a process has read them: what is over seldom changes, so it is read
and unpacked once, and after a fold only what that fold changed.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.event_rules import Resolver
from portal.domain.shelf import Shelf
from portal.models import UsageDay
from portal.tenancy import scope_of
from portal.usage.bitmaps import rolling_counts
from portal.usage.blocks import LENGTH
from portal.usage.daily import ONE_DAY, DayRow
from portal.usage.days import local_day
from portal.usage.event_rules import Used, read_resolver
from portal.usage.firsts import Firsts
from portal.usage.marks import Marks
from portal.usage.moments import microseconds
from portal.usage.queries import AccountRow, sum_used
from portal.usage.roster import Roster, read_roster
from portal.usage.together import Reach, Together, bytes_of, read_together

Day = TypeVar("Day")
TOGETHER = 8
"""Days whose sums by name are kept."""


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
    sums: dict[int, dict[str, Used]] = field(default_factory=dict)
    rolled: dict[tuple[int, int], int] = field(default_factory=dict)
    firsts: Firsts | None = None

    def missing(self, wanted: Reach) -> list[Reach]:
        """The runs of days that are still to be read."""
        lacking = [
            {day for day in wanted.days(first) if day not in kept}
            for kept, first in (
                (self.rows, wanted.first),
                (self.names, wanted.names_from),
                (self.marks, wanted.slots_from),
            )
        ]
        found = []
        for first, last in _runs(sorted(set[date]().union(*lacking))):
            names, slots = (
                min((day for day in lacks if first <= day <= last), default=None)
                for lacks in lacking[1:]
            )
            found.append(Reach(first, names, slots, last))
        return found

    def add(self, found: Together) -> None:
        rows = _new(found.rows, self.rows)
        names, marks = _new(found.names, self.names), _new(found.marks, self.marks)
        self.rows.update(rows)
        self.names.update(names)
        self.marks.update(marks)
        self.size += bytes_of(rows.values(), names.values(), marks.values())
        if found.firsts is not None:
            self.firsts = found.firsts
            self.size += found.firsts.days.nbytes

    def used(self, first: date, last: date) -> dict[str, Used]:
        """By name the events and persons of these days, which are there. Added up eight at a time
        for whoever asks next: windows differ by their ends.
        """
        parts, day, end = [], first.toordinal(), last.toordinal()
        while day <= end:
            if day % TOGETHER or day + TOGETHER - 1 > end:
                parts.append(self.names[date.fromordinal(day)])
                day += 1
            else:
                parts.append(self._eight(day))
                day += TOGETHER
        return sum_used(parts)

    def distinct(self, first: date, last: date, width: int) -> list[int]:
        """For each of these days the persons of the `width` days that it ends, which are there."""
        run = range(first.toordinal(), last.toordinal() + 1)
        lacking = [day for day in run if (width, day) not in self.rolled]
        if lacking:
            begin, end = lacking[0] - width + 1, lacking[-1]
            days = [self.rows[date.fromordinal(day)].users for day in range(begin, end + 1)]
            counts = rolling_counts(days, width)
            self.rolled.update(
                ((width, day), count)
                for day, count in zip(range(lacking[0], end + 1), counts, strict=True)
            )
        return [self.rolled[width, day] for day in run]

    def _eight(self, begin: int) -> dict[str, Used]:
        found = self.sums.get(begin)
        if found is None:
            run = (date.fromordinal(begin + index) for index in range(TOGETHER))
            found = self.sums[begin] = sum_used(self.names[day] for day in run)
            self.size += bytes_of((), (found,), ())
        return found


def _new(found: dict[date, Day], kept: dict[date, Day]) -> dict[date, Day]:
    return {day: one for day, one in found.items() if day not in kept}


def _runs(days: list[date]) -> list[tuple[date, date]]:
    """First and last of the days, which ascend: parted once, where they are farthest apart, if
    that is worth another reading.
    """
    if not days:
        return []
    gap, later = max(((b - a).days, b) for a, b in pairwise(days)) if days[1:] else (0, days[0])
    if gap <= LENGTH:
        return [(days[0], days[-1])]
    place = days.index(later)
    return [(days[0], days[place - 1]), (later, days[-1])]


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
    if shelf is None:
        asking = _Asking(session, account, wanted, activation)
        return asking.answered(held or _book(session, account, None))
    asking, key = _Asking(session, account, wanted.from_blocks(), activation), account.id
    known = held or shelf.find(("daybook", key))
    if known is not None and asking.is_answered_by(known):
        return known
    with shelf.making:
        found: Daybook | None = shelf.find(("daybook", key))
        book = asking.answered(held or _book(session, account, found))
        is_newest = found is None or found.version <= book.version
        if is_newest and _is_over(session, account, wanted.last):
            shelf.put(("daybook", key), book, book.size + book.roster.size)
    return book


def _is_over(session: Session, account: AccountRow, day: date) -> bool:
    now = microseconds(scope_of(session).now)
    return day.toordinal() < local_day(account.time_zone, now)


@dataclass(frozen=True, slots=True)
class _Asking:
    session: Session
    account: AccountRow
    wanted: Reach
    activation: bool

    @property
    def resolver(self) -> Resolver | None:
        by_name = self.wanted.names_from is not None or self.activation
        return read_resolver(self.session) if by_name else None

    def is_answered_by(self, book: Daybook) -> bool:
        if not _is_as_of(book, self.account) or book.missing(self.wanted):
            return False
        resolver = self.resolver
        if resolver is None:
            return True
        same = book.conditions == resolver.conditions
        return same and _asked(book, resolver, self.wanted.last) is None

    def answered(self, book: Daybook) -> Daybook:
        asked, resolver = None, self.resolver
        if resolver is not None:
            book = _with_conditions(book, resolver.conditions)
            asked = _asked(book, resolver, self.wanted.last)
        missing = book.missing(self.wanted)
        # Activation asks for all days up to the last.
        if asked is not None and (not missing or missing[-1].last != self.wanted.last):
            missing.append(Reach(self.wanted.last, None, None, self.wanted.last))
        for reach in missing:
            rules = asked if reach is missing[-1] else None
            account = self.account
            book.add(read_together(self.session, account.id, account.time_zone, reach, rules))
        return book


def _is_as_of(book: Daybook, account: AccountRow) -> bool:
    return (book.zone, book.version, book.roster.people_version) == (
        *(account.time_zone, account.ended_version, account.people_version),
    )


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
    return replace(book, names={}, sums={}, conditions=conditions)


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
    if _is_as_of(found, account):
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
        book.sums = {
            begin: sums
            for begin, sums in found.sums.items()
            if not any(begin <= day.toordinal() < begin + TOGETHER for day in changed)
        }
        names = (*book.names.values(), *book.sums.values())
        book.size = bytes_of(book.rows.values(), names, book.marks.values())
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
