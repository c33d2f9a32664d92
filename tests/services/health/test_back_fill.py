"""Usage that comes after the first night: the time before is scored, and no score is lost."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.lifecycle import Stage
from portal.models import Account, Feature, HealthDay, Person
from portal.services.health.due import due_accounts
from portal.services.health.outcomes import Outcome, back_test, note_outcome
from portal.services.health.scoring import score_accounts
from tests.services.alerts.nights import after, busy, day
from tests.world import OSKELUND, QUILLON, World, build_world

HISTORY = 200


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)


def night(database: Database, count: int) -> int:
    with database.session(after(count)) as session:
        due = due_accounts(session)
    with database.session(after(count), writes=True) as session:
        return score_accounts(session, due, history=HISTORY)


def scores(session: Session, key: str = OSKELUND.key) -> dict[date, int | None]:
    wanted = select(HealthDay.day, HealthDay.score).join(Account).where(Account.key == key)
    return dict(session.execute(wanted).all())


def leave(database: Database, key: str, count: int) -> None:
    with database.session(after(count), writes=True) as session:
        session.execute(update(Account).where(Account.key == key).values(stage=Stage.CHURNED))
        note_outcome(session, key, day(count), Outcome.LEFT)


def test_usage_that_is_imported_later_has_the_time_before_scored(world: World) -> None:
    database = world.database
    for count in range(68, 71):
        night(database, count)
    with database.session(after(70)) as session:
        assert scores(session) == dict.fromkeys((day(68), day(69), day(70)))
    busy(database, range(-10, 71, 2))
    assert night(database, 70) > 40
    with database.session(after(70)) as session:
        found = scores(session)
    # Daily for five weeks, before that each week back to the first event, and no further.
    weekly = [day(70 - back) for back in range(77, 41, -7)]
    assert sorted(found) == [*weekly, *(day(count) for count in range(35, 71))]
    assert None not in found.values()
    assert night(database, 70) == 0


def test_no_score_is_made_again_by_what_comes_from_before_it(world: World) -> None:
    database = world.database
    busy(database, range(60, 71), range(1, 3))
    night(database, 70)
    with database.session(after(70)) as session:
        before = scores(session)
    assert sorted(before) == [day(count) for count in range(60, 71)]
    busy(database, range(10, 65), range(1, 7))
    night(database, 70)
    with database.session(after(70)) as session:
        found = scores(session)
    assert min(found) <= day(16)
    # The newest is made again by late events; all others stand as they were.
    kept = [one for one in before if one != day(70)]
    assert {one: found[one] for one in kept} == {one: before[one] for one in kept}


def test_a_time_that_gives_no_score_is_tried_once(world: World) -> None:
    """Without people, seats and core features only the course of eight weeks makes a score."""
    database = world.database
    with database.session(after(0), writes=True) as session:
        session.execute(delete(Person))
        session.execute(update(Feature).values(core=False))
        session.execute(update(Account).values(seats=None))
        session.commit()
    busy(database, range(71))
    night(database, 70)
    with database.session(after(70)) as session:
        assert min(scores(session)) == day(55)
    written = [night(database, count) for count in (71, 72)]
    assert written == [3, 2]
    with database.session(after(72)) as session:
        assert scores(session)[min(scores(session))] is None


def test_a_group_follows_what_its_accounts_are_given(world: World) -> None:
    database = world.database
    with database.session(after(0), writes=True) as session:
        group = Account(key="nord-group", name="Nord Group", created_at=after(0).now)
        session.add(group)
        session.flush()
        mine = Account.id.in_(world.accounts.values())
        session.execute(update(Account).where(mine).values(parent_id=group.id))
        session.commit()
    night(database, 69)
    busy(database, range(10, 71))
    night(database, 70)
    with database.session(after(70)) as session:
        assert scores(session, "nord-group") == scores(session)
        assert len(scores(session)) > 35


def test_who_has_left_is_scored_up_to_the_outcome(world: World) -> None:
    """Imported as one that has left, its usage after that: the back-test has its score."""
    database = world.database
    leave(database, OSKELUND.key, 74)
    night(database, 80)
    with database.session(after(80)) as session:
        assert scores(session) == {day(74): None}
    busy(database, range(-25, 60))
    night(database, 110)
    with database.session(after(110)) as session:
        found, test = scores(session), back_test(session)
    assert max(found) == day(74)
    (cell,) = test.cells.values()
    assert cell[0].asked == day(-16)
    assert cell[0].score == found[max(one for one in found if one <= day(-16))]
    assert test.scored == 1


def test_who_has_left_is_not_looked_at_every_night(world: World) -> None:
    database = world.database
    busy(database, range(70))
    leave(database, OSKELUND.key, 69)
    night(database, 69)
    with database.session(after(100)) as session:
        due = due_accounts(session)
        assert world.accounts[OSKELUND.key] not in due
        assert world.accounts[QUILLON.key] in due


def test_who_leaves_without_an_outcome_is_scored_no_more(world: World) -> None:
    database = world.database
    with database.session(after(0), writes=True) as session:
        session.execute(update(Account).values(stage=Stage.CHURNED))
        session.commit()
    busy(database, range(10))
    with database.session(after(10)) as session:
        assert due_accounts(session) == []


def test_scores_from_after_the_outcome_stay(world: World) -> None:
    """Somebody notes late that an account left weeks ago."""
    database = world.database
    busy(database, range(60))
    night(database, 59)
    leave(database, OSKELUND.key, 39)
    with database.session(after(59)) as session:
        before = scores(session)
    assert max(before) == day(59)
    night(database, 70)
    with database.session(after(70)) as session:
        assert scores(session) == before
