"""/api/v1/requests/{key}/…: messages, votes and moves of machines."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from portal.domain.requests import Kind
from portal.models import AuditEntry, Request, RequestMessage, RequestVote, User
from portal.services.notices.hearing import told_of, who_hears
from portal.services.requests.showing import show_request
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.api.test_requests import LIST, oskelund, rows, town, vendor
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, HENRIK, INGRID, JONAS, MARA, NOW, PIA

__all__ = ["oskelund", "town", "vendor"]


def members(answer: Any) -> list[str]:
    return [one["member"] for one in answer.get_json()["errors"]]


def test_messages_of_both_sides(
    door: Door, town: Town, oskelund: FlaskClient, vendor: FlaskClient
) -> None:
    key = town.hand_in(INGRID)
    place = f"{LIST}/{key}/messages"
    for client, said in (
        (oskelund, {"body": "Any news?", "author": PIA, "external_id": "1"}),
        (oskelund, {"body": "From our desk"}),
        (vendor, {"body": "Soon.", "author": MARA, "external_id": "1"}),
        (vendor, {"body": "By telephone: yes", "author": INGRID}),
    ):
        assert client.post(place, json=said).status_code == 201
    again = oskelund.post(place, json={"body": "Any?", "author": PIA, "external_id": "1"})
    assert again.status_code == 200
    told = vendor.get(f"{LIST}/{key}").get_json()["messages"]
    assert [(one["side"], one["body"]) for one in told] == [
        ("customer", "Any news?"),
        ("customer", "From our desk"),
        ("vendor", "Soon."),
        ("customer", "By telephone: yes"),
    ]
    assert told[1]["author"] == "test"
    assert again.get_json()["key"] == told[0]["key"]
    assert {row[0] for row in rows(door, select(RequestMessage.channel))} == {"api"}


def test_the_accounts_team_hears_of_a_machine_of_the_customer(
    door: Door, town: Town, oskelund: FlaskClient
) -> None:
    key = town.hand_in(INGRID)
    oskelund.post(f"{LIST}/{key}/messages", json={"body": "Any news?"})
    with door.world.database.session(system_scope(NOW, "test")) as session:
        told = told_of(
            {"request": key, "what": "message", "side": "customer", "idempotency_key": "x"}
        )
        heard = {one.reader.id for one in who_hears(session, told)}
    assert heard == {door.world.users[MARA][0], door.world.users[INGRID][0]}


def test_only_who_may_write_is_an_author(
    town: Town, oskelund: FlaskClient, vendor: FlaskClient
) -> None:
    place = f"{LIST}/{town.hand_in(INGRID)}/messages"
    for client, author in ((oskelund, ELIF), (oskelund, MARA), (vendor, ELIF), (vendor, "x")):
        assert members(client.post(place, json={"body": "x", "author": author})) == ["author"]
    assert vendor.post(place, json={"body": "x", "author": HENRIK}).status_code == 403
    assert vendor.post(place, json={"body": "x", "author": JONAS}).status_code == 404
    assert members(oskelund.post(place, json={"body": ""})) == ["body"]
    assert members(oskelund.post(place, json={"body": "x", "to": "y"})) == ["to"]


def test_votes_are_of_persons(
    door: Door, town: Town, oskelund: FlaskClient, vendor: FlaskClient
) -> None:
    key = town.hand_in(INGRID)
    place = f"{LIST}/{key}/votes"
    for _time in range(2):
        answer = oskelund.post(place, json={"person": PIA})
        assert answer.get_json() == {"request": key, "voters": 2}
    heard = {"person": HENRIK, "by": MARA, "reason": "On the telephone"}
    assert vendor.post(place, json=heard).get_json()["voters"] == 3
    proxy = select(User.email, RequestVote.reason).join(User, User.id == RequestVote.by_id)
    assert rows(door, proxy) == [(MARA, "On the telephone")]
    assert members(vendor.post(place, json={"person": PIA})) == ["by"]
    assert members(vendor.post(place, json={"person": PIA, "by": INGRID})) == ["by"]
    assert members(oskelund.post(place, json={"person": PIA, "by": MARA})) == ["by"]
    for client in (oskelund, vendor):
        more = {"by": MARA} if client is vendor else {}
        assert members(client.post(place, json={"person": ELIF, **more})) == ["person"]


def test_the_vendors_key_moves_a_request(door: Door, town: Town, vendor: FlaskClient) -> None:
    key = town.hand_in(INGRID)
    place = f"{LIST}/{key}/moves"
    asked = vendor.post(place, json={"to": "clarifying", "by": MARA})
    assert (asked.status_code, asked.get_json()["state"]) == (200, "clarifying")
    version = asked.get_json()["version"]
    planned = vendor.post(place, json={"to": "planned", "version": version}).get_json()
    steps = [(one["to"], one["side"]) for one in planned["history"]]
    assert steps[1:] == [("clarifying", "vendor"), ("planned", "vendor")]
    assert planned["history"][2]["by"] is None
    audit = select(AuditEntry.actor, AuditEntry.on_behalf_of).where(
        AuditEntry.action == "request.move"
    )
    assert rows(door, audit) == [("key test", MARA), ("key test", None)]
    assert [row[0] for row in rows(door, select(Request.answered_at))] != [None]


REFUSED: list[tuple[int, str, dict[str, Any]]] = [
    (409, "no-such-move", {"to": "released"}),
    (409, "changed-meanwhile", {"to": "clarifying", "version": 99}),
    (403, "forbidden", {"to": "planned", "by": MARA}),
    (422, "reason-missing", {"to": "declined"}),
    (422, "invalid", {"to": "open"}),
    (422, "invalid", {}),
    (422, "invalid", {"to": "planned", "by": PIA}),
    (422, "invalid", {"to": "planned", "version": "1"}),
    (422, "invalid", {"to": "planned", "version": True}),
]


def test_what_the_way_does_not_allow_is_told(town: Town, vendor: FlaskClient) -> None:
    place = f"{LIST}/{town.hand_in(INGRID)}/moves"
    assert vendor.post(place, json={"to": "clarifying"}).status_code == 200
    for status, code, sent in REFUSED:
        answer = vendor.post(place, json=sent)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        assert answer.get_json()["type"].endswith(f":{code}"), sent


def test_a_customers_key_moves_nothing(town: Town, oskelund: FlaskClient) -> None:
    key = town.hand_in(INGRID)
    assert oskelund.post(f"{LIST}/{key}/moves", json={"to": "clarifying"}).status_code == 403
    assert town.call(PAUL, show_request, key).state == "submitted"


JUDGED = {"core": "yes", "asker": "decides", "urgency": "now", "effort": "days", "risk": "untold"}


def test_the_vendors_key_judges_a_change_and_no_customer_reads_it(
    town: Town, oskelund: FlaskClient, vendor: FlaskClient
) -> None:
    key = town.hand_in(INGRID)
    place = f"{LIST}/{key}/judgements"
    sent = {**JUDGED, "remarks": {"asker": "Their CFO"}, "by": PAUL}
    assert vendor.post(place, json=sent).status_code == 200
    told = vendor.get(f"{LIST}/{key}").get_json()["judgement"]
    assert (told["outcome"], told["by"]) == ("tell_first", "Paul Oduya")
    assert told["remarks"] == {"asker": "Their CFO"}
    assert {name: told[name] for name in JUDGED} == JUDGED
    assert "judgement" not in oskelund.get(f"{LIST}/{key}").get_json()
    assert oskelund.post(place, json=JUDGED).status_code == 403
    assert vendor.post(place, json={**JUDGED, "by": MARA}).status_code == 403
    assert members(vendor.post(place, json={"core": "perhaps"})) == list(JUDGED)
    for remarks, member in (({"why": "x"}, "remarks.why"), ({"core": "x" * 501}, "remarks.core")):
        assert members(vendor.post(place, json={**JUDGED, "remarks": remarks})) == [member]
    bug = town.hand_in(INGRID, kind=Kind.BUG, title="It stands", told={"steps": "Open it"})
    assert vendor.post(f"{LIST}/{bug}/judgements", json=JUDGED).status_code == 409


def test_nothing_of_another_account_is_reached(town: Town, oskelund: FlaskClient) -> None:
    key = town.hand_in(ELIF)
    for place, sent in (
        ("messages", {"body": "x"}),
        ("votes", {"person": PIA}),
        ("moves", {"to": "clarifying"}),
        ("judgements", JUDGED),
    ):
        assert oskelund.post(f"{LIST}/{key}/{place}", json=sent).status_code == 404
