"""Features of several names and wildcards, and activation by named events, against brute force."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.db import Database
from portal.services.adoption import feature_use, show_adoption
from portal.services.breadth_course import breadth_course
from portal.services.imports import import_features
from portal.tenancy import system_scope
from portal.usage.courses import read_courses
from portal.usage.fold import fold_pending
from portal.usage.queries import find_account
from portal.usage.sealing import seal
from tests.usage.brute_force import AS_OF, Truth
from tests.usage.sample import NOW, ZONES, Sample, load_lists, make_sample, send_all

WINDOW = 30
HEADER = "key,event,name_en,core,depth_target_per_week,activation,archived\n"


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(bursts=60)


@pytest.fixture
def filled(database: Database, sample: Sample) -> Database:
    load_lists(database, sample)
    send_all(database, sample.events)
    fold_pending(database, NOW)
    return database


def bring(database: Database, *rows: str) -> None:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        import_features(session, (HEADER + "\n".join(rows) + "\n").encode())


def name_of(event: dict[str, str]) -> str:
    return event.get("event") or event["name"]


def truths(sample: Sample) -> list[tuple[str, Truth, date]]:
    return [(key, Truth(sample, key, zone), day) for key, zone in ZONES.items() for day in AS_OF]


def read(database: Database) -> Session:
    return database.open(system_scope(NOW, "test"))


ROWS = (
    "orders,Order Created|Report Run,Orders,yes,2,no,no",
    "reports,R*t,Reports,yes,0.5,no,no",
    "sync,S*,Sync,yes,40,yes,no",
    "chat,C*;*zzz,Chat,no,1,no,no",
)
BELONGS = {
    "Order Created": "orders",
    "Report Run": "orders",
    "Sync Done": "sync",
    "Something New": "sync",
    "Chat Opened": "chat",
}
ACTIVATION = {"Sync Done", "Something New"}


def test_a_feature_of_several_names_counts_each_person_once(
    filled: Database, sample: Sample
) -> None:
    bring(filled, *ROWS)
    with read(filled) as session:
        for key, truth, day in truths(sample):
            events = truth.within(day, WINDOW)
            for feature in feature_use(session, key, day, WINDOW):
                own = [one for one in events if BELONGS.get(name_of(one)) == feature.key]
                assert feature.uses == len(own)
                assert feature.persons == len({one["userId"] for one in own})


@pytest.mark.parametrize("days", ["hot", "sealed"])
def test_who_used_a_named_event_is_activated(filled: Database, sample: Sample, days: str) -> None:
    bring(filled, *ROWS)
    if days == "sealed":
        assert seal(filled, NOW).blocks
    with read(filled) as session:
        for key, truth, day in truths(sample):
            events = [one for one in truth.within(day, 10_000) if name_of(one) in ACTIVATION]
            activated = {one["userId"] for one in events} & truth.provisioned(day)
            assert show_adoption(session, key, day, WINDOW).activated == len(activated)


def test_rules_over_all_accounts_count_alike(filled: Database, sample: Sample) -> None:
    """What early warning sees: activated persons and days since the last use, day by day."""
    bring(filled, *ROWS)
    day, length = AS_OF[-1], 40
    with read(filled) as session:
        found = {key: find_account(session, key) for key in ZONES}
        ids = {row.id: key for key, row in found.items() if row is not None}
        courses = read_courses(session, dict.fromkeys(ids, day), length)
        for account, key in ids.items():
            truth = Truth(sample, key, ZONES[key])
            for index in range(length):
                then = date.fromordinal(day.toordinal() - length + 1 + index)
                events = truth.within(then, 10_000)
                named = {one["userId"] for one in events if name_of(one) in ACTIVATION}
                assert courses[account].activated[index] == len(named & truth.provisioned(then))
                used = [truth.day(one) for one in events if BELONGS[name_of(one)] == "orders"]
                begin = date.fromordinal(day.toordinal() - length + 1)
                last = max([begin, *(one for one in used if one >= begin)])
                assert courses[account].unused["orders"][index] == (then - last).days


def test_breadth_follows_the_rules(filled: Database, sample: Sample) -> None:
    bring(filled, *ROWS)
    with read(filled) as session:
        for key, truth, day in truths(sample):
            used = {BELONGS[name_of(one)] for one in truth.within(day, 30)} - {"chat"}
            assert breadth_course(session, key, day, 1) == [len(used)]
            assert show_adoption(session, key, day, 30).breadth.used == len(used)


def test_an_archived_feature_takes_part_in_nothing(filled: Database) -> None:
    day = AS_OF[-1]
    with read(filled) as session:
        before = show_adoption(session, "acme", day, WINDOW)
    bring(filled, "sync,Sync Done,Sync,yes,40,yes,yes")
    with read(filled) as session:
        found = show_adoption(session, "acme", day, WINDOW)
    assert (before.breadth.entitled, found.breadth.entitled) == (3, 2)
    assert found.activated == before.activated, "nor does it name activation events"
    assert found.version > before.version
    bring(filled, "sync,Sync Done,Sync,yes,40,no,no")
    with read(filled) as session:
        assert show_adoption(session, "acme", day, WINDOW).features == before.features


def test_a_name_that_nobody_sent_activates_nobody(filled: Database) -> None:
    bring(filled, "orders,Never Sent,Orders,yes,2,yes,no")
    with read(filled) as session:
        assert show_adoption(session, "acme", AS_OF[-1], WINDOW).activated == 0
