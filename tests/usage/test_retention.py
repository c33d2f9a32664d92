"""Raw events are thrown away by policy; figures stay, and say from which day on they can be made
again.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from portal.db import Database
from portal.models import Account, UsageLog
from portal.services.adoption import show_adoption
from portal.tenancy import system_scope
from portal.usage.compaction import compact
from portal.usage.comparison import compare_with_log
from portal.usage.fold import fold_pending
from portal.usage.queries import read_account_days
from portal.usage.rebuild import rebuild, rebuild_moved
from portal.usage.retention import retain
from portal.usage.sealing import seal
from tests.usage.brute_force import truth_of
from tests.usage.checks import assert_exact
from tests.usage.sample import BEGIN, NOW, ZONES, Sample, load_lists, make_sample, send

# Of 45 days of events the first 20 are thrown away.
KEPT = 25
END = BEGIN + timedelta(days=45)
GONE = END - timedelta(days=KEPT)
# The day after the requests that are gone, two days of clocks ahead, and a day for retries.
WHOLE = date(2026, 3, 25)


def day_of(event: dict[str, Any]) -> date:
    return datetime.fromisoformat(event["timestamp"]).date()


def fold_day_by_day(database: Database, sample: Sample) -> None:
    """As events come: each day's at its end, some with a group call before."""
    by_day: dict[date, list[dict[str, Any]]] = {}
    for event in sample.events:
        by_day.setdefault(day_of(event), []).append(event)
    for day, events in sorted(by_day.items()):
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        send(database, events, at)
        fold_pending(database, at)
    seal(database, END + timedelta(days=9))


def figures(database: Database) -> list[object]:
    with database.session(system_scope(NOW, "test")) as session:
        return [
            show_adoption(session, account, BEGIN.date() + timedelta(days=day), 30).as_json()
            for account in ZONES
            for day in range(3, 47, 4)
        ]


def events_of(database: Database, key: str) -> int:
    with database.session(system_scope(NOW, "test")) as session:
        account = session.scalars(select(Account.id).where(Account.key == key)).one()
        days = read_account_days(session, None, date(2026, 1, 1), date(2026, 12, 31))
        return sum(row.events for row in days if row.account == account)


def requests(database: Database) -> int:
    with database.session(system_scope(NOW, "test")) as session:
        return session.scalar(select(func.count()).select_from(UsageLog)) or 0


def thrown_away(database: Database, sample: Sample) -> None:
    load_lists(database, sample)
    fold_day_by_day(database, sample)
    compact(database, END - timedelta(days=30))
    before = requests(database)
    report = retain(database, END, KEPT)
    assert report.messages == sum(
        datetime.fromisoformat(event["timestamp"]) < GONE - timedelta(days=1)
        for event in sample.events
    )
    assert 0 < requests(database) < before
    assert retain(database, END, KEPT).messages == 0


def test_figures_stay(database: Database) -> None:
    sample = make_sample(bursts=60)
    load_lists(database, sample)
    fold_day_by_day(database, sample)
    before = figures(database)
    thrown_away(database, sample)
    assert figures(database) == before
    compared = compare_with_log(database, NOW)
    assert compared.differences == []
    assert compared.checked > 100


def test_a_rebuild_keeps_what_it_cannot_make_again(database: Database) -> None:
    sample = make_sample(bursts=60)
    thrown_away(database, sample)
    before = figures(database)
    made = rebuild(database, NOW)
    assert made.made_from == WHOLE
    assert 0 < made.events < len(sample.events)
    assert figures(database) == before
    assert_exact(database, truth_of(sample))
    # What was sent before is known still, and what is new counts, on whatever day.
    send(database, sample.events, NOW)
    new = dict(sample.events[0], messageId="new", timestamp="2026-03-05T10:00:00Z")
    sample.events.append(new)
    send(database, [new], NOW)
    assert fold_pending(database, NOW).events == 1
    rebuild(database, NOW, frozenset([1, 2, 3]))
    assert_exact(database, truth_of(sample))


def test_a_moved_zone_loses_and_doubles_nothing(database: Database) -> None:
    sample = make_sample(bursts=60)
    thrown_away(database, sample)

    def move(zone: str) -> int:
        with database.session(system_scope(NOW, "test"), writes=True) as session:
            session.execute(update(Account).where(Account.key == "acme").values(time_zone=zone))
            session.commit()
        assert len(rebuild_moved(database, NOW)) == 1
        return events_of(database, "acme")

    total = len({one["messageId"] for one in sample.events if one["userId"].startswith("acme")})
    assert [move(zone) for zone in ("Asia/Tokyo", "Pacific/Honolulu", "UTC")] == [total] * 3
    compared = compare_with_log(database, NOW)
    assert compared.differences == []


def test_who_joined_before_is_remembered(database: Database) -> None:
    sample = make_sample(bursts=1)
    load_lists(database, sample)
    group = {
        "type": "group",
        "userId": "u1",
        "groupId": "acme",
        "timestamp": "2026-03-02T08:00:00Z",
    }
    track = {"type": "track", "userId": "u1", "event": "Chat Opened", "messageId": "t1"}
    send(database, [group], BEGIN + timedelta(days=2))
    send(database, [dict(track, timestamp="2026-04-10T10:00:00Z")], END)
    fold_pending(database, END)
    assert events_of(database, "acme") == 1
    assert retain(database, END, 14).messages == 1
    assert rebuild(database, END).events == 1
    assert events_of(database, "acme") == 1
