"""Courses of many accounts tell what each account's own page tells, day by day."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select, update

from portal.db import Database
from portal.domain.volumes import Pushed
from portal.models import Account, Edition, Person
from portal.services.adoption import Adoption, show_adoption
from portal.services.catalogue.editions import create_edition
from portal.services.catalogue.quotas import set_account_quota, set_edition_quota
from portal.services.volumes import push_volumes
from portal.tenancy import system_scope
from portal.usage.courses import read_courses
from portal.usage.sealing import seal
from tests.blueprints.usage import days_back, send, work
from tests.world import LAST_DAY, NOW, OSKELUND, QUILLON, build_world

LENGTH = 40


def let_work(database: Database) -> None:
    """In both accounts, with people who join late and leave early."""
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


def numbers_of(told: Adoption) -> tuple[int, ...]:
    week = round((told.login_ratio_7d or 0.0) * told.provisioned)
    return told.events, told.wau, told.mau, told.provisioned, told.activated, week


def test_as_the_account_itself_day_by_day(database: Database) -> None:
    world = build_world(database)
    let_work(database)
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
                assert (
                    course.events[index],
                    course.wau[index],
                    course.mau[index],
                    course.provisioned[index],
                    course.activated[index],
                    course.login_week[index],
                ) == numbers_of(told)
                idle = {key: int(days[index]) for key, days in course.unused.items()}
                used = {one.key for one in told.features if one.core and one.uses}
                assert {key for key, days in idle.items() if days == 0 and index} == (
                    used if index else set()
                )


def test_what_of_a_quota_is_used_day_by_day(database: Database) -> None:
    """Its edition's quota of calls, its own of orders; of days that are sealed, too."""
    world = build_world(database)
    chance, calls, orders = Random("quotas"), {}, {}
    for back in range(120):
        calls[back], orders[back] = chance.choice((0, 0, 1, 3)), chance.choice((0, 2, -1))
    send(
        database,
        [
            {
                "type": "track",
                "messageId": f"{back}-{number}",
                "userId": "osk-0001",
                "event": "Synced",
                "timestamp": f"{days_back(back)[0]}T12:00:00Z",
                "properties": {"channel": "api"},
                "context": {"groupId": OSKELUND.key},
            }
            for back, count in calls.items()
            for number in range(count)
        ],
    )
    items = [
        Pushed(f"{back}", "orders", days_back(back)[0], Decimal(count))
        for back, count in orders.items()
    ]
    account = world.accounts[OSKELUND.key]
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        push_volumes(session, OSKELUND.key, items)
        create_edition(session, "firm", "Firm", "", [])
        edition = session.scalar(select(Edition.id).where(Edition.key == "firm"))
        session.execute(update(Account).where(Account.id == account).values(edition_id=edition))
        set_edition_quota(session, "firm", "integration_calls", Decimal(50))
        set_edition_quota(session, "firm", "volume:orders", Decimal(7))
        set_account_quota(session, OSKELUND.key, "volume:orders", Decimal(9))
    seal(database, NOW)
    with database.session(system_scope(NOW, "test")) as session:
        ends = dict.fromkeys(world.accounts.values(), LAST_DAY)
        courses = read_courses(session, ends, LENGTH)
    assert all(not one.quotas for key, one in courses.items() if key != account)
    of_calls, of_orders = courses[account].quotas
    assert (of_calls.measure, of_calls.amount) == ("integration_calls", 50)
    assert (of_orders.measure, of_orders.amount) == ("volume:orders", 9)
    for quota, daily in ((of_calls, calls), (of_orders, orders)):
        backs = reversed(range(LENGTH))
        assert quota.used.tolist() == [sum(daily[back + n] for n in range(30)) for back in backs]
