"""The newest messages alone are compared where there are many: bounded work at any size, no false
alarm, and what is wrong in their days is found.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.models import Account, UsageDay, UsageLog
from portal.tenancy import system_scope
from portal.usage import recent
from portal.usage.compaction import compact
from portal.usage.comparison import Comparison, compare_with_log
from portal.usage.fold import fold_pending
from portal.usage.recent import narrow
from portal.usage.replay import replay_of
from portal.usage.sealing import seal
from tests.usage.sample import BEGIN, ZONES, load_lists, make_sample, send

END = BEGIN + timedelta(days=46)
MOST = 100
# Events are folded every three days.
PIECE = 3


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


@pytest.fixture
def filled(database: Database) -> Database:
    """As events come, day by day; those of one account name it by group calls at the beginning."""
    sample = make_sample(bursts=25)
    load_lists(database, sample)
    acme = [event for event in sample.events if event["context"] == {"groupId": "acme"}]
    persons = sorted({event["userId"] for event in acme})
    for event in acme:
        event["context"] = {}
    send(database, [join(person, "acme") for person in persons], on(BEGIN.date()))
    pieces: dict[date, list[dict[str, Any]]] = {}
    for event in sample.events:
        ordinal = datetime.fromisoformat(event["timestamp"]).date().toordinal()
        last = date.fromordinal(ordinal - ordinal % PIECE + PIECE - 1)
        pieces.setdefault(last, []).append(event)
    for last, events in sorted(pieces.items()):
        send(database, events, on(last))
        fold_pending(database, on(last))
    return database


def join(person: str, account: str) -> dict[str, Any]:
    return {
        "type": "group",
        "messageId": f"join {person}",
        "userId": person,
        "groupId": account,
        "timestamp": BEGIN.isoformat(),
    }


def compared(database: Database, *keys: str, most: int = MOST) -> Comparison:
    with database.session(system_scope(END, "test")) as session:
        ids = session.scalars(select(Account.id).where(Account.key.in_(keys or ZONES))).all()
    return compare_with_log(database, END, frozenset(ids), most)


def spoil(database: Database, key: str, day: date) -> None:
    with database.session(system_scope(END, "test"), writes=True) as session:
        account = session.scalars(select(Account.id).where(Account.key == key)).one()
        wrong = update(UsageDay).where(UsageDay.account_id == account, UsageDay.day == day)
        done: Any = session.execute(wrong.values(events=UsageDay.events + 1))
        assert done.rowcount == 1
        session.commit()


@pytest.mark.parametrize("packed", [False, True])
def test_the_newest_days_are_compared_without_a_false_alarm(
    filled: Database, *, packed: bool
) -> None:
    if packed:
        compact(filled, END + timedelta(days=2))
        seal(filled, END)
    found = compared(filled)
    assert found.differences == []
    assert found.first_day is not None
    assert BEGIN.date() + timedelta(days=25) < found.first_day < END.date() - timedelta(days=5)
    assert 0 < found.checked < compared(filled, most=10**9).checked


def test_what_is_wrong_in_these_days_is_found_and_before_them_not(filled: Database) -> None:
    with filled.session(system_scope(END, "test")) as session:
        days = select(UsageDay.day).join(Account, Account.id == UsageDay.account_id)
        acme = session.scalars(days.where(Account.key == "acme").order_by(UsageDay.day)).all()
    spoil(filled, "acme", acme[0])
    assert compared(filled).differences == []
    assert len(compared(filled, most=10**9).differences) == 1
    spoil(filled, "acme", acme[-1])
    (told,) = compared(filled).differences
    assert told.startswith(f"day acme {acme[-1]}: ")
    assert compared(filled, "globex").differences == []


def test_no_more_is_read_than_was_said(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled.session(system_scope(END, "test")) as session:
        sizes = session.execute(select(UsageLog.version, UsageLog.messages)).all()
    assert sum(size for _, size in sizes) > 3 * MOST
    largest = max(size for _, size in sizes)
    assert 0 < read(filled, MOST) <= MOST + 2 * largest
    monkeypatch.setattr(recent, "MOST_ROWS", 2)
    assert 0 < read(filled, 300) <= 3 * largest


def read(database: Database, most: int) -> int:
    """How many messages a narrowed replay reads."""
    told: list[int] = []
    with database.session(system_scope(END, "test")) as session:
        replay = replay_of(session, frozenset({1}))
        narrow(session, replay, END, most)
        replay.tell = told.append
        replay.read_log(session, 10**9)
    return sum(told)


def test_a_log_that_came_all_at_once_says_that_nothing_is_compared(database: Database) -> None:
    sample = make_sample(bursts=25)
    load_lists(database, sample)
    send(database, sample.events, END)
    fold_pending(database, END)
    found = compared(database)
    assert (found.checked, found.differences) == (0, [])
    assert found.first_day is not None
