"""A refold reads the log once for all of its slices, and notices when that is not enough."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, update

from portal.db import Database
from portal.models import Account, UsageLog, UsageRun
from portal.tenancy import system_scope
from portal.usage import replay as replaying
from portal.usage.comparison import compare_with_log
from portal.usage.facts import stored_facts
from portal.usage.fold import fold_pending
from portal.usage.log_rows import read_log_rows
from portal.usage.parting import PartedLog, part_log
from portal.usage.rebuild import rebuild
from portal.usage.refold import refold_slice, refold_state
from tests.usage.sample import NOW, Sample, load_lists, make_sample, send_all
from tests.usage.test_conditions import add_rules, check, conditioned, finish


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(bursts=40)


@pytest.fixture
def filled(database: Database, sample: Sample) -> Database:
    load_lists(database, sample)
    send_all(database, sample.events[: len(sample.events) // 2])
    fold_pending(database, NOW)
    return database


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the log's rows, as often as they are read."""
    found: list[int] = []

    def noted(*given: Any) -> Iterator[Any]:
        for rows in read_log_rows(*given):
            found.extend(row.id for row in rows)
            yield rows

    monkeypatch.setattr(replaying, "read_log_rows", noted)
    return found


def test_the_log_is_read_once_for_all_slices(
    filled: Database, sample: Sample, read: list[int]
) -> None:
    add_rules(filled)
    assert finish(filled, 1) == 4
    with filled.session(system_scope(NOW, "test")) as session:
        assert len(read) == len(set(read)) == session.scalar(select(func.count(UsageLog.id)))
    check(filled, sample, conditioned, 0.5)
    assert compare_with_log(filled, NOW).differences == []


def test_how_much_of_the_log_is_read_is_seen_while_it_is_read(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def one_by_one(*given: Any) -> Iterator[Any]:
        for rows in read_log_rows(*given):
            for row in rows:
                yield [row]
                with filled.session(system_scope(NOW, "reader")) as session:
                    state = refold_state(session)
                assert state is not None
                seen.append((state.read, state.messages, state.done))

    monkeypatch.setattr(replaying, "read_log_rows", one_by_one)
    add_rules(filled)
    assert refold_slice(filled, NOW, most_rows=1)
    with filled.session(system_scope(NOW, "test")) as session:
        whole = session.scalar(select(func.sum(UsageLog.messages)))
        state = refold_state(session)
    assert state is not None
    reads = [read for read, _messages, _done in seen]
    assert reads == sorted(reads)
    assert len(set(reads)) > 2
    assert {messages for _read, messages, _done in seen} == {whole} == {reads[-1]}
    assert {done for *_, done in seen} == {0}
    assert (state.done, state.is_reading) == (1, False)


def test_what_comes_between_slices_counts(
    filled: Database, sample: Sample, read: list[int]
) -> None:
    add_rules(filled)
    assert refold_slice(filled, NOW, most_rows=1)
    send_all(filled, sample.events[len(sample.events) // 2 :])
    fold_pending(filled, NOW)
    before = len(read)
    finish(filled)
    assert read[before:]
    assert not set(read[before:]) & set(read[:before])
    check(filled, sample, conditioned)
    assert compare_with_log(filled, NOW).differences == []


def test_another_process_goes_on(filled: Database, sample: Sample) -> None:
    add_rules(filled)
    assert refold_slice(filled, NOW, most_rows=1)
    other = Database(filled.url)
    finish(other)
    other.dispose()
    check(filled, sample, conditioned, 0.5)


def ids_of(database: Database) -> list[int]:
    with database.session(system_scope(NOW, "test")) as session:
        return sorted(session.scalars(select(Account.id)))


def test_made_from_parts_is_made_from_the_log(filled: Database, sample: Sample) -> None:
    accounts = ids_of(filled)
    with filled.session(system_scope(NOW, "test")) as session:
        parted = part_log(session, [accounts[:2], accounts[2:]])
    send_all(filled, sample.events[len(sample.events) // 2 :])
    fold_pending(filled, NOW)
    for some in (accounts[:1], accounts[1:]):
        assert rebuild(filled, NOW, frozenset(some), parted).events
    with filled.session(system_scope(NOW, "test")) as session:
        made = stored_facts(session)
    rebuild(filled, NOW, frozenset(accounts))
    with filled.session(system_scope(NOW, "test")) as session:
        assert made == stored_facts(session)


def a_rule(database: Database) -> None:
    add_rules(database)


def an_erasure(database: Database) -> None:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(UsageRun(kind="erase", begun_at=NOW, ended_at=NOW))
        session.commit()


def another_key(database: Database) -> None:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        first = update(Account).where(Account.id == ids_of(database)[0])
        session.execute(first.values(key="another"))
        session.commit()


@pytest.mark.parametrize("change", [a_rule, an_erasure, another_key])
def test_it_no_longer_stands_for_the_log_after(
    filled: Database, change: Callable[[Database], None]
) -> None:
    def stands(parted: PartedLog) -> bool:
        with filled.session(system_scope(NOW, "test")) as session:
            return parted.stands(session)

    with filled.session(system_scope(NOW, "test")) as session:
        parted = part_log(session, [ids_of(filled)])
    assert stands(parted)
    change(filled)
    assert not stands(parted)
