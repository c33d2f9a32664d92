"""POST /api/v1/accounts/{key}/usage-days."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.usage.fold import fold_pending
from tests.apps import Door
from tests.blueprints.api.test_volumes import of_account
from tests.blueprints.usage import morning
from tests.world import LAST_DAY, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = f"/api/v1/accounts/{OSKELUND.key}/usage-days"
DAY = LAST_DAY.isoformat()
GOOD = {"day": DAY, "external_id": "osk-0001", "event": "Order Created", "count": 5}


@pytest.fixture
def machine(door: Door) -> FlaskClient:
    return of_account(door, OSKELUND.key)


def push(client: FlaskClient, *items: Any) -> TestResponse:
    return client.post(ADDRESS, json={"items": list(items)})


def figures(door: Door, machine: FlaskClient) -> dict[str, Any]:
    fold_pending(door.world.database, NOW)
    told = machine.get(f"/api/v1/accounts/{OSKELUND.key}/adoption?as_of={DAY}").get_json()
    return {name: told[name] for name in ("dau", "mau")} | {"events": told["series"][-1]["events"]}


def test_what_is_told_last_holds(door: Door, machine: FlaskClient) -> None:
    unnamed = {"day": DAY, "user": 17, "count": 2, "minutes": 1.5}
    answer = push(machine, GOOD, unnamed)
    assert (answer.status_code, answer.get_json()) == (
        200,
        {"added": 2, "changed": 0, "unchanged": 0},
    )
    assert figures(door, machine) == {"dau": 2, "mau": 2, "events": 7}
    assert push(machine, {**GOOD, "count": 3}, unnamed).get_json() == {
        "added": 0,
        "changed": 1,
        "unchanged": 1,
    }
    assert figures(door, machine) == {"dau": 2, "mau": 2, "events": 5}
    push(machine, {**GOOD, "count": 0})
    assert figures(door, machine) == {"dau": 1, "mau": 1, "events": 2}
    push(machine, {**unnamed, "count": 0})
    assert figures(door, machine) == {"dau": 0, "mau": 0, "events": 0}


@pytest.mark.parametrize(
    ("member", "wrong"),
    [
        ("day", {**GOOD, "day": "2027-01-01"}),
        ("day", {**GOOD, "day": (NOW.date() + timedelta(days=2)).isoformat()}),
        ("day", {"user": "u", "count": 1}),
        ("external_id", {"day": DAY, "count": 1}),
        ("user", {"day": DAY, "user": "", "count": 1}),
        ("user", {**GOOD, "user": "osk-0001"}),
        ("external_id", {**GOOD, "external_id": ""}),
        ("external_id", {**GOOD, "external_id": None}),
        ("external_id", {**GOOD, "external_id": "u" * 201}),
        ("external_id", {**GOOD, "external_id": "a\x00b"}),
        ("event", {**GOOD, "event": 5.5}),
        ("event", {**GOOD, "event": "a\x1fb"}),
        ("count", {**GOOD, "count": -1}),
        ("count", {**GOOD, "count": 1.5}),
        ("count", {**GOOD, "count": True}),
        ("count", {**GOOD, "count": 1_000_001}),
        ("count", {"day": DAY, "user": "u"}),
        ("duration_seconds", {**GOOD, "duration_seconds": "long"}),
        ("duration_seconds", {**GOOD, "duration_seconds": -1}),
        ("minutes", {**GOOD, "duration_seconds": 60, "minutes": 1}),
        ("timestamp", {**GOOD, "timestamp": "2026-11-20T08:00:00Z"}),
        ("external_id", {**GOOD, "external_id": "good"}),
    ],
)
def test_the_wrong_member_is_named_and_nothing_kept(
    door: Door, machine: FlaskClient, member: str, wrong: Any
) -> None:
    answer = push(machine, {**GOOD, "external_id": "good"}, wrong)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [one["member"] for one in answer.get_json()["errors"]] == [f"items[1].{member}"]
    assert figures(door, machine)["events"] == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b'{"items": []}', 422),
        (b'{"items": [1]}', 422),
        (b'{"items": [{"day": "2026-11-20", "user": "u", "count": 1e999999}]}', 422),
        (b'{"items": ' + b"[" + b"{}," * 1000 + b"{}]}", 422),
    ],
)
def test_a_body_that_is_no_push_is_refused(machine: FlaskClient, body: bytes, status: int) -> None:
    answer = machine.post(ADDRESS, data=body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_only_an_api_key_that_reaches_the_account_pushes(door: Door, machine: FlaskClient) -> None:
    assert push(of_account(door, QUILLON.key), GOOD).status_code == 404
    assert push(of_account(door, None, "write"), GOOD).status_code == 401
    assert push(door.visitor(), GOOD).status_code == 401
    assert push(of_account(door, None), GOOD).status_code == 200
    assert machine.get(ADDRESS).status_code == 405


def test_it_is_described(machine: FlaskClient) -> None:
    paths = machine.get("/api/v1/openapi.json").get_json()["paths"]
    assert "requestBody" in paths["/api/v1/accounts/{key}/usage-days"]["post"]
