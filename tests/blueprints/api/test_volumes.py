"""/api/v1/accounts/{key}/volumes, and the same series on the pages."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.services.api_keys import create_key
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.usage import days_back, morning, work
from tests.world import INGRID, MARA, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = f"/api/v1/accounts/{OSKELUND.key}/volumes"
GOOD = {"id": "a", "series": "orders", "day": "2026-11-20", "value": 412}


@pytest.fixture
def machine(door: Door) -> FlaskClient:
    return of_account(door, OSKELUND.key)


def of_account(door: Door, account: str | None, kind: str = "api") -> FlaskClient:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        key = create_key(session, "test", kind, account)
    client = door.visitor()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key.secret}"
    return client


def push(client: FlaskClient, *items: Any) -> TestResponse:
    return client.post(ADDRESS, json={"items": list(items)})


def test_what_was_pushed_is_told_again(machine: FlaskClient) -> None:
    hours = {
        "id": "b",
        "series": "hours-saved",
        "timestamp": "2026-11-19T23:30:00Z",
        "value": "-0.125",
        "name_en": "Hours saved",
        "name_zh": "节省工时",
        "unit": "h",
    }
    answer = push(machine, GOOD, hours)
    assert (answer.status_code, answer.get_json()) == (200, {"accepted": 2, "duplicates": 0})
    assert push(machine, GOOD).get_json() == {"accepted": 0, "duplicates": 1}
    told = machine.get(ADDRESS).get_json()
    assert told["next"] is None
    assert [one["key"] for one in told["series"]] == ["hours-saved", "orders"]
    assert [(one["id"], one["day"], one["value"]) for one in told["items"]] == [
        ("a", "2026-11-20", "412"),
        ("b", "2026-11-20", "-0.125"),
    ]


def test_pages_follow_one_another(machine: FlaskClient) -> None:
    push(machine, *[{**GOOD, "id": str(number)} for number in range(5)])
    first = machine.get(f"{ADDRESS}?limit=3").get_json()
    second = machine.get(ADDRESS, query_string={"limit": 3, "after": first["next"]}).get_json()
    assert [one["id"] for one in first["items"] + second["items"]] == list("01234")
    assert second["next"] is None


@pytest.mark.parametrize(
    ("member", "wrong"),
    [
        ("value", {**GOOD, "value": 0.1234567}),
        ("value", {**GOOD, "value": "many"}),
        ("value", {"id": "x", "series": "orders", "day": "2026-11-20"}),
        ("day", {**GOOD, "day": "2027-01-01"}),
        ("day", {**GOOD, "timestamp": "2026-11-20T08:00:00Z"}),
        ("day", {"id": "x", "series": "orders", "value": 1}),
        ("timestamp", {"id": "x", "series": "orders", "value": 1, "timestamp": "noon"}),
        ("series", {**GOOD, "series": "No Key"}),
        ("id", {**GOOD, "id": ""}),
        ("unit", {**GOOD, "unit": "u" * 25}),
        ("colour", {**GOOD, "colour": "blue"}),
    ],
)
def test_the_wrong_member_is_named_and_nothing_kept(
    machine: FlaskClient, member: str, wrong: Any
) -> None:
    answer = push(machine, {**GOOD, "id": "good"}, wrong)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [one["member"] for one in answer.get_json()["errors"]] == [f"items[1].{member}"]
    assert machine.get(ADDRESS).get_json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b'{"items": []}', 422),
        (b'{"items": [1]}', 422),
        (b'{"items": [{"id": "x", "series": "x", "day": "2026-11-20", "value": 1e999999}]}', 422),
        (b'{"items": [{"id": "x", "series": "x", "day": "2026-11-20", "value": NaN}]}', 400),
        (b'{"items": ' + b"[" + b"{}," * 1000 + b"{}]}", 422),
    ],
)
def test_a_body_that_is_no_push_is_refused(machine: FlaskClient, body: bytes, status: int) -> None:
    answer = machine.post(ADDRESS, data=body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "from=soon", "after=~", "to=1"])
def test_a_question_that_cannot_be_read_is_refused(machine: FlaskClient, query: str) -> None:
    answer = machine.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 422
    assert [one["member"] for one in answer.get_json()["errors"]] == [query.partition("=")[0]]


def test_only_an_api_key_that_reaches_the_account_pushes(door: Door, machine: FlaskClient) -> None:
    assert push(of_account(door, QUILLON.key), GOOD).status_code == 404
    assert push(of_account(door, None, "write"), GOOD).status_code == 401
    assert push(door.visitor(), GOOD).status_code == 401
    assert push(of_account(door, None), GOOD).status_code == 200
    assert machine.delete(ADDRESS).status_code == 405


def test_both_sides_see_the_series_on_the_adoption_page(door: Door, machine: FlaskClient) -> None:
    work(door.world.database, OSKELUND, range(1, 5), days_back(*range(40)))
    mine, theirs = "/adoption", f"/accounts/{OSKELUND.key}/adoption"
    ingrid = door.sign_in(INGRID)
    before = ingrid.get(mine)
    assert "Business volume" not in before.text
    named = {**GOOD, "name_en": "Orders", "name_zh": "订单", "unit": "pcs"}
    push(machine, named, {**named, "id": "b", "day": "2026-11-01", "value": -12.5})
    held = {"If-None-Match": before.headers["ETag"]}
    for page in (ingrid.get(mine, headers=held), door.sign_in(MARA).get(theirs)):
        assert page.status_code == 200
        assert "Business volume" in page.text
        assert "400 <small>pcs</small>" in page.text
        assert "−12.5" in page.text
    table = ingrid.get("/adoption/volumes.csv").text.splitlines()
    assert table[0].endswith("day,series,name_en,name_zh,unit,value")
    assert table[-1] == "2026-11-20,orders,Orders,订单,pcs,412"
    assert "2026-11-01,orders,Orders,订单,pcs,-12.5" in table


def test_the_description_names_both_ways(machine: FlaskClient) -> None:
    described = machine.get("/api/v1/openapi.json").get_json()
    ways = described["paths"]["/api/v1/accounts/{key}/volumes"]
    assert set(ways) == {"get", "post"}
    asked = {one["name"] for one in ways["get"]["parameters"]}
    assert asked == {"key", "series", "from", "to", "after", "limit"}
    assert "requestBody" in ways["post"]


def test_a_timestamp_without_an_offset_is_what_clocks_over_there_show(
    machine: FlaskClient,
) -> None:
    late = "2026-11-19T23:30:00"
    told = {"series": "orders", "value": 1}
    push(machine, {"id": "theirs", "timestamp": late, **told})
    push(machine, {"id": "utc", "timestamp": f"{late}Z", **told})
    days = {one["id"]: one["day"] for one in machine.get(ADDRESS).get_json()["items"]}
    assert days == {"theirs": "2026-11-19", "utc": "2026-11-20"}, "they are an hour ahead"
