"""What is due soon is announced once for each due moment, near the end or after it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.requests import State
from portal.models import OutboxMessage, ServiceCalendar, ServiceLevel
from portal.services.requests.due import DUE, announce_due, count_due, due_requests
from portal.services.requests.moving import move_request
from portal.services.requests.steps import TOLD
from portal.services.requests.talking import write_message
from portal.tenancy import system_scope
from tests.services.requests.town import Town
from tests.world import ELIF, INGRID, MARA, NOW, OSKELUND, PIA, build_world

HOURS = {str(day): [["09:00", "17:00"]] for day in range(5)}


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def town(database: Database) -> Town:
    """Monday 23 November 2026, ten o'clock; a first word within eight business hours."""
    world = build_world(database)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(calendar := ServiceCalendar(name="Week", zone="UTC", hours=HOURS, days_off=[]))
        session.flush()
        session.add(
            ServiceLevel(
                tier=OSKELUND.tier, calendar_id=calendar.id, first_minutes=480, update_minutes=180
            )
        )
        session.commit()
    return Town(world, utc(23, 10))


def announce(town: Town) -> int:
    with town.world.database.session(system_scope(town.now, "job"), writes=True) as session:
        return announce_due(session)


def told(town: Town) -> list[tuple[str, str]]:
    wanted = select(OutboxMessage.payload).where(OutboxMessage.kind == TOLD)
    with town.world.database.session(system_scope(town.now, "test")) as session:
        found = session.scalars(wanted.order_by(OutboxMessage.id))
        return [(one["request"], one["due"]) for one in found if one["what"] == DUE]


def test_announced_when_three_quarters_are_gone_and_once(town: Town) -> None:
    key = town.hand_in(INGRID)  # due on Tuesday at ten
    town.hand_in(ELIF)  # of a tier without a level
    town.now = utc(23, 15, 59)
    assert announce(town) == 0
    town.now = utc(23, 16, 0)
    assert announce(town) == 1
    assert announce(town) == 0
    town.now = utc(24, 12)
    assert announce(town) == 0
    assert told(town) == [(key, utc(24, 10).isoformat())]


def test_the_next_due_moment_is_announced_anew_in_its_last_business_hour(town: Town) -> None:
    key = town.hand_in(INGRID)
    town.now = utc(23, 16)
    announce(town)
    town.call(MARA, write_message, key, "We look at it")  # the next word: Tuesday at eleven
    town.now = utc(24, 9, 59)
    assert announce(town) == 0
    town.now = utc(24, 10)
    assert announce(town) == 1
    assert told(town) == [(key, utc(24, hour).isoformat()) for hour in (10, 11)]


def test_what_waits_for_the_customer_is_not_announced(town: Town) -> None:
    key = town.hand_in(INGRID)
    town.call(MARA, move_request, key, State.CLARIFYING)
    town.later(days=7)
    assert announce(town) == 0
    town.call(PIA, write_message, key, "Twelve of them")
    town.later(days=1)
    assert announce(town) == 1


def test_a_csm_reads_those_of_their_accounts(town: Town) -> None:
    key = town.hand_in(INGRID)
    assert town.call(MARA, due_requests, 5) == []
    town.now = utc(23, 16)
    announce(town)
    rows = town.call(MARA, due_requests, 5)
    assert [(row.key, row.account_name) for row in rows] == [(key, OSKELUND.name)]
    assert town.call(MARA, count_due) == 1
