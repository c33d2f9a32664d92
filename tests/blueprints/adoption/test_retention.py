"""/adoption/retention: who began when, and who stayed."""

import csv
import io

import pytest

from portal.models import Account
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, work
from tests.world import HENRIK, INGRID, MARA, NOW, OSKELUND, PIA, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def busy(door: Door) -> Door:
    """Five persons began nine weeks ago; three of them stayed. A sixth began two weeks ago."""
    work(door.world.database, OSKELUND, range(1, 6), days_back(*range(54, 61)))
    work(door.world.database, OSKELUND, range(1, 4), days_back(*range(54)))
    work(door.world.database, OSKELUND, [6], days_back(12))
    return door


def test_ingrid_sees_who_stayed(busy: Door) -> None:
    page = busy.sign_in(INGRID).get("/adoption/retention")
    said = text_of(page).replace("\xa0", " ")
    assert page.status_code == 200
    assert "4 weeks after their first, 60 % of those who began are at work." in said
    assert "21 September, week 4: 3 of 5" in page.text.replace("\xa0", " ")
    assert "Last event" in said


def test_before_the_first_week_it_says_what_comes(door: Door) -> None:
    said = text_of(door.sign_in(INGRID).get("/adoption/retention"))
    assert "No week is over yet" in said
    assert "too few people and weeks" in said


def test_where_nobody_began_lately_it_says_so(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*range(120)))
    page = door.sign_in(INGRID).get("/adoption/retention?weeks=12")
    assert "Nobody began in the last 12 weeks." in text_of(page)
    assert "No week is over yet" not in text_of(page)


def test_in_groups_the_single_one_is_held_back(busy: Door) -> None:
    with busy.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.get_one(Account, busy.world.accounts[OSKELUND.key]).people_shown = "groups"
        session.commit()
    for email, address in (
        (INGRID, "/adoption/retention"),
        (MARA, f"/accounts/{OSKELUND.key}/adoption/retention"),
    ):
        page = busy.sign_in(email).get(address)
        assert "held back" in text_of(page)
        assert "2 November, week 0" not in page.text.replace("\xa0", " ")
        rows = _rows(busy, email, address + ".csv")
        assert {row["persons"] for row in rows if row["cohort_week"] == "2026-11-02"} == {""}


def _rows(door: Door, email: str, address: str) -> list[dict[str, str]]:
    answer = door.sign_in(email).get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_table_comes_as_csv(busy: Door) -> None:
    rows = _rows(busy, INGRID, "/adoption/retention.csv?weeks=12")
    first = [row for row in rows if row["cohort_week"] == "2026-09-21"]
    assert [row["active"] for row in first] == ["5", *["3"] * 7]
    assert {row["persons"] for row in first} == {"5"}


@pytest.mark.parametrize("weeks", ["13", "0", "-1", "many", "9" * 5000, "²"])
def test_weeks_that_cannot_be_are_refused(door: Door, weeks: str) -> None:
    answer = door.sign_in(INGRID).get(f"/adoption/retention?weeks={weeks}")
    assert answer.status_code == 422
    assert "Choose 12, 26 or 52 weeks." in text_of(answer)


def test_it_is_for_champions_and_the_desk(door: Door) -> None:
    assert door.sign_in(PIA).get("/adoption/retention").status_code == 403
    assert door.sign_in(HENRIK).get("/adoption/retention").status_code == 403
    assert door.sign_in(MARA).get(f"/accounts/{QUILLON.key}/adoption/retention").status_code == 404


def test_nothing_new_is_not_sent_again(busy: Door) -> None:
    ingrid = busy.sign_in(INGRID)
    again = {"If-None-Match": ingrid.get("/adoption/retention").headers["ETag"]}
    assert ingrid.get("/adoption/retention", headers=again).status_code == 304
    assert ingrid.get("/adoption/retention?weeks=12", headers=again).status_code == 200
    work(busy.world.database, OSKELUND, [5], days_back(1))
    assert ingrid.get("/adoption/retention", headers=again).status_code == 200


def test_it_reads_the_days_once(busy: Door) -> None:
    ingrid = busy.sign_in(INGRID)
    ingrid.get("/adoption/retention")
    with counted(busy.world.database) as sent:
        ingrid.get("/adoption/retention?weeks=52")
    assert len([one for one in sent if "FROM usage_day" in one]) == 1
    assert len([one for one in sent if "FROM usage_person" in one]) == 1
