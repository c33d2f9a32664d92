"""Any order, any copies, any split into requests, any moment of death, sealing at any moment in
between, archived or not: always the same figures, and those of plain Python.
"""

import random
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import Account
from portal.tenancy import system_scope
from portal.usage.archiving import archive
from portal.usage.comparison import compare_with_log
from portal.usage.fold import fold_pending
from portal.usage.person_uses import read_name_uses
from portal.usage.queries import read_days, read_name_days, read_seen, read_slots
from portal.usage.rebuild import rebuild
from portal.usage.sealing import seal
from tests.databases import closing, open_database
from tests.postgres import Server
from tests.usage.sample import NOW, send

ZONES = [
    "UTC",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
]
# Clocks go forward and back in some of the zones; 29 February; the turn of a year.
DAYS = [
    date(2024, 2, 29),
    date(2024, 11, 3),
    date(2025, 12, 31),
    date(2026, 3, 8),
    date(2026, 4, 5),
    date(2026, 5, 28),
]
ONE_DAY = timedelta(days=1)
LATER = NOW + 200 * ONE_DAY


class Died(BaseException):
    """Nobody catches it."""


@dataclass(frozen=True)
class One:
    """An event. `minute` counts from the local midnight that begins the day of its zone."""

    number: int
    account: int
    person: int
    day: date
    minute: int
    name: str
    call: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(ZONES[self.account])

    @property
    def at(self) -> datetime:
        midnight = datetime(self.day.year, self.day.month, self.day.day, tzinfo=self.zone)
        return midnight.astimezone(UTC) + timedelta(minutes=self.minute, seconds=self.number % 60)

    def message(self) -> dict[str, Any]:
        return {
            "type": "track",
            "messageId": f"m{self.number}",
            "userId": f"u{self.person}",
            "event": self.name,
            "timestamp": self.at.isoformat().replace("+00:00", "Z"),
            "context": {"groupId": ZONES[self.account]},
            "properties": {"channel": "api" if self.call else "web", "integration": "sap"},
        }


Acts = list[tuple[str, int | None]]
# Around midnight, where a day's time online waits for the next, and around all hours.
MIDNIGHT = range(-31, 32)
HOURS = [119, 120, 180, 1409, 1410, 1439, 1440, *range(0, 1500, 7)]


def course_of(source: random.Random) -> tuple[list[One], list[tuple[list[One], Acts]]]:
    """Events, and the requests in which they and copies of them come, with what is done after
    each. Few accounts, persons and days, so that much falls together.
    """
    accounts, day = source.choices(range(len(ZONES)), k=2), source.choice(DAYS)
    minutes = source.choice([MIDNIGHT, HOURS, [*MIDNIGHT, *HOURS]])
    found = [
        One(
            number,
            source.choice(accounts),
            source.randrange(2),
            source.choice([day, day, day, day + ONE_DAY]),
            source.choice(minutes),
            source.choice(["Report Run", "Order Created", "Sync Done"]),
            source.random() < 0.3,
        )
        for number in range(source.randrange(1, 30))
    ]
    left = found + source.choices(found, k=8)
    source.shuffle(left)
    requests = []
    while left:
        size = source.randrange(1, 7)
        requests.append((left[:size], [_drawn(source) for _ in range(source.randrange(3))]))
        left = left[size:]
    return found, requests


def _drawn(source: random.Random) -> tuple[str, int | None]:
    """Fold or seal, to the end or killed before the commit of that number."""
    return source.choice(["fold", "fold", "seal"]), source.choice([None, None, 0, 1, 2, 3])


