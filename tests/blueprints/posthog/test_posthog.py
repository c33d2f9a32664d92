"""PostHog's addresses, as its clients ask them."""

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.apps import Door
from tests.processes.intake import counted, fold, refused
from tests.security.junk import api_secret
from tests.world import OSKELUND

NOON = datetime(2026, 5, 10, 12, tzinfo=UTC).isoformat()
EVENT: dict[str, Any] = {
    "event": "Order Created",
    "distinct_id": "osk-0001",
    "timestamp": NOON,
    "properties": {"$groups": {"account": OSKELUND.key}},
}
PATHS = ["/batch/", "/batch", "/capture/", "/capture", "/e/", "/e", "/i/v0/e/", "/i/v0/e"]


@pytest.mark.parametrize("path", PATHS)
def test_events_are_taken_at_each_address(door: Door, path: str) -> None:
    secret = api_secret(door, "write")
    bodies: list[Any] = [
        {"api_key": secret, "batch": [{**EVENT, "uuid": "a"}, {**EVENT, "uuid": "b"}]},
        {**EVENT, "token": secret, "uuid": "c"},
        [{**EVENT, "uuid": "d", "api_key": secret}],
    ]
    client = door.visitor()
    for body in bodies:
        sent = gzip.compress(json.dumps(body).encode())
        for _again in range(2):
            response = client.post(path, data=sent, content_type="text/plain")
            assert (response.status_code, response.get_json()) == (200, {"status": 1})
    fold(door.world.database)
    assert counted(door.world.database) == {"2026-05-10": 4}
    assert refused(door.world.database) == {}


@pytest.mark.parametrize("key", ["", "plw_wrong", "api"])
def test_a_wrong_key_keeps_nothing(door: Door, key: str) -> None:
    secret = api_secret(door, "api") if key == "api" else key
    response = door.visitor().post("/batch/", json={"api_key": secret, "batch": [EVENT]})
    assert response.status_code == 401
    assert response.get_json()["type"] == "urn:paceline:problem:unknown-key"
    fold(door.world.database)
    assert counted(door.world.database) == {}


@pytest.mark.parametrize("path", ["/flags/?v=2", "/flags?v=2", "/decide/?v=3"])
def test_there_are_no_flags(door: Door, path: str) -> None:
    told = door.visitor().post(path, data=b'{"token": "any"}').get_json()
    assert (told["flags"], told["featureFlags"]) == ({}, {})
    assert told["errorsWhileComputingFlags"] is False


def test_the_browser_s_client_learns_that_only_events_are_wanted(door: Door) -> None:
    told = door.visitor().get("/array/any_key-1/config").get_json()
    assert told["token"] == "any_key-1"
    for unwanted in ("sessionRecording", "heatmaps", "hasFeatureFlags"):
        assert told[unwanted] is False
    script = door.visitor().get("/array/any_key-1/config.js")
    assert script.mimetype == "text/javascript"
    assert '["any_key-1"] = {' in script.text
    (written,) = [json.loads(script.text[script.text.index("] = ") + 4 : -1])]
    assert written == {"config": told, "siteApps": []}


@pytest.mark.parametrize("key", ['"];alert(1);', "a<b", "%0d%0aX", "x" * 201])
def test_no_key_becomes_script(door: Door, key: str) -> None:
    assert door.visitor().get(f"/array/{key}/config.js").status_code == 404
