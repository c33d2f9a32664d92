"""Courses of many accounts tell what each account's own page tells, day by day."""

from datetime import timedelta
from random import Random

from sqlalchemy import update

from portal.db import Database
from portal.models import Account, Person
from portal.services.adoption import show_adoption
from portal.tenancy import system_scope
from portal.usage.courses import read_courses
from tests.blueprints.usage import days_back, work
from tests.world import LAST_DAY, NOW, OSKELUND, QUILLON, build_world

LENGTH = 40


def test_as_the_account_itself_day_by_day(database: Database) -> None:
    world = build_world(database)
    chance = Random("courses")
    for company in (OSKELUND, QUILLON):
        # Number 8 and 9 are on no list of persons.
        for person in (1, 2, 3, 4, 8, 9):
            worked = [back for back in range(80) if chance.random() < 0.12]
            work(database, company, [person], days_back(*worked))
            work(database, company, [person], days_back(*worked[:2]), "Delegation Used")
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        left = update(Person).where(Person.external_id == "osk-0002")
        session.execute(left.values(active_until=LAST_DAY - timedelta(days=9)))
        late = update(Person).where(Person.external_id == "osk-0003")
        session.execute(late.values(active_from=LAST_DAY - timedelta(days=20)))
        session.execute(update(Account).values(go_live=LAST_DAY - timedelta(days=60)))
        session.commit()
    ends = {
        world.accounts[OSKELUND.key]: LAST_DAY,
        world.accounts[QUILLON.key]: LAST_DAY - timedelta(days=1),
    }
    with database.session(system_scope(NOW, "test")) as session:
        courses = read_courses(session, ends, LENGTH)
        for company in (OSKELUND, QUILLON):
            course = courses[world.accounts[company.key]]
            assert len(course) == LENGTH
            for index in range(LENGTH):
                told = show_adoption(session, company.key, course.day(index), 1)
                ratio = told.login_ratio_7d or 0.0
                assert (
                    course.events[index],
                    course.wau[index],
                    course.mau[index],
                    course.provisioned[index],
                    course.activated[index],
                    course.login_week[index],
                ) == (
                    told.events,
                    told.wau,
                    told.mau,
                    told.provisioned,
                    told.activated,
                    round(ratio * told.provisioned),
                )
                idle = {key: int(days[index]) for key, days in course.unused.items()}
                used = {one.key for one in told.features if one.core and one.uses}
                assert {key for key, days in idle.items() if days == 0 and index} == (
                    used if index else set()
                )
