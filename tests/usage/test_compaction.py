"""The log of past days packed: smaller, and read as before."""

import gzip
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.db import Database
from portal.models import UsageLog
from portal.services.ingest import accept, accept_lines
from portal.tenancy import system_scope
from portal.usage import compaction, log_rows
from portal.usage.compaction import compact
from portal.usage.comparison import compare_with_log
from portal.usage.fold import fold_pending
from portal.usage.log_rows import PACK, Logged, read_log_rows
from portal.usage.reading import LogRow, unpack
from portal.usage.rebuild import rebuild
from portal.usage.wire import check_request
from tests.usage.brute_force import truth_of
from tests.usage.checks import assert_exact
from tests.usage.sample import NOW, load_lists, make_sample, send, send_all

TOMORROW = NOW + timedelta(days=1)
NEWEST = 2**40


def read_all(database: Database, after: int = 0, until: int = NEWEST) -> list[LogRow]:
    with database.session(system_scope(NOW, "test")) as session:
        return [row for some in read_log_rows(session, after, until) for row in some]


def messages_of(rows: list[LogRow]) -> list[object]:
    return [
        (row.id, row.received_at, row.bound_id, row.key_id, row.messages, row.kind, unpack(row))
        for row in rows
    ]


def sizes(database: Database) -> tuple[int, int]:
    """Rows and bytes."""
    with database.session(system_scope(NOW, "test")) as session:
        row = session.execute(
            select(func.count(), func.sum(func.length(UsageLog.body))).select_from(UsageLog)
        ).one()
        return int(row[0]), int(row[1])


def test_packed_requests_are_read_as_they_came(database: Database) -> None:
    sample = make_sample(bursts=60)
    load_lists(database, sample)
    send_all(database, sample.events[::2])
    # All the forms in which requests lie there: small and large, gzip, files.
    text = json.dumps({"batch": sample.events[1:41:2]}).encode()
    accept(database, check_request(gzip.compress(text), "batch"), NOW)
    one = json.dumps(sample.events[41]).encode()
    accept(database, check_request(one, "track"), NOW)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        lines = [json.dumps(event).encode() + b"\n" for event in sample.events]
        list(accept_lines(session, iter([*lines, b"\xff no text\n", b"\n"])))
    fold_pending(database, NOW)
    send(database, sample.events[:5], TOMORROW)
    fold_pending(database, TOMORROW)
    before, was = messages_of(read_all(database)), sizes(database)
    assert compact(database, NOW).requests == 0
    report = compact(database, TOMORROW)
    assert (report.requests, report.packs, report.left) == (was[0] - 1, 1, 0)
    assert messages_of(read_all(database)) == before
    assert sizes(database)[0] == 2
    assert sizes(database)[1] < was[1] * 0.5
    assert compact(database, TOMORROW).requests == 0
    assert_exact(database, truth_of(sample))
    rebuild(database, TOMORROW)
    assert_exact(database, truth_of(sample))


def test_a_reader_goes_on_within_a_pack(database: Database) -> None:
    sample = make_sample(bursts=20)
    load_lists(database, sample)
    for event in sample.events[:6]:
        send(database, [event])
        fold_pending(database, NOW)
    plain = read_all(database)
    compact(database, TOMORROW)
    assert sizes(database)[0] == 1
    for middle in range(8):
        found = read_all(database, 0, middle) + read_all(database, middle)
        assert [row.id for row in found] == [row.id for row in plain]


def test_what_comes_between_packs_keeps_its_place(database: Database) -> None:
    sample = make_sample(bursts=20)
    load_lists(database, sample)
    for day in range(3):
        for event in sample.events[day * 4 : day * 4 + 4]:
            send(database, [event], NOW + timedelta(days=day))
        fold_pending(database, NOW + timedelta(days=day))
        compact(database, NOW + timedelta(days=day))
    before = [row.id for row in read_all(database)]
    # Of a day that was packed before, and folded only now.
    send(database, sample.events[20:24], NOW)
    fold_pending(database, TOMORROW)
    compact(database, NOW + timedelta(days=9))
    after = [row.id for row in read_all(database)]
    assert after[: len(before)] == before
    assert sizes(database)[0] == 4
    assert compare_with_log(database, NOW).differences == []


def test_a_run_that_changed_meanwhile_is_left(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = make_sample(bursts=20)
    load_lists(database, sample)
    send_all(database, sample.events)
    fold_pending(database, NOW)
    packed = log_rows.packed

    def change(requests: list[Logged], level: int) -> bytes:
        with database.session(system_scope(NOW, "test"), writes=True) as session:
            first = min(one.row.id for one in requests)
            session.execute(update(UsageLog).where(UsageLog.id == first).values(body=b"{}"))
            session.commit()
        return packed(requests, level)

    monkeypatch.setattr(compaction, "packed", change)
    assert compact(database, TOMORROW).left == 1
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(UsageLog.id).where(UsageLog.kind == PACK)).all() == []
