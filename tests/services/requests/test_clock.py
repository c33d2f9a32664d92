"""What is due when, in business time, and that waiting for the customer does not count."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.requests import Channel, Kind, State
from portal.models import Request, ServiceCalendar, ServiceLevel
from portal.services.requests.handing_in import Asker, Telling, hand_in
from portal.services.requests.merging import join_family, merge_requests
from portal.services.requests.moving import move_request
from portal.services.requests.parting import undo_merge
from portal.services.requests.talking import write_message
from portal.tenancy import system_scope
from tests.services.requests.town import PAUL, SCENE, Town
from tests.world import INGRID, MARA, NOW, OSKELUND, PIA, build_world

HOURS = {str(day): [["09:00", "17:00"]] for day in range(5)}


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def town(database: Database) -> Town:
    """Monday 23 November 2026, ten o'clock."""
    world = build_world(database)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(calendar := ServiceCalendar(name="Week", zone="UTC", hours=HOURS, days_off=[]))
        session.flush()
        for severity, first in (("", 120), ("blocking", 30)):
            session.add(
                ServiceLevel(
                    tier=OSKELUND.tier,
                    severity=severity,
                    calendar_id=calendar.id,
                    first_minutes=first,
                    update_minutes=480,
                    solution_minutes=960,
                )
            )
        session.commit()
    return Town(world, utc(23, 10))


def dues(town: Town, key: str) -> tuple[datetime | None, ...]:
    wanted = select(
        Request.first_due_at, Request.update_due_at, Request.solution_due_at, Request.next_due_at
    )
    with town.session(PAUL) as session:
        return tuple(session.execute(wanted.where(Request.key == key)).one())


def test_a_first_word_an_update_a_solution(town: Town) -> None:
    key = town.hand_in(INGRID)
    assert dues(town, key) == (utc(23, 12), None, utc(25, 10), utc(23, 12))
    town.later(hours=1)
    town.call(MARA, write_message, key, "We look at it")
    assert dues(town, key) == (None, utc(24, 11), utc(25, 10), utc(24, 11))


def test_waiting_for_the_customer_does_not_count(town: Town) -> None:
    key = town.hand_in(INGRID)
    town.call(MARA, move_request, key, State.CLARIFYING)
    assert dues(town, key)[3] is None
    town.later(hours=3)
    town.call(PIA, write_message, key, "Twelve of them")
    assert dues(town, key) == (None, utc(24, 13), utc(25, 13), utc(24, 13))


def test_a_release_owes_nothing_and_severity_counts(town: Town) -> None:
    key = town.hand_in(INGRID, severity="blocking")
    assert dues(town, key)[0] == utc(23, 10, 30)
    for state in (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED):
        town.call(PAUL, move_request, key, state)
    assert dues(town, key) == (None, None, None, None)


def test_on_behalf_is_no_answer_yet(town: Town) -> None:
    telling = Telling(Kind.NEED, "Own plants", SCENE, channel=Channel.CSM)
    key = town.call(MARA, hand_in, telling, Asker(OSKELUND.key, name="Ole Rustad"))
    assert dues(town, key)[0] == utc(23, 12)


def test_only_a_word_to_the_customer_is_an_answer(town: Town) -> None:
    first, second, third = (town.hand_in(INGRID) for _time in range(3))
    promised = dues(town, first)
    assert promised[0] is not None
    town.later(minutes=10)
    merge = town.call(MARA, merge_requests, second, first)
    town.call(MARA, undo_merge, merge)
    town.call(PAUL, join_family, third, town.share())
    assert [dues(town, key) for key in (first, second, third)] == [promised] * 3
    assert answered(town) == {first: None, second: None, third: None}
    town.call(PAUL, move_request, first, State.CLARIFYING)
    town.call(MARA, write_message, second, "We look at it")
    assert answered(town) == {first: town.now, second: town.now, third: None}
    assert dues(town, third) == promised


def answered(town: Town) -> dict[str, datetime | None]:
    with town.session(PAUL) as session:
        return {
            row.key: row.answered_at
            for row in session.execute(select(Request.key, Request.answered_at))
        }
