"""What an address of the API takes stands in its description; nothing else is taken."""

import re

import pytest
from flask.testing import FlaskClient

from tests.apps import Door
from tests.blueprints.api.test_volumes import of_account
from tests.blueprints.usage import morning

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def machine(door: Door) -> FlaskClient:
    return of_account(door, None)


def endpoints(door: Door) -> list[tuple[str, str]]:
    """(method, address) of all of the API, with something for each part that varies."""
    rules = [one for one in door.app.url_map.iter_rules() if one.rule.startswith("/api/")]
    return [
        (method, re.sub("<[^>]+>", "oskelund-foods", rule.rule))
        for rule in rules
        for method in sorted(rule.methods or ())
        if method.lower() in METHODS
    ]


def test_an_unknown_parameter_is_refused_by_name_everywhere(
    door: Door, machine: FlaskClient
) -> None:
    found = endpoints(door)
    assert len(found) > 10
    for method, address in found:
        answer = machine.open(f"{address}?windwo=7", method=method)
        assert answer.status_code == 422, (method, address)
        assert answer.mimetype == "application/problem+json"
        assert [one["member"] for one in answer.get_json()["errors"]] == ["windwo"], address


def test_all_that_is_described_is_known_and_stands_once(machine: FlaskClient) -> None:
    described = 0
    for path, acts in machine.get("/api/v1/openapi.json").get_json()["paths"].items():
        address = re.sub("{[^}]+}", "oskelund-foods", path)
        for method, act in acts.items():
            for one in act.get("parameters", ()):
                if one["in"] != "query":
                    continue
                described += 1
                for sent, refused in ((f"{one['name']}=1", False), (2 * f"{one['name']}=1&", True)):
                    said = machine.open(f"{address}?{sent}", method=method.upper()).text
                    assert "is unknown; known" not in said, (address, one["name"])
                    assert ("stands twice" in said) == refused, (address, one["name"])
    assert described > 15


def test_a_stranger_learns_nothing_of_them(door: Door) -> None:
    answer = door.visitor().get("/api/v1/requests?no-such=1")
    assert answer.status_code == 401
    assert "no-such" not in answer.text


def test_the_doors_of_clients_stay_open(door: Door) -> None:
    secret = of_account(door, None, "write").environ_base["HTTP_AUTHORIZATION"].split()[1]
    event = {"userId": "a", "event": "b", "messageId": "c"}
    answer = door.visitor().post("/v1/track?client=x&v=2", json=event, auth=(secret, ""))
    assert answer.status_code == 200
