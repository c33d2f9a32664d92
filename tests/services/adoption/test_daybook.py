"""What a process remembers of an account's days says what the database says."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from pyroaring import BitMap
from sqlalchemy import update

from portal.db import Database
from portal.domain.event_rules import RuleText
from portal.domain.usage_days import UsageDay
from portal.models import Account, Feature
from portal.services.adoption import Overview, read_standing, show_overview
from portal.services.catalogue.rules import add_rule
from portal.services.catalogue.version import raise_version
from portal.services.imports import import_people
from portal.services.ingest import accept_lines
from portal.services.person_data import erase_person
from portal.services.usage_days import push_days
from portal.tenancy import system_scope
from portal.usage.daily import DayRow
from portal.usage.daybook import Daybook
from portal.usage.fold import fold_pending
from portal.usage.rebuild import rebuild
from portal.usage.refold import refold_slice
from portal.usage.roster import Roster
from portal.usage.sealing import seal
from portal.usage.together import Reach, bytes_of
from tests.blueprints.usage import counted

LAST = date(2026, 4, 5)
NOON = datetime(2026, 4, 6, 12, tzinfo=UTC)
FRIDAY = NOON - timedelta(days=3)
# March can be sealed by then, and late events of it still counted.
LATER = NOON + timedelta(days=45)


def overview(database: Database, last: date = LAST, *, remembered: bool = True) -> Overview:
    """A session that writes neither takes nor leaves anything in the process."""
    with database.session(system_scope(LATER, "test"), writes=not remembered) as session:
        standing = read_standing(session, "acme")
        return show_overview(session, standing, last - timedelta(days=29), last)


def fold(database: Database, *stamps: str, person: str = "acme-1", now: datetime = NOON) -> None:
    lines = [
        json.dumps(
            {
                "type": "track",
                "event": "Order Created",
                "messageId": f"{person}-{stamp}",
                "userId": person,
                "timestamp": stamp,
                "context": {"groupId": "acme"},
            }
        ).encode()
        for stamp in stamps
    ]
    with database.session(system_scope(now, "test"), writes=True) as session:
        list(accept_lines(session, lines))
    fold_pending(database, now)


def late(database: Database) -> None:
    fold(database, "2026-03-20T15:00:00Z", "2026-03-20T15:10:00Z")


def after_midnight(database: Database) -> None:
    """In New York it is the first quarter of an hour of the 20th: the 19th grows."""
    fold(database, "2026-03-20T03:50:00Z")
    overview(database)
    fold(database, "2026-03-20T04:10:00Z")


def somebody_new(database: Database) -> None:
    fold(database, "2026-03-21T15:00:00Z", person="new-one")


def one_more_listed(database: Database) -> None:
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        import_people(session, b"account,external_id,team,active_from\nacme,more,New,2026-01-01\n")


def made_again(database: Database) -> None:
    rebuild(database, NOON)


def moved(database: Database) -> None:
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        session.execute(update(Account).where(Account.key == "acme").values(time_zone="Asia/Tokyo"))
        session.commit()
    fold_pending(database, NOON)


def sealed(database: Database) -> None:
    assert seal(database, LATER).blocks


def sealed_and_late(database: Database) -> None:
    sealed(database)
    late(database)


def tell(database: Database, counts: tuple[int, int]) -> None:
    items = [
        UsageDay(date(2026, 3, 22), "acme-1", event, count)
        for event, count in zip(("Order Created", "Report Run"), counts, strict=True)
    ]
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        push_days(session, "acme", items)
    fold_pending(database, NOON)


def told(database: Database) -> None:
    tell(database, (1, 2))


def told_otherwise(database: Database) -> None:
    """The day has as many events as before, of other names."""
    told(database)
    before = overview(database)
    tell(database, (2, 1))
    assert overview(database).now.depth != before.now.depth


def told_and_taken_back(database: Database) -> None:
    told(database)
    overview(database)
    tell(database, (0, 2))


@pytest.mark.parametrize(
    "happen",
    [
        *(late, after_midnight, somebody_new, one_more_listed),
        *(told, told_otherwise, told_and_taken_back),
        *(made_again, moved, sealed, sealed_and_late),
    ],
)
def test_whatever_happens_it_shows(filled: Database, happen: Callable[[Database], None]) -> None:
    before = overview(filled)
    assert before == overview(filled, remembered=False)
    happen(filled)
    after = overview(filled)
    assert after == overview(filled, remembered=False)
    if happen is not sealed:
        assert (after.now.events, after.teams) != (before.now.events, before.teams) or (
            happen is made_again
        )


def erased(database: Database) -> None:
    """Not provisioned any more from the day on which it happens."""
    with database.session(system_scope(FRIDAY, "test"), writes=True) as session:
        erase_person(database, session, "acme", "acme-1")


def mapped_otherwise(database: Database) -> None:
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        add_rule(session, "orders", RuleText("Report Run", "", ""))


def counted_by_a_condition(database: Database) -> None:
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        add_rule(session, "reports", RuleText("Order Created", "channel", "web"))
    overview(database)
    while refold_slice(database, NOON):
        overview(database)


def activated_by_orders(database: Database) -> None:
    change(database, update(Feature).where(Feature.key == "orders").values(activation=True))


def more_seats(database: Database) -> None:
    change(database, update(Account).where(Account.key == "acme").values(seats=500))


def in_groups(database: Database) -> None:
    change(database, update(Account).where(Account.key == "acme").values(people_shown="groups"))


def change(database: Database, statement: Any) -> None:
    """As a service changes the catalogue or an account."""
    with database.session(system_scope(NOON, "test"), writes=True) as session:
        session.execute(statement)
        raise_version(session)
        session.commit()


@pytest.mark.parametrize(
    "happen",
    [
        *(late, erased, mapped_otherwise, counted_by_a_condition),
        *(activated_by_orders, more_seats, in_groups),
    ],
)
def test_what_another_process_changes_changes_the_figures(
    filled: Database, reader: Database, happen: Callable[[Database], None]
) -> None:
    before = overview(reader)
    happen(filled)
    after = overview(reader)
    assert after == overview(filled, remembered=False)
    assert after != before


def test_figures_that_are_remembered_are_not_worked_out_again(filled: Database) -> None:
    first = overview(filled)
    with counted(filled) as sent:
        assert overview(filled) == first
    assert not [one for one in sent if "usage_day" in one or "usage_sealed" in one]
    assert len([one for one in sent if "FROM account" in one]) == 1


def test_today_s_events_change_their_time_alone(filled: Database) -> None:
    before = overview(filled)
    fold(filled, "2026-05-21T11:00:00Z", now=LATER)
    after = overview(filled)
    assert after == overview(filled, remembered=False)
    assert after.now.last_event_at != before.now.last_event_at
    assert after.now.series == before.now.series


def test_the_next_day_is_read_beside_those_before(filled: Database) -> None:
    overview(filled)
    tomorrow = LAST + timedelta(days=1)
    fold(filled, "2026-04-06T16:00:00Z", now=NOON + timedelta(hours=5))
    found = overview(filled, tomorrow)
    assert found.now.as_of == tomorrow
    assert found == overview(filled, tomorrow, remembered=False)


def book_of(database: Database) -> Daybook:
    with database.session(system_scope(LATER, "test")) as session:
        found: Daybook = database.shelf.find(("daybook", read_standing(session, "acme").account.id))
        return found


def bytes_in(book: Daybook) -> int:
    names = (*book.names.values(), *book.sums.values())
    return bytes_of(book.rows.values(), names, book.marks.values())


@pytest.mark.parametrize("weeks", [1, 5, 12])
def test_a_page_further_back_reads_what_is_not_known(filled: Database, weeks: int) -> None:
    overview(filled)
    known = dict(book_of(filled).rows)
    earlier = LAST - timedelta(weeks=weeks)
    assert overview(filled, earlier) == overview(filled, earlier, remembered=False)
    book = book_of(filled)
    assert len(book.rows) > len(known)
    assert all(book.rows[day] is row for day, row in known.items())
    assert book.size == bytes_in(book)


def test_days_that_change_do_not_count_twice_in_the_size(filled: Database) -> None:
    overview(filled)
    for minute in range(4):
        fold(filled, f"2026-03-20T15:0{minute}:00Z")
        assert overview(filled) == overview(filled, remembered=False)
        book = book_of(filled)
        assert book.size == bytes_in(book)


def test_pages_of_known_days_wait_for_nobody(filled: Database) -> None:
    """Another thread reads days of some other account for as long as it likes."""
    overview(filled)
    with filled.shelf.making:
        assert overview(filled, LAST - timedelta(days=1)).now.events


def test_what_is_missing_in_two_places_is_read_in_two_runs() -> None:
    days = [LAST - timedelta(days=back) for back in (200, 199, 100, 99)]
    none = np.zeros(0, np.int64)
    book = Daybook("UTC", 0, Roster(0, none, none, none, none, none, [], {}))
    row = DayRow(LAST, 0, 0, 0, 0, BitMap(), {})
    run = (LAST - timedelta(days=back) for back in range(201))
    book.rows = {day: row for day in run if day not in days}
    wanted = Reach(LAST - timedelta(days=200), None, None, LAST)
    assert book.missing(wanted) == [
        Reach(days[0], None, None, days[1]),
        Reach(days[2], None, None, days[3]),
    ]
    book.rows |= dict.fromkeys(days[2:], row)
    assert book.missing(wanted) == [Reach(days[0], None, None, days[1])]
    book.rows |= dict.fromkeys(days, row)
    assert book.missing(wanted) == []
