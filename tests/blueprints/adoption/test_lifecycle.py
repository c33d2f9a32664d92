"""/adoption/lifecycle: who comes, who stays away."""

import csv
import io

import pytest

from portal.models import Account
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, work
from tests.world import INGRID, MARA, NOW, OSKELUND, PIA, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
# The last whole week began on 9 November; days are counted back from Friday the 20th.
LAST, BEFORE, THIRD = 8, 15, 22


@pytest.fixture
def busy(door: Door) -> Door:
    """Last week 1 and 2 returned, 3 came back after a week off, 4 is new, 5 stayed away."""
    database = door.world.database
    work(database, OSKELUND, [1, 2, 3], days_back(THIRD))
    work(database, OSKELUND, [1, 2, 5], days_back(BEFORE))
    work(database, OSKELUND, [1, 2, 3, 4], days_back(LAST))
    return door


def test_ingrid_sees_who_comes_and_who_stays_away(busy: Door) -> None:
    said = text_of(busy.sign_in(INGRID).get("/adoption/lifecycle")).replace("\xa0", " ")
    assert "2 people came for the first time or again last week, 1 stayed away." in said
    assert "9 November 2026 1 2 1 1 4" in said


@pytest.mark.parametrize(
    ("state", "there", "absent"),
    [("dormant", "Person 5", "Person 4"), ("new", "Person 4", "Person 5")],
)
def test_a_figure_leads_to_its_people(busy: Door, state: str, there: str, absent: str) -> None:
    ingrid = busy.sign_in(INGRID)
    assert f"state={state}&amp;week=2026-11-09#persons" in ingrid.get("/adoption/lifecycle").text
    said = text_of(ingrid.get(f"/adoption/lifecycle?state={state}&week=2026-11-09"))
    assert there in said
    assert absent not in said


def test_in_groups_nobody_is_named(busy: Door) -> None:
    with busy.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.get_one(Account, busy.world.accounts[OSKELUND.key]).people_shown = "groups"
        session.commit()
    for email, page in ((INGRID, ""), (MARA, f"/accounts/{OSKELUND.key}")):
        address = f"{page}/adoption/lifecycle?state=dormant&week=2026-11-09"
        answer = busy.sign_in(email).get(address)
        assert answer.status_code == 200
        assert "Person 5" not in answer.text
        assert "state=new" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "state=asleep&week=2026-11-09",
        "state=new",
        "state=new&week=2026-11-10",
        "state=new&week=0001-01-01",
        "state=new&week=9999-12-27",
        "state=new&week=yesterday",
        "week=2026-11-09",
        "weeks=27",
    ],
)
def test_what_cannot_be_is_refused(busy: Door, query: str) -> None:
    assert busy.sign_in(INGRID).get(f"/adoption/lifecycle?{query}").status_code == 422


def test_before_the_first_week_it_says_what_comes(door: Door) -> None:
    assert "No week is over yet" in text_of(door.sign_in(INGRID).get("/adoption/lifecycle"))


def test_it_is_for_champions_and_the_desk(door: Door) -> None:
    assert door.sign_in(PIA).get("/adoption/lifecycle").status_code == 403
    assert door.sign_in(MARA).get(f"/accounts/{QUILLON.key}/adoption/lifecycle").status_code == 404


def test_the_table_comes_as_csv(busy: Door) -> None:
    answer = busy.sign_in(INGRID).get("/adoption/lifecycle.csv?weeks=12")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 12
    last = {name: rows[-1][name] for name in ("new", "returning", "resurrecting", "dormant")}
    assert last == {"new": "1", "returning": "2", "resurrecting": "1", "dormant": "1"}


def test_it_reads_the_days_once_and_is_kept(busy: Door) -> None:
    ingrid = busy.sign_in(INGRID)
    ingrid.get("/adoption/lifecycle")
    with counted(busy.world.database) as sent:
        tag = ingrid.get("/adoption/lifecycle?weeks=52").headers["ETag"]
    assert len([one for one in sent if "FROM usage_day" in one]) == 1
    again = {"If-None-Match": tag}
    assert ingrid.get("/adoption/lifecycle?weeks=52", headers=again).status_code == 304
