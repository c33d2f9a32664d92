"""/admin/event-names: what belongs to nothing, with its volume and one click to map it."""

import pytest
from flask.testing import FlaskClient

from tests.apps import Door
from tests.blueprints.reading import actions_of, text_of
from tests.blueprints.usage import days_back, morning, work
from tests.world import ADMIN, INGRID, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
PAGE = "/admin/event-names"


@pytest.fixture
def ada(door: Door) -> FlaskClient:
    database = door.world.database
    work(database, OSKELUND, range(1, 5), days_back(0, 1, 2), "report.shared")
    work(database, QUILLON, range(1, 3), days_back(5, 60), "report.shared")
    work(database, OSKELUND, range(1, 3), days_back(50), "tour.begun")
    work(database, OSKELUND, range(1, 3), days_back(1), "Delegation Used")
    return door.sign_in(ADMIN)


def rows(client: FlaskClient, query: str = "") -> dict[str, list[str]]:
    """Name → the figures of its row."""
    page = client.get(f"{PAGE}?{query}").text
    found = {}
    for part in page.split("<tr>")[2:]:
        name = part.split('<code class="rule">')[1].split("<")[0]
        cells = [one.split("<")[0].strip() for one in part.split('class="num"')[1:]]
        found[name] = [one.split(">")[1] for one in cells]
    return found


def test_unmapped_names_stand_with_their_volume(ada: FlaskClient) -> None:
    assert rows(ada) == {"report.shared": ["14", "2", "6"], "tour.begun": ["0", "0", "0"]}
    assert list(rows(ada, "sort=name")) == ["report.shared", "tour.begun"]
    assert list(rows(ada, "sort=events&dir=asc")) == ["tour.begun", "report.shared"]
    assert list(rows(ada, "q=TOUR")) == ["tour.begun"]
    assert list(rows(ada, "state=mapped")) == ["Delegation Used"]
    assert "2 event names belong to no feature" in text_of(ada.get(PAGE))


def test_one_click_maps_a_name_with_all_of_its_history(door: Door, ada: FlaskClient) -> None:
    ingrid = door.sign_in(INGRID)
    assert "1 of 10 core features are in use" in text_of(ingrid.get("/adoption"))
    form = {"name": "report.shared", "feature": "scheduled-reports"}
    said = ada.post(f"{PAGE}/mapping", data=form, follow_redirects=True)
    assert "report.shared belongs to its feature from now on" in text_of(said)
    assert "2 of 10 core features are in use" in text_of(ingrid.get("/adoption"))
    assert list(rows(ada)) == ["tour.begun"]
    assert actions_of(door.world.database) == ["event-rule.added"]


def test_a_name_becomes_a_new_feature(ada: FlaskClient) -> None:
    form = ada.get("/admin/new-feature?event=report.shared").text
    assert 'value="report.shared"' in form
    made = {"key": "sharing", "name_en": "Sharing", "kind": "record", "events": "report.shared"}
    ada.post("/admin/features", data=made)
    assert list(rows(ada)) == ["tour.begun"]


def test_what_is_ignored_is_listed_apart_and_taken_back(ada: FlaskClient) -> None:
    ada.post(f"{PAGE}/ignoring", data={"name": "tour.begun"})
    assert list(rows(ada)) == ["report.shared"]
    page = ada.get(f"{PAGE}?state=ignored").text
    assert "tour.begun" in page
    key = page.split("/admin/event-rules/")[1].split("/")[0]
    ada.post(f"/admin/event-rules/{key}/removal")
    assert set(rows(ada)) == {"report.shared", "tour.begun"}


def test_an_ignored_name_can_be_mapped_after_all(ada: FlaskClient) -> None:
    ada.post(f"{PAGE}/ignoring", data={"name": "tour.begun"})
    ada.post(f"{PAGE}/mapping", data={"name": "tour.begun", "feature": "delegation"})
    assert set(rows(ada, "state=mapped")) == {"Delegation Used", "tour.begun"}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"name": "report.shared", "feature": ""}, 200),
        ({"name": "report.shared", "feature": "no-such"}, 404),
        ({"name": "", "feature": "delegation"}, 200),
        ({"name": "x" * 300, "feature": "delegation"}, 200),
        ({}, 200),
    ],
)
def test_a_mapping_that_cannot_be_changes_nothing(
    door: Door, ada: FlaskClient, form: dict[str, str], status: int
) -> None:
    answer = ada.post(f"{PAGE}/mapping", data=form, follow_redirects=True)
    assert answer.status_code == status
    assert ada.post(f"{PAGE}/ignoring", data={"name": "*"}).status_code == 302
    assert actions_of(door.world.database) == []
