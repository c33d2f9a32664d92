"""Old events as columns: a fraction of the bytes, and every figure can be made of them again."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select, update

from portal.db import Database
from portal.domain.event_rules import make_rule, read_variant
from portal.models import Account, UsageArchive, UsageLog, UsageSeen
from portal.services.catalogue.rules import add_rule
from portal.tenancy import system_scope
from portal.usage import archiving
from portal.usage.archiving import ArchiveReport, archive
from portal.usage.compaction import compact
from portal.usage.comparison import compare_with_log
from portal.usage.facts import stored_facts
from portal.usage.fold import fold_pending
from portal.usage.log_rows import packed, read_log_rows, unpacked
from portal.usage.parting import part_log
from portal.usage.quarantine import count_late
from portal.usage.reading import unpack
from portal.usage.rebuild import rebuild, rebuild_moved
from portal.usage.retention import retain
from portal.usage.sealing import seal
from tests.usage.brute_force import truth_of
from tests.usage.checks import assert_exact
from tests.usage.sample import NOW, ZONES, Sample, load_lists, make_sample, send, send_all

# All hashes of the sample's days are forgotten by then, and all of its blocks are over.
LATER = NOW + timedelta(days=120)


def archived(database: Database, sample: Sample, **options: Any) -> ArchiveReport:
    send_all(database, sample.events)
    fold_pending(database, NOW)
    compact(database, LATER)
    seal(database, LATER)
    return archive(database, LATER, **options)


def facts(database: Database) -> dict[Any, Any]:
    """Of days, names, persons and accounts."""
    with database.session(system_scope(NOW, "test")) as session:
        found = stored_facts(session)
    return {key: fact for key, fact in found.items() if key[0] != "seen"}


def left_in_log(database: Database) -> list[dict[str, Any]]:
    with database.session(system_scope(NOW, "test")) as session:
        rows = [row for some in read_log_rows(session, 0, 2**40) for row in some]
    return [json.loads(bytes(raw)) for row in rows for raw in unpack(row)[1]]


@pytest.mark.parametrize("most", [1_000_000, 100])
def test_every_figure_can_be_made_of_it_again(database: Database, most: int) -> None:
    sample = make_sample(bursts=20)
    load_lists(database, sample)
    report = archived(database, sample, most_events=most)
    distinct = {one["messageId"] for one in sample.events}
    assert (report.events, report.left) == (len(distinct), 0)
    assert left_in_log(database) == []
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalar(select(func.count()).select_from(UsageSeen)) == 0
    assert archive(database, LATER) == ArchiveReport()
    before = facts(database)
    rebuild(database, LATER)
    assert facts(database) == before
    assert_exact(database, truth_of(sample))


def test_late_messages_wait_for_a_rebuild_and_count_once(database: Database) -> None:
    """Whether their days were forgotten only, or archived: copies of what had counted never do."""
    sample = make_sample(bursts=15)
    load_lists(database, sample)
    send_all(database, sample.events[::2])
    fold_pending(database, NOW)
    seal(database, LATER)
    # When the days were forgotten: copies, and messages nobody knows.
    send_all(database, sample.events[:20])
    assert fold_pending(database, LATER).late > 10
    assert archive(database, LATER).events > 10
    # When they were archived: all of it, some of it twice. A day that nobody had sent counts.
    send_all(database, [*sample.events, *sample.events[5:30]])
    assert fold_pending(database, LATER).late > len(sample.events) // 2
    assert compare_with_log(database, LATER).differences == []
    for _ in range(2):
        rebuild(database, LATER)
        assert_exact(database, truth_of(sample))
        assert late_messages(database) == 0
    # What counts by now is known still: copies are late, and leave no trace.
    send_all(database, sample.events[:40])
    folded = fold_pending(database, LATER)
    assert folded.events == 0
    assert late_messages(database) == folded.late > 0
    assert compare_with_log(database, LATER).differences == []
    seal(database, LATER)
    archive(database, LATER)
    rebuild(database, LATER)
    assert_exact(database, truth_of(sample))


def late_messages(database: Database) -> int:
    with database.session(system_scope(NOW, "test")) as session:
        return count_late(session)


def test_a_rebuild_of_some_accounts_counts_their_late_messages(database: Database) -> None:
    """From the log that was read once, as a refold does."""
    sample = make_sample(bursts=15)
    load_lists(database, sample)
    archived(database, replace(sample, events=sample.events[::2]))
    send_all(database, sample.events)
    fold_pending(database, LATER)
    with database.session(system_scope(NOW, "test")) as session:
        accounts = frozenset(session.scalars(select(Account.id)))
        parted = part_log(session, [accounts])
    rebuild(database, LATER, accounts, parted)
    assert_exact(database, truth_of(sample))
    assert late_messages(database) == 0


def test_beside_what_an_older_release_archived_late_messages_stay(database: Database) -> None:
    sample = make_sample(bursts=15)
    load_lists(database, sample)
    archived(database, replace(sample, events=sample.events[::2]))
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(UsageArchive).values(known=None))
        session.commit()
    send_all(database, sample.events)
    late = fold_pending(database, LATER).late
    before = facts(database)
    rebuild(database, LATER)
    assert facts(database) == before
    assert late_messages(database) == late > 0
    assert compare_with_log(database, LATER).differences == []


def test_a_day_that_nobody_had_sent_still_counts(database: Database) -> None:
    """And is archived in its turn, beside what is there."""
    sample = make_sample(bursts=15)
    load_lists(database, sample)
    archived(database, sample)
    days = {one["timestamp"][:10] for one in sample.events}
    new = dict(sample.events[0], messageId="new", timestamp="2026-02-20T10:00:00Z")
    assert "2026-02-20" not in days
    send(database, [new], LATER)
    assert fold_pending(database, LATER).events == 1
    before = facts(database)
    much_later = LATER + timedelta(days=120)
    assert archive(database, much_later).events == 0
    seal(database, much_later)
    assert archive(database, much_later).events == 1
    rebuild(database, much_later)
    assert facts(database) == before


def test_what_is_not_of_a_person_and_day_stays_in_the_log(database: Database) -> None:
    sample = make_sample(bursts=5)
    load_lists(database, sample)
    base: dict[str, Any] = {
        "userId": "acme-1",
        "context": {"groupId": "acme"},
        "timestamp": "2026-03-05T10:00:00Z",
    }
    kept: list[dict[str, Any]] = [
        {**base, "type": "identify", "traits": {"name": "Ada"}},
        {**base, "type": "group", "groupId": "acme", "messageId": "g"},
        {**base, "type": "track", "event": "Open", "context": {"groupId": "nowhere"}},
        {**base, "type": "track", "event": "Open", "timestamp": None, "messageId": "untimed"},
        {"type": "track", "event": "Open", "anonymousId": "a", "timestamp": "2026-03-05T10:00:00Z"},
        {**base, "type": "track", "messageId": "refused"},
    ]
    by_join = {"type": "track", "userId": "acme-1", "event": "Open", "messageId": "by join"}
    send(database, [*kept, dict(by_join, timestamp="2026-03-05T11:00:00Z")])
    archived(database, sample)
    assert left_in_log(database) == kept
    before = facts(database)
    rebuild(database, LATER)
    assert facts(database) == before
    assert compare_with_log(database, LATER).differences == []


def test_conditions_are_told_from_the_archive(database: Database) -> None:
    """By counting the same events again before and after."""
    sample = make_sample(bursts=15)
    load_lists(database, sample)
    for number, one in enumerate(sample.events):
        one["properties"].update({"plan": {"name": f"p{number % 3}"}, "size": number % 4 / 2})
    send_all(database, sample.events)
    fold_pending(database, NOW)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        for rule in (
            ("Order Created", "channel", "web"),
            ("S*", "duration_seconds", "2.5"),
            ("Sync Done", "plan.name", "p1"),
            ("Chat Opened", "size", "1"),
            ("Report Run", "nothing", "1"),
        ):
            add_rule(session, "orders", make_rule(*rule))
    rebuild(database, NOW)
    before = facts(database)
    assert sum(read_variant(key[-1])[1] != frozenset() for key in before if key[0] == "name") > 50
    archived(database, sample)
    rebuild(database, LATER)
    assert facts(database) == before


def test_nothing_happens_to_what_changed_meanwhile(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = make_sample(bursts=5)
    load_lists(database, sample)
    rows, levels = archiving._row, count(1)

    def change(*arguments: Any) -> Any:
        with database.session(system_scope(NOW, "test"), writes=True) as session:
            level = next(levels)
            for row in session.scalars(select(UsageLog)):
                row.body = packed(unpacked(row.body), level)
            session.commit()
        return rows(*arguments)

    monkeypatch.setattr(archiving, "_row", change)
    report = archived(database, sample)
    assert (report.events, report.blocks) == (0, 0)
    assert report.left > 0
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalar(select(func.count()).select_from(UsageArchive)) == 0


def test_raw_events_thrown_away_leave_the_archive_too(database: Database) -> None:
    sample = make_sample(bursts=15)
    load_lists(database, sample)
    archived(database, sample)
    before = facts(database)
    assert retain(database, LATER, 200).messages == 0
    assert retain(database, LATER, 14).messages == len({one["messageId"] for one in sample.events})
    rebuild(database, LATER)
    assert facts(database) == before
    send_all(database, sample.events)
    assert fold_pending(database, LATER).events == 0
    assert archive(database, LATER) == ArchiveReport()


def test_new_zones_are_told_from_the_archive(database: Database) -> None:
    sample = make_sample(bursts=20)
    load_lists(database, sample)
    archived(database, sample)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        account = update(Account).where(Account.key == "acme").values(time_zone="Asia/Tokyo")
        session.execute(account)
        session.commit()
    assert len(rebuild_moved(database, LATER)) == 1
    assert_exact(database, truth_of(sample, zones={**ZONES, "acme": "Asia/Tokyo"}))
