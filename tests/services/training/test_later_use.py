"""Use before and after the first person finished: counted on both sides, of the account alone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.domain.permissions import Role
from portal.models import (
    Account,
    Course,
    CourseLesson,
    Enrolment,
    TrainingProgress,
)
from portal.services.training.courses import list_courses
from portal.services.training.later_use import LaterUse, later_use
from portal.tenancy import Scope, system_scope
from tests.apps import Door
from tests.blueprints.usage import work
from tests.courses import SLUG, load_course, write_course
from tests.world import INGRID, LAST_DAY, NOW, OSKELUND, PIA

FINISHED = LAST_DAY - timedelta(days=40)


def seen(database: Database, champion: int, account: int) -> list[LaterUse]:
    scope = Scope(user_id=champion, role=Role.CHAMPION, accounts=frozenset({account}), now=NOW)
    with database.session(scope) as session:
        return later_use(session, OSKELUND.key, list_courses(session))


@pytest.fixture
def learned(door: Door, tmp_path_factory: pytest.TempPathFactory) -> Door:
    folder = tmp_path_factory.mktemp("course")
    write_course(folder)
    load_course(door.world.database, folder)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        course = session.scalars(select(Course.item_id)).one()
        moment = datetime(FINISHED.year, FINISHED.month, FINISHED.day, 12, tzinfo=UTC)
        session.add(
            Enrolment(
                account_id=door.world.accounts[OSKELUND.key],
                user_id=door.world.users[PIA][0],
                course_id=course,
                started_at=moment,
                seen_at=moment,
                finished_at=moment,
            )
        )
        session.commit()
    return door


def test_uses_are_counted_on_both_sides(learned: Door) -> None:
    database = learned.world.database
    days = [
        FINISHED - timedelta(days=3),
        FINISHED + timedelta(days=2),
        FINISHED + timedelta(days=9),
    ]
    work(database, OSKELUND, range(1, 3), days)
    (one,) = seen(database, learned.world.users[INGRID][0], learned.world.accounts[OSKELUND.key])
    assert (one.learnt_on, one.lesson) == (FINISHED, False)
    assert one.course.slug == SLUG
    assert (one.before, one.after) == (2, 4)


def test_a_lesson_counts_where_nobody_has_finished(learned: Door) -> None:
    done = FINISHED - timedelta(days=5)
    database = learned.world.database
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(Enrolment).values(finished_at=None))
        session.add(
            TrainingProgress(
                account_id=learned.world.accounts[OSKELUND.key],
                user_id=learned.world.users[PIA][0],
                lesson_id=session.scalars(select(CourseLesson.id)).first(),
                done_at=datetime(done.year, done.month, done.day, 12, tzinfo=UTC),
            )
        )
        session.commit()
    work(database, OSKELUND, range(1, 3), [done + timedelta(days=1)])
    (one,) = seen(database, learned.world.users[INGRID][0], learned.world.accounts[OSKELUND.key])
    assert (one.learnt_on, one.lesson) == (done, True)
    assert (one.before, one.after) == (0, 2)


def test_in_groups_few_finishers_are_not_told(learned: Door) -> None:
    with learned.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(Account).values(people_shown="groups"))
        session.commit()
    found = seen(
        learned.world.database,
        learned.world.users[INGRID][0],
        learned.world.accounts[OSKELUND.key],
    )
    assert found == []
