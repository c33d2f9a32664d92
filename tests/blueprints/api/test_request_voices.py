"""/api/v1/requests/{key}: votes taken back, whether a release works, and files."""

from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from portal.domain.requests import State
from portal.models import RequestConfirmation, RequestFile, User
from portal.services.requests.handing_in import Asker
from portal.services.requests.moving import move_request
from tests.apps import Door
from tests.blueprints.api.test_request_acts import members
from tests.blueprints.api.test_requests import LIST, oskelund, rows, town, vendor
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, HENRIK, INGRID, MARA, OSKELUND, PIA

__all__ = ["oskelund", "town", "vendor"]
WAY = (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED)


def released(town: Town, email: str = INGRID, **more: Any) -> str:
    key = town.hand_in(email, **more)
    for state in WAY:
        town.call(PAUL, move_request, key, state)
    return key


def attach(client: FlaskClient, key: str, raw: bytes = b"words", **more: str) -> Any:
    form = {"files": (BytesIO(raw), "words.txt"), **more}
    return client.post(f"{LIST}/{key}/files", data=form)


def test_a_vote_is_taken_back(town: Town, oskelund: FlaskClient, vendor: FlaskClient) -> None:
    key = town.hand_in(INGRID)
    oskelund.post(f"{LIST}/{key}/votes", json={"person": PIA})
    place = f"{LIST}/{key}/votes/removal"
    for _time in range(2):
        assert oskelund.post(place, json={"person": PIA}).get_json()["voters"] == 1
    for client in (oskelund, vendor):
        assert members(client.post(place, json={"person": ELIF})) == ["person"]
    assert members(oskelund.post(place, json={})) == ["person"]


def test_the_account_says_whether_it_works(door: Door, town: Town, oskelund: FlaskClient) -> None:
    key = released(town)
    place, yes = f"{LIST}/{key}/answers", {"answer": "works", "person": INGRID}
    assert oskelund.post(place, json={**yes, "answer": "not_tried"}).get_json() == {
        "request": key,
        "state": "released",
    }
    refused = oskelund.post(place, json={**yes, "answer": "not_yet"})
    assert refused.status_code == 422
    assert members(refused) == ["reason"]
    why = {"answer": "not_yet", "reason": "The second plant is missing"}
    assert oskelund.post(place, json={**yes, **why}).get_json()["state"] == "reopened"
    assert oskelund.post(place, json=yes).status_code == 409
    said = select(User.email, RequestConfirmation.answer).join(User)
    assert (INGRID, "not_yet") in rows(door, said)
    other = released(town)
    assert oskelund.post(f"{LIST}/{other}/answers", json=yes).get_json()["state"] == "confirmed"
    third = f"{LIST}/{released(town)}/answers"
    assert oskelund.post(third, json={**yes, "person": HENRIK}).status_code == 403
    assert members(oskelund.post(third, json={**yes, "person": ELIF})) == ["person"]
    assert members(oskelund.post(third, json={**yes, "by": MARA})) == ["by"]
    assert members(oskelund.post(third, json={**yes, "answer": "yes"})) == ["answer"]


def test_the_vendor_says_it_for_nobody_who_can(town: Town, vendor: FlaskClient) -> None:
    place = f"{LIST}/{released(town)}/answers"
    assert members(vendor.post(place, json={"answer": "works", "person": INGRID})) == [
        "person",
        "by",
    ]
    heard = {"answer": "works", "by": MARA, "reason": "On the telephone"}
    assert vendor.post(place, json=heard).status_code == 403
    guest = released(town, MARA, asker=Asker(OSKELUND.key, name="Sven"))
    answer = vendor.post(f"{LIST}/{guest}/answers", json=heard)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "confirmed")


def test_a_file_is_attached_listed_and_fetched_without_a_key(
    door: Door, town: Town, oskelund: FlaskClient, vendor: FlaskClient
) -> None:
    key = town.hand_in(INGRID)
    made = attach(oskelund, key, author=PIA)
    assert (made.status_code, made.get_json()["media_type"]) == (201, "text/plain")
    assert attach(vendor, key, b"more").status_code == 201
    author = select(User.email).select_from(RequestFile).outerjoin(User)
    assert rows(door, author.order_by(RequestFile.id)) == [(PIA,), (None,)]
    items = oskelund.get(f"{LIST}/{key}/files").get_json()["items"]
    assert [(one["name"], one["size"]) for one in items] == [("words.txt", 5), ("words.txt", 4)]
    got = door.visitor().get(items[0]["url"])
    assert (got.data, got.headers.get("Set-Cookie")) == (b"words", None)
    got.close()
    assert vendor.get(f"{LIST}/{key}/files").get_json()["items"][0]["key"] == items[0]["key"]


def test_a_file_that_is_refused_is_told(town: Town, oskelund: FlaskClient) -> None:
    key, theirs = town.hand_in(INGRID), town.hand_in(ELIF)
    assert members(attach(oskelund, key, b"\x7fELF\x00\x01")) == ["files"]
    assert members(attach(oskelund, key, author=ELIF)) == ["author"]
    assert members(oskelund.post(f"{LIST}/{key}/files", data={})) == ["files"]
    assert attach(oskelund, theirs).status_code == 404
    assert oskelund.get(f"{LIST}/{theirs}/files").status_code == 404
    assert oskelund.get(f"{LIST}/{key}/files").get_json() == {"items": []}
