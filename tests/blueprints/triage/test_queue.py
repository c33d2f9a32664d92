"""Paul triages all requests; Mara sees Oskelund's alone."""

import csv
import io

import pytest

from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.triage.desk import PAUL, Desk, set_desk
from tests.blueprints.usage import counted, morning
from tests.world import INGRID, MARA

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
MOST_STATEMENTS = 10


@pytest.fixture
def desk(door: Door) -> Desk:
    return set_desk(door)


def test_the_board_shows_the_cards_of_one_kind(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    words = text_of(paul.get("/triage"))
    assert "Two are new." in words
    assert "Export by region" in words
    assert "Oskelund Foods, Champion" in words
    assert "It stands still" not in words
    assert "It stands still" in text_of(paul.get("/triage?kind=bug"))


def test_a_csm_sees_their_own_accounts_alone(desk: Desk) -> None:
    mara = desk.door.sign_in(MARA)
    words = text_of(mara.get("/triage?layout=list"))
    assert "One is new." in words
    assert "Export by region" in words
    assert "It stands still" not in words
    assert mara.get(f"/triage/{desk.theirs}").status_code == 404
    assert "Quillon" not in mara.get("/triage/requests.csv?layout=list").text
    assert desk.door.sign_in(INGRID).get("/triage").status_code == 403


def test_list_and_board_cost_few_statements(desk: Desk) -> None:
    paul = desk.door.sign_in(PAUL)
    for address in ("/triage", "/triage?layout=list", "/triage?layout=list&sort=priority"):
        paul.get(address)
        with counted(desk.door.world.database) as sent:
            assert paul.get(address).status_code == 200
        assert len(sent) <= MOST_STATEMENTS, "\n".join(sent)


def test_the_file_holds_no_formula(desk: Desk) -> None:
    desk.town.hand_in(INGRID, title='=HYPERLINK("http://a")')
    answer = desk.door.sign_in(PAUL).get("/triage/requests.csv?layout=list&sort=newest")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert {row["title"] for row in rows} == {
        "Export by region",
        "It stands still",
        '\'=HYPERLINK("http://a")',
    }
    assert {row["account"] for row in rows} == {"Oskelund Foods", "Quillon Insurance"}


@pytest.mark.parametrize(
    "query",
    [
        "layout=list&after=x~y",
        "layout=list&after=2026-11-21~5",
        "layout=list&after=~",
        "layout=list&sort=votes&after=99999999999~1",
        "layout=list&sort=votes&after=3~1",
        "layout=list&before=2026-11-21T09:00:00%2B00:00~5",
        "layout=list&state=closed",
        "layout=list&q=%25_%00",
        "kind=nothing&state=nowhere&tier=x&account='--&whose=everybody&sort=z",
    ],
)
def test_any_address_answers(desk: Desk, query: str) -> None:
    assert desk.door.sign_in(PAUL).get(f"/triage?{query}").status_code == 200