@pytest.fixture(scope="module")
def with_accounts(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("any") / "paceline.db"
    shutil.copy(sqlite_template, file)
    database = open_database(f"sqlite:///{file}")
    _add_accounts(database)
    database.dispose()
    return file


def _add_accounts(database: Database) -> None:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        for zone in ZONES:
            session.add(Account(key=zone, name=zone, time_zone=zone, created_at=NOW))
        session.commit()


@contextmanager
def fresh(file: Path, folder: Path) -> Iterator[Database]:
    for old in folder.glob("again*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copy(file, folder / "again.db")
    database = open_database(f"sqlite:///{folder / 'again.db'}")
    try:
        yield database
    finally:
        database.dispose()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_any_way(seed: int, with_accounts: Path, tmp_path: Path) -> None:
    """By a seed: strategies would repeat themselves, and seldom have neighbours meet."""
    with fresh(with_accounts, tmp_path) as database:
        _check_way(database, seed)


@settings(
    max_examples=4,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_any_way_on_postgresql(seed: int, postgres: Server, postgres_with_tables: str) -> None:
    """The same, in one database whose tables are emptied each time; few ways, as they take long."""
    try:
        with closing(open_database(postgres_with_tables)) as database:
            _add_accounts(database)
            _check_way(database, seed)
    finally:
        postgres.empty(postgres_with_tables.rpartition("/")[2].partition("?")[0])


def _check_way(database: Database, seed: int) -> None:
    events, requests = course_of(random.Random(seed))
    for some, done in requests:
        send(database, [one.message() for one in some])
        for act, killed_at in done:
            _act(database, act, killed_at)
    fold_pending(database, NOW)
    assert_figures(database, events)
    seal(database, NOW)
    assert_figures(database, events)
    assert compare_with_log(database, NOW).differences == []
    if seed % 4 == 0:
        _check_archived(database, events)


def _check_archived(database: Database, events: Sequence[One]) -> None:
    """Months later all of it lies in the archive, and tells the same."""
    seal(database, LATER)
    assert archive(database, LATER).events == len(events)
    rebuild(database, LATER)
    assert_figures(database, events)
    assert compare_with_log(database, LATER).differences == []


def _act(database: Database, act: str, killed_at: int | None) -> None:
    with killing(database, killed_at), suppress(Died):
        (fold_pending if act == "fold" else seal)(database, NOW)


@contextmanager
def killing(database: Database, at: int | None) -> Iterator[None]:
    """No commit from that number on: what was not committed is lost, as if killed."""
    seen = 0

    def count(_session: Session) -> None:
        nonlocal seen
        seen += 1
        if at is not None and seen > at:
            raise Died

    event.listen(database._sessions, "before_commit", count)
    try:
        yield
    finally:
        event.remove(database._sessions, "before_commit", count)


def assert_figures(database: Database, events: Sequence[One]) -> None:
    with database.session(system_scope(NOW, "test")) as session:
        ids = {row.key: row.id for row in session.execute(select(Account.key, Account.id))}
        for number, zone in enumerate(ZONES):
            own = [one for one in events if one.account == number]
            assert _shown(session, ids[zone]) == _truth(own, ZoneInfo(zone)), zone


def _shown(session: Session, account: int) -> dict[date, Any]:
    """Of each day that has anything; below no day how often each person used each name."""
    people = {seen.number: name for name, seen in read_seen(session, account).items()}
    found: dict[date, Any] = {}
    first, last = min(DAYS) - 3 * ONE_DAY, max(DAYS) + 3 * ONE_DAY
    slots = read_slots(session, account, first, last)
    for day in read_days(session, account, first, last):
        if day.events:
            marks = {(people[one // 1536], one % 1536) for one in slots[day.day]}
            users = {people[one] for one in day.users}
            facts = day.events, day.calls, day.integrations.get("sap", 0), day.online_minutes
            found[day.day] = {"": (*facts, users, marks)}
    for row in read_name_days(session, [account], first, last):
        found[row.day][row.name] = (row.events, {people[one] for one in row.users})
    for name, uses in read_name_uses(session, account, first, last).items():
        assert not uses.loose
        each = {people[one]: times for one, times in enumerate(uses.totals.tolist()) if times}
        found.setdefault(date.min, {})[name] = each
    return found


def _truth(own: Sequence[One], zone: ZoneInfo) -> dict[date, Any]:
    found: dict[date, Any] = {}
    for day in {one.at.astimezone(zone).date() for one in own}:
        begin = datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() // 60
        that = [one for one in own if one.at.astimezone(zone).date() == day]
        calls = sum(one.call for one in that)
        users = {f"u{one.person}" for one in that}
        marks = {(f"u{one.person}", int(one.at.timestamp() // 60 - begin)) for one in that}
        found[day] = {"": (len(that), calls, calls, _online(own, day, zone), users, marks)}
        for name in {one.name for one in that}:
            uses = [one for one in that if one.name == name]
            found[day][name] = (len(uses), {f"u{one.person}" for one in uses})
    for name in {one.name for one in own}:
        each = Counter(f"u{one.person}" for one in own if one.name == name)
        found.setdefault(date.min, {})[name] = dict(each)
    return found


def _online(own: Sequence[One], day: date, zone: ZoneInfo) -> int:
    total = 0
    for person in {one.person for one in own}:
        marks = sorted({int(one.at.timestamp()) // 60 for one in own if one.person == person})
        for one, other in pairwise(marks):
            local = datetime.fromtimestamp(one * 60, zone).date()
            total += (other - one) * (other - one <= 30 and local == day)
    return total
