"""Role × tenant × endpoint, made from the live URL map: a new endpoint is in it by itself.

An endpoint with a parameter needs an entry in OBJECTS, or the test says so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.domain.permissions import Permission, Role, allows
from portal.web.guards import MACHINE_BLUEPRINTS, guard_of
from tests.apps import Door
from tests.security.objects import OBJECTS, Objects, make_objects

ROLES = [role.value for role in Role]


@dataclass(frozen=True)
class Call:
    rule: Rule
    method: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule}"


def calls(app: Flask) -> Iterator[Call]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Call(rule, method)


@pytest.fixture
def objects(door: Door) -> Objects:
    return make_objects(door.world)


def address(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    with app.test_request_context():
        url = app.url_map.bind("localhost").build(rule.endpoint, values)
    return url.removeprefix("http://localhost")


def values_of(rule: Rule, pick: Callable[[str], str]) -> dict[str, str]:
    missing = [name for name in rule.arguments if (rule.endpoint, name) not in OBJECTS]
    assert not missing, f"{rule}: say in tests/security/objects.py what {missing} stands for"
    return {name: pick(OBJECTS[rule.endpoint, name]) for name in rule.arguments}


def refused(response: TestResponse) -> bool:
    signs_in = response.status_code == 302 and "/sign-in" in response.headers["Location"]
    return signs_in or response.status_code in {401, 403}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_the_table_says(door: Door, objects: Objects, role: str) -> None:
    wrong = []
    for call in calls(door.app):
        client = door.role(role)
        guard = guard_of(door.app.view_functions[call.rule.endpoint])
        machine = call.rule.endpoint.partition(".")[0] in MACHINE_BLUEPRINTS
        response = client.open(
            address(door.app, call.rule, values_of(call.rule, objects.own)), method=call.method
        )
        response.close()
        if response.status_code >= 500:
            wrong.append(f"{call.name}: {response.status_code}")
        if guard == "public":
            continue
        assert isinstance(guard, Permission)
        # A browser's session opens no machine's door, whatever the role.
        allowed = not machine and allows(Role(role), guard)
        if refused(response) == allowed:
            wrong.append(f"{call.name}: {response.status_code}, allowed={allowed}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "visitor"])
def test_a_foreign_object_is_a_missing_one(door: Door, objects: Objects, role: str) -> None:
    """For customers and CSMs the other account's objects answer 404, like one that never was."""
    wrong = []
    for call in calls(door.app):
        guard = guard_of(door.app.view_functions[call.rule.endpoint])
        kinds = {OBJECTS.get((call.rule.endpoint, name)) for name in call.rule.arguments}
        if not kinds & objects.tenant_kinds or guard == "public":
            continue
        if not isinstance(guard, Permission) or not allows(Role(role), guard):
            continue
        if allows(Role(role), Permission.ACCOUNT_ALL):
            continue
        client = door.role(role)
        foreign = client.open(
            address(door.app, call.rule, values_of(call.rule, objects.foreign)), method=call.method
        )
        missing = client.open(
            address(door.app, call.rule, values_of(call.rule, objects.missing)), method=call.method
        )
        if call.rule.endpoint.partition(".")[0] in MACHINE_BLUEPRINTS:
            continue
        if foreign.status_code != 404 or missing.status_code != 404:
            wrong.append(f"{call.name}: {foreign.status_code} and {missing.status_code}")
    assert not wrong, "\n".join(wrong)


def test_every_endpoint_declares_a_guard(app: Flask) -> None:
    assert all(guard_of(view) is not None for view in app.view_functions.values())
