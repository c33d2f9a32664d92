"""What the loop and the hub give to a score, day by day, against what is told here by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.domain.requests import Kind, State
from portal.models import (
    Account,
    HealthDay,
    KnowledgeItem,
    KnowledgeReading,
    Request,
    RequestVote,
    TrainingSession,
)
from portal.models.training_session import SessionGuest
from portal.services.health.due import due_accounts
from portal.services.health.scoring import score_accounts
from portal.services.requests.moving import move_request
from portal.tenancy import system_scope
from tests.services.requests.town import PAUL, Town
from tests.world import INGRID, MARA, OSKELUND, PIA, QUILLON, World, build_world

MONDAY = datetime(2026, 11, 2, 8, tzinfo=UTC)
"""Nine in Oslo."""


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database), now=MONDAY)


def days_later(count: int) -> datetime:
    """Two in the morning of that day after Monday in Oslo."""
    return datetime(2026, 11, 2, 1, tzinfo=UTC) + timedelta(days=count)


def signals(world: World, count: int, key: str = OSKELUND.key) -> dict[str, Any]:
    """Of the last day that is over then."""
    scope = system_scope(days_later(count), "test")
    with world.database.session(scope) as session:
        due = due_accounts(session)
    with world.database.session(scope, writes=True) as session:
        score_accounts(session, due)
    with world.database.session(scope) as session:
        wanted = select(HealthDay.signals).join(Account).where(Account.key == key)
        wanted = wanted.where(HealthDay.day == days_later(count).date() - timedelta(days=1))
        return dict(session.scalars(wanted).one())


def service(world: World, count: int) -> tuple[Any, Any, Any]:
    found = signals(world, count)
    return (
        found.get("request_age_days"),
        found.get("request_next_days"),
        found.get("response_hours"),
    )


def test_nothing_told_is_nothing_known(town: Town) -> None:
    assert service(town.world, 1) == (None, None, None)


def test_the_oldest_open_request_counts_and_the_first_answer(town: Town) -> None:
    """Told on Monday at nine, answered on Wednesday at three; a second one on Tuesday at nine."""
    first = town.hand_in(INGRID)
    assert service(town.world, 1) == (0.62, 0, None)
    town.later(days=1)
    town.hand_in(PIA)
    assert service(town.world, 2) == (1.62, 0.62, None)
    town.later(days=1, hours=6)
    town.call(PAUL, move_request, first, State.CLARIFYING, "Which plants?")
    assert service(town.world, 3) == (2.62, 1.62, 54)
    town.later(hours=1)
    town.call(PAUL, move_request, first, State.PLANNED)
    assert service(town.world, 4) == (2.62, 0, 54)


def test_with_nothing_open_nothing_waits_until_it_is_long_ago(town: Town) -> None:
    town.hand_in(INGRID, kind=Kind.QUESTION, told={"question": "How?"})
    (key,) = keys(town)
    town.later(hours=4)
    town.call(PAUL, move_request, key, State.RELEASED, "So.")
    assert service(town.world, 1) == (0, 0, 4)
    assert service(town.world, 90) == (0, 0, 4)
    assert service(town.world, 91) == (None, None, None)


def test_a_reopened_one_is_open_since_then(town: Town) -> None:
    key = town.hand_in(INGRID)
    town.call(PAUL, move_request, key, State.CLARIFYING, "Why?")
    town.call(PAUL, move_request, key, State.DECLINED, "Not ours.")
    town.later(days=10)
    town.call(INGRID, move_request, key, State.REOPENED, "It is yours.")
    assert service(town.world, 11)[0] == 0.62


def test_past_days_are_told_as_they_were(town: Town) -> None:
    """A worker that was away for some nights: open then, planned by now."""
    key = town.hand_in(INGRID)
    signals(town.world, 0)
    town.later(days=2)
    town.call(MARA, move_request, key, State.CLARIFYING, "When?")
    town.later(days=1)
    town.call(PAUL, move_request, key, State.PLANNED)
    signals(town.world, 6)
    with town.world.database.session(system_scope(town.now, "test")) as session:
        wanted = select(HealthDay.day, HealthDay.signals).join(Account)
        rows = session.execute(wanted.where(Account.key == OSKELUND.key)).all()
    ages = {day: kept.get("request_age_days") for day, kept in rows}
    run = [date(2026, 11, 1) + timedelta(days=count) for count in range(7)]
    assert [ages[day] for day in run] == [None, 0.62, 1.62, 2.62, 0, 0, 0]


def test_what_is_merged_or_joined_or_waits_for_them_counts_not(town: Town) -> None:
    for _one in range(3):
        town.hand_in(INGRID)
    first, second, third = keys(town)
    town.later(days=1)
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        ids = dict(session.execute(select(Request.key, Request.id)).all())
        for key, values in (
            (first, {"merged_into_id": ids[third]}),
            (second, {"joined": True}),
            (third, {"paused_at": town.now}),
        ):
            session.execute(update(Request).where(Request.key == key).values(**values))
        session.commit()
    assert service(town.world, 1) == (0.62, 0, None)
    assert service(town.world, 2) == (0, 0, None)


def keys(town: Town) -> list[str]:
    with town.world.database.session(system_scope(town.now, "test")) as session:
        return list(session.scalars(select(Request.key).order_by(Request.id)))


def act(town: Town, *rows: Any) -> None:
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.add_all(rows)
        session.commit()


def part(town: Town, count: int, key: str = OSKELUND.key) -> Any:
    return signals(town.world, count, key).get("taking_part")


def test_who_reads_votes_and_comes_takes_part(town: Town) -> None:
    world = town.world
    account = world.accounts[OSKELUND.key]
    ingrid, pia = world.users[INGRID][0], world.users[PIA][0]
    assert part(town, 0) is None
    item_id = _text(town)
    read = {"account_id": account, "item_id": item_id, "user_id": ingrid, "locale": "en"}
    act(town, KnowledgeReading(**read, first_at=MONDAY, last_at=MONDAY, times=1))
    assert part(town, 1) == pytest.approx(1 / 6)
    town.later(days=2)
    town.hand_in(PIA)
    assert part(town, 3) == pytest.approx(2 / 6)
    # The reading is 90 days old, then the vote is too; it is known by now, so it is none.
    assert part(town, 90) == pytest.approx(2 / 6)
    assert part(town, 91) == pytest.approx(1 / 6)
    assert part(town, 93) == 0
    assert part(town, 93, QUILLON.key) is None
    town.later(days=93)
    guest = {"account_id": account, "session_id": _session(town), "invited_at": town.now}
    act(town, SessionGuest(**guest, user_id=ingrid, attended_at=town.now))
    act(town, SessionGuest(**guest, user_id=pia, attended_at=None))
    assert part(town, 96) == pytest.approx(1 / 6)


def test_a_vote_by_somebody_else_is_no_part_of_theirs(town: Town) -> None:
    world = town.world
    town.hand_in(INGRID)
    with world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.execute(update(RequestVote).values(by_id=world.users[MARA][0]))
        session.commit()
    assert part(town, 1) is None


def _text(town: Town) -> int:
    day = MONDAY.date()
    return _id(
        town,
        KnowledgeItem(
            slug="one",
            type="guide",
            audience="public",
            audience_accounts=[],
            review_by=day,
            published_on=day,
            minutes=1,
            changed_in=1,
            guarded_in=1,
            created_at=MONDAY,
        ),
    )


def _session(town: Town) -> int:
    return _id(
        town,
        TrainingSession(
            account_id=town.world.accounts[OSKELUND.key],
            title="Open class",
            starts_at=town.now,
            minutes=60,
            time_zone="Europe/Oslo",
            code="ABC",
            created_at=town.now,
        ),
    )


def _id(town: Town, row: Any) -> int:
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.add(row)
        session.flush()
        found: int = row.id
        session.commit()
    return found
