"""Old days are sealed: nothing that is read changes, whatever comes afterwards or meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from portal.db import Database
from portal.models import Account, UsageDay, UsageNameDay, UsageSealed, UsageSeen
from portal.services.usage_review import list_late, list_unknown_accounts
from portal.tenancy import system_scope
from portal.usage import sealing
from portal.usage.comparison import compare_with_log
from portal.usage.fold import fold_pending
from portal.usage.rebuild import rebuild, rebuild_moved
from portal.usage.sealing import KNOWN_FOR, seal
from tests.usage.brute_force import truth_of
from tests.usage.checks import assert_exact
from tests.usage.sample import NOW, ZONES, Sample, load_lists, make_sample, send, send_all

# The hashes of what came on NOW are dropped by then.
LATER = NOW + timedelta(days=KNOWN_FOR + 1)


def count(database: Database, model: Any) -> int:
    with database.session(system_scope(NOW, "test")) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def fold_sample(database: Database, sample: Sample, now: datetime = NOW) -> None:
    send_all(database, sample.events)
    fold_pending(database, now)


def test_sealed_days_are_read_as_before(database: Database) -> None:
    sample = make_sample(bursts=60)
    load_lists(database, sample)
    fold_sample(database, sample)
    report = seal(database, NOW)
    assert report.blocks >= len(ZONES)
    assert report.days == report.left == 0
    assert count(database, UsageDay) == count(database, UsageNameDay) == 0
    assert_exact(database, truth_of(sample))
    assert seal(database, NOW).blocks == 0


def test_late_events_count_exactly(database: Database) -> None:
    sample = make_sample(bursts=60)
    load_lists(database, sample)
    send(database, sample.events[::2])
    fold_pending(database, NOW)
    seal(database, NOW)
    # Both the new ones and copies of what is sealed.
    send_all(database, sample.events)
    fold_pending(database, NOW)
    assert count(database, UsageDay) > 0
    assert_exact(database, truth_of(sample))
    assert seal(database, NOW).blocks > 0
    assert count(database, UsageDay) == count(database, UsageNameDay) == 0
    assert_exact(database, truth_of(sample))


def test_what_nobody_can_tell_from_what_counts_is_kept_aside(database: Database) -> None:
    sample = make_sample(bursts=60)
    half = len(sample.events) // 2
    load_lists(database, sample)
    send(database, sample.events[:half])
    fold_pending(database, NOW)
    report = seal(database, LATER)
    assert report.days > 0
    assert count(database, UsageSeen) == 0
    send(database, sample.events[:half], LATER)
    folded = fold_pending(database, LATER)
    assert (folded.events, folded.late) == (0, half)
    first = Sample(sample.events[:half], sample.people, sample.seats)
    assert_exact(database, truth_of(first))
    with database.session(system_scope(NOW, "test")) as session:
        assert sum(row.messages for row in list_late(session)) == half
        assert {row.account_key for row in list_late(session)} <= set(ZONES)
        assert list_unknown_accounts(session) == []
    # Not brought back by themselves, and still there after a second look.
    assert fold_pending(database, LATER).attached == 0


def test_new_and_doubled_late_events_agree_with_the_log(database: Database) -> None:
    sample = make_sample(bursts=60)
    half = len(sample.events) // 2
    load_lists(database, sample)
    send(database, sample.events[:half])
    fold_pending(database, NOW)
    seal(database, LATER)
    send(database, sample.events, LATER)
    send(database, sample.events[half:], LATER)
    assert fold_pending(database, LATER).late > half
    assert compare_with_log(database, LATER).differences == []
    # The log knows each message again.
    rebuild(database, LATER)
    assert_exact(database, truth_of(sample))
    with database.session(system_scope(NOW, "test")) as session:
        assert list_late(session) == []


def test_history_from_before_what_was_forgotten_counts(database: Database) -> None:
    sample = make_sample(bursts=60)
    load_lists(database, sample)
    recent = [one for one in sample.events if one["timestamp"] >= "2026-03-25"]
    old = [one for one in sample.events if one["timestamp"] < "2026-03-25"]
    send(database, recent)
    fold_pending(database, NOW)
    seal(database, LATER)
    send(database, old, LATER)
    assert fold_pending(database, LATER).late == 0
    # Its hashes are kept for as long after it came.
    seal(database, LATER + timedelta(days=KNOWN_FOR - 1))
    send(database, old, LATER)
    assert fold_pending(database, LATER).events == 0
    assert_exact(database, truth_of(sample))


def test_a_new_zone_moves_sealed_days(database: Database) -> None:
    sample = make_sample(bursts=40)
    load_lists(database, sample)
    fold_sample(database, sample)
    seal(database, NOW)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        account = update(Account).where(Account.key == "acme").values(time_zone="Asia/Tokyo")
        session.execute(account)
        session.commit()
    assert len(rebuild_moved(database, NOW)) == 1
    assert_exact(database, truth_of(sample, zones={**ZONES, "acme": "Asia/Tokyo"}))


def test_a_fold_between_reading_and_writing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = make_sample(bursts=40)
    load_lists(database, sample)
    send(database, sample.events[::2])
    fold_pending(database, NOW)
    pack, pieces = sealing._pack, [sample.events[1::2]]

    def fold_meanwhile(unit: Any) -> Any:
        if pieces:
            send(database, pieces.pop())
            fold_pending(database, NOW)
        return pack(unit)

    monkeypatch.setattr(sealing, "_pack", fold_meanwhile)
    assert seal(database, NOW).blocks > 0
    assert not pieces
    assert_exact(database, truth_of(sample))


def test_folds_and_seals_at_the_same_time(database: Database) -> None:
    sample = make_sample(bursts=60)
    load_lists(database, sample)

    def work(piece: int) -> None:
        send(database, sample.events[piece::20])
        fold_pending(database, NOW)
        seal(database, NOW)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(20)))
    fold_pending(database, NOW)
    seal(database, NOW)
    assert count(database, UsageSealed) > 0
    assert_exact(database, truth_of(sample))


def test_recent_days_stay_hot(database: Database) -> None:
    load_lists(database, make_sample(bursts=0))
    event = {
        "type": "track",
        "event": "Report Run",
        "userId": "acme-1",
        "messageId": "m1",
        "timestamp": "2026-05-20T12:00:00Z",
        "context": {"groupId": "acme"},
    }
    send(database, [event])
    fold_pending(database, NOW)
    assert seal(database, datetime(2026, 6, 23, tzinfo=UTC)).blocks == 0
    assert seal(database, datetime(2026, 9, 1, tzinfo=UTC)).blocks == 1
