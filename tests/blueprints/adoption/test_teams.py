"""/adoption/teams and /adoption/team: team by team."""

import pytest
from sqlalchemy import select

from portal.models import Account, Person
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, work
from tests.world import INGRID, MARA, NOW, OSKELUND, PIA, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def busy(door: Door) -> Door:
    """Of Oskelund's six persons five are in the North, of whom three work; one in the South."""
    put(door, ["North"] * 5 + ["South & <East>"])
    work(door.world.database, OSKELUND, [1, 2, 3, 6], days_back(*range(20)))
    return door


def put(door: Door, teams: list[str], shown: str = "named") -> None:
    account = door.world.accounts[OSKELUND.key]
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        wanted = select(Person).where(Person.account_id == account).order_by(Person.external_id)
        for person, team in zip(session.scalars(wanted), teams, strict=True):
            person.team = team
        session.get_one(Account, account).people_shown = shown
        session.commit()


def test_ingrid_compares_teams(busy: Door) -> None:
    said = text_of(busy.sign_in(INGRID).get("/adoption/teams")).replace("\xa0", " ")
    assert "North is ahead: 3 of 5 people were active in the last 30 days." in said
    assert "North 5 3 60 %" in said
    assert "South &amp; &lt;East&gt; 1 1 100 %" in said


def test_and_opens_one(busy: Door) -> None:
    ingrid = busy.sign_in(INGRID)
    assert "/adoption/team?name=South+%26+%3CEast%3E" in ingrid.get("/adoption/teams").text
    said = text_of(ingrid.get("/adoption/team?name=North")).replace("\xa0", " ")
    assert "3 of 5 people in North worked in the last 30 days." in said
    assert "3 of 5 people set up" in said
    assert "Approval chains 3 60 %" in said
    assert "1 of 10 core features are in use" in said
    assert "/adoption/people?q=North" in ingrid.get("/adoption/team?name=North").text


@pytest.mark.parametrize("address", ["name=West", "", "name=north", "rest=1", "name=" + "x" * 5000])
def test_a_team_that_is_none_is_not_found(busy: Door, address: str) -> None:
    assert busy.sign_in(INGRID).get(f"/adoption/team?{address}").status_code == 404


def test_in_groups_a_small_team_is_not_shown_alone(busy: Door) -> None:
    put(busy, ["North"] * 5 + ["South"], "groups")
    for email, page in ((INGRID, ""), (MARA, f"/accounts/{OSKELUND.key}")):
        reader = busy.sign_in(email)
        said = text_of(reader.get(f"{page}/adoption/teams")).replace("\xa0", " ")
        assert "Smaller teams together 6 4 67 %" in said
        assert "North" not in said
        assert "South" not in said
        for name in ("North", "South"):
            assert reader.get(f"{page}/adoption/team?name={name}").status_code == 404
        rest = text_of(reader.get(f"{page}/adoption/team?rest=1")).replace("\xa0", " ")
        assert "4 of 6 people in Smaller teams together" in rest
        assert "Person by person" not in rest


def test_before_the_first_event(door: Door) -> None:
    said = text_of(door.sign_in(INGRID).get("/adoption/teams"))
    assert "There is too little data to compare teams." in said


def test_it_is_for_champions_and_the_desk(busy: Door) -> None:
    for page in ("teams", "team?name=North"):
        assert busy.sign_in(PIA).get(f"/adoption/{page}").status_code == 403
        foreign = f"/accounts/{QUILLON.key}/adoption/{page}"
        assert busy.sign_in(MARA).get(foreign).status_code == 404
        assert busy.sign_in(INGRID).get(f"/adoption/{page}").status_code == 200
    assert busy.sign_in(INGRID).get("/adoption/teams?window=8").status_code == 422


def test_it_reads_the_days_once_and_is_kept(busy: Door) -> None:
    ingrid = busy.sign_in(INGRID)
    ingrid.get("/adoption/teams")
    with counted(busy.world.database) as sent:
        tag = ingrid.get("/adoption/teams?window=90").headers["ETag"]
    assert len([one for one in sent if "FROM usage_day" in one]) == 1
    again = {"If-None-Match": tag}
    assert ingrid.get("/adoption/teams?window=90", headers=again).status_code == 304
