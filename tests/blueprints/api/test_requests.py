"""/api/v1/requests: what keys of an account and of the vendor hand in, read and do."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.domain.requests import Visibility
from portal.models import Request, RequestVote, User
from portal.services.requests.talking import write_note
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.api.test_volumes import of_account
from tests.services.requests.town import Town
from tests.world import ELIF, INGRID, MARA, NOW, OSKELUND, PIA, QUILLON

LIST = "/api/v1/requests"
SCENE = {"who": "Twelve managers", "when": "On the second day", "wants": "Their own plants"}
NEED = {"kind": "need", "title": "Export by plant", "told": SCENE, "requester": PIA}


@pytest.fixture
def town(door: Door) -> Town:
    return Town(door.world, NOW)


@pytest.fixture
def oskelund(door: Door) -> FlaskClient:
    return of_account(door, OSKELUND.key)


@pytest.fixture
def vendor(door: Door) -> FlaskClient:
    return of_account(door, None)


def rows(door: Door, statement: Any) -> list[Any]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return [tuple(row) for row in session.execute(statement)]


def made(client: FlaskClient, **more: Any) -> dict[str, Any]:
    answer = client.post(LIST, json={**NEED, **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def test_a_key_of_an_account_hands_in_for_a_person(door: Door, oskelund: FlaskClient) -> None:
    told = made(oskelund, external_id="ticket-17", severity=None)
    assert (told["kind"], told["state"], told["phase"]) == ("need", "submitted", "open")
    assert (told["account"], told["channel"], told["told"]) == (OSKELUND.key, "api", SCENE)
    assert (told["external_id"], told["totals"]) == ("ticket-17", {"people": 1, "accounts": 1})
    assert [(one["to"], one["side"]) for one in told["history"]] == [("submitted", "customer")]
    voted = select(User.email).join(RequestVote, RequestVote.user_id == User.id)
    assert rows(door, voted) == [(PIA,)]
    assert oskelund.get(f"{LIST}/{told['key']}").get_json()["requester"] == told["requester"]


def test_the_same_number_again_changes_nothing(door: Door, oskelund: FlaskClient) -> None:
    first = made(oskelund, external_id="17")
    again = oskelund.post(LIST, json={**NEED, "title": "Another", "external_id": "17"})
    assert (again.status_code, again.get_json()["key"]) == (200, first["key"])
    assert again.get_json()["title"] == "Export by plant"
    assert rows(door, select(func.count(Request.id))) == [(1,)]


def test_numbers_of_both_sides_never_meet(oskelund: FlaskClient, vendor: FlaskClient) -> None:
    own = made(oskelund, external_id="17")
    theirs = made(vendor, external_id="17", account=OSKELUND.key)
    other = made(vendor, external_id="17", account=QUILLON.key, requester=ELIF)
    assert len({own["key"], theirs["key"], other["key"]}) == 3
    numbers = {one["key"]: one["external_id"] for one in vendor.get(LIST).get_json()["items"]}
    assert numbers == {own["key"]: None, theirs["key"]: "17", other["key"]: "17"}


def test_for_somebody_who_cannot_sign_in(oskelund: FlaskClient, vendor: FlaskClient) -> None:
    for client in (oskelund, vendor):
        told = made(client, account=OSKELUND.key, requester=None, requester_name="Ola Nord")
        assert (told["requester"], told["totals"]["people"]) == ("Ola Nord", 0)
        assert told["answered_at"] is None


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("kind", {"kind": "wish"}),
    ("title", {"title": " "}),
    ("title", {"title": 7}),
    ("told.when", {"told": {"who": "We", "wants": "It"}}),
    ("told.steps", {"told": {**SCENE, "steps": "One"}}),
    ("told", {"told": ["who"]}),
    ("requester", {"requester": ELIF}),
    ("requester", {"requester": "nobody at all"}),
    ("requester", {"requester": None}),
    ("requester", {"requester_name": "Ola"}),
    ("account", {"account": QUILLON.key}),
    ("account", {"account": "no-such"}),
    ("severity", {"severity": "major"}),
    ("effect", {"effect": "huge"}),
    ("feature", {"feature": "no-such"}),
    ("locale", {"locale": "tlh"}),
    ("visibility", {"visibility": "all"}),
    ("visibility", {"visibility": "private", "requester": None, "requester_name": "Ola"}),
    ("external_id", {"external_id": "9" * 201}),
    ("state", {"state": "released"}),
]


def test_each_wrong_member_is_named(oskelund: FlaskClient) -> None:
    for member, wrong in WRONG:
        answer = oskelund.post(LIST, json={**NEED, **wrong})
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), wrong
        assert member in {one["member"] for one in answer.get_json()["errors"]}, wrong
    assert oskelund.get(LIST).get_json()["items"] == []


def test_the_vendors_key_says_whose_account(vendor: FlaskClient) -> None:
    answer = vendor.post(LIST, json=NEED)
    assert [one["member"] for one in answer.get_json()["errors"]] == ["account"]
    assert vendor.post(LIST, data="[").status_code == 400
    assert vendor.post(LIST, json=[NEED]).status_code == 422


def test_pages_follow_the_changes(town: Town, vendor: FlaskClient) -> None:
    keys = []
    for minute in range(5):
        keys.append(town.hand_in(PIA if minute % 2 else ELIF))
        town.later(minutes=1)
    first = vendor.get(f"{LIST}?limit=3").get_json()
    rest = vendor.get(f"{LIST}?limit=3&after={first['next']}").get_json()
    assert [one["key"] for one in first["items"] + rest["items"]] == keys
    assert rest["next"] is None
    since = first["items"][2]["updated_at"]
    late = vendor.get(LIST, query_string={"updated_since": since}).get_json()["items"]
    assert [one["key"] for one in late] == keys[2:]
    own = vendor.get(LIST, query_string={"account": QUILLON.key, "kind": "need"}).get_json()
    assert [one["key"] for one in own["items"]] == keys[::2]
    assert vendor.get(f"{LIST}?state=released").get_json()["items"] == []


QUERIES = [
    ("kind", "kind=wish"),
    ("state", "state=open"),
    ("account", "account=no-such"),
    ("updated_since", "updated_since=2026-01-01"),
    ("updated_since", "updated_since=soon"),
    ("after", "after=x"),
    ("after", "after=2026-01-01T00:00:00~1"),
    ("limit", "limit=0"),
]


def test_a_wrong_question_is_named(vendor: FlaskClient) -> None:
    for member, query in QUERIES:
        answer = vendor.get(f"{LIST}?{query}")
        assert answer.status_code == 422, query
        assert [one["member"] for one in answer.get_json()["errors"]] == [member]


def test_an_accounts_key_reads_what_the_company_reads(
    town: Town, oskelund: FlaskClient, vendor: FlaskClient
) -> None:
    shown, others = town.hand_in(INGRID), town.hand_in(ELIF)
    hidden = town.hand_in(PIA, visibility=Visibility.PRIVATE, title="Only mine")
    town.call(MARA, write_note, shown, "They pay axolotl much.")
    assert [one["key"] for one in oskelund.get(LIST).get_json()["items"]] == [shown]
    for key in (others, hidden):
        assert oskelund.get(f"{LIST}/{key}").status_code == 404
    assert "revenue" not in oskelund.get(f"{LIST}/{shown}").get_json()["totals"]
    assert set(vendor.get(f"{LIST}/{shown}").get_json()["totals"]["revenue"]) == {"EUR"}
    for client in (oskelund, vendor):
        assert "axolotl" not in client.get(f"{LIST}/{shown}").text
    assert oskelund.get(LIST, query_string={"account": QUILLON.key}).status_code == 422


def test_private_is_for_the_person_who_is_named(oskelund: FlaskClient) -> None:
    told = made(oskelund, visibility="private", external_id="p")
    assert told["visibility"] == "private"
    assert oskelund.get(f"{LIST}/{told['key']}").status_code == 404
    words = oskelund.post(f"{LIST}/{told['key']}/messages", json={"body": "x", "author": PIA})
    assert words.status_code == 404
