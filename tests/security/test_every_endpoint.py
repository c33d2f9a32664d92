"""Role × tenant × endpoint, made from the live URL map: a new endpoint is in it by itself.

An endpoint with a parameter needs an entry in OBJECTS, or the test says so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.domain.permissions import TABLE, Permission, Role, allows
from portal.services.api_keys import create_key
from portal.tenancy import system_scope
from portal.web.guards import MACHINE_BLUEPRINTS, guard_of
from tests.apps import Door
from tests.security.objects import OBJECTS, Objects, make_objects
from tests.world import NOW, OSKELUND

ROLES = [role.value for role in Role]
# Nothing is foreign to a role that sees every account, or triages what all accounts ask for.
WIDE = (Permission.ACCOUNT_ALL, Permission.REQUEST_TRIAGE)
BOUNDED = [role.value for role in TABLE if not any(allows(role, one) for one in WIDE)]
BOUNDED.remove(Role.VISITOR)
# A form's token is another one on each page.
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


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
    reader = door.role(role)
    # What writes may end every session, or the role: it comes after all reading, each in its own.
    for call in sorted(calls(door.app), key=lambda one: one.method != "GET"):
        client = reader if call.method == "GET" else door.role(role)
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


def tenant_calls(app: Flask, objects: Objects) -> Iterator[Call]:
    """The calls whose address names something that belongs to an account."""
    for call in calls(app):
        kinds = {OBJECTS.get((call.rule.endpoint, name)) for name in call.rule.arguments}
        if kinds & objects.tenant_kinds:
            yield call


def as_a_stranger_reads(response: TestResponse, values: dict[str, str]) -> str:
    """Status and body without what the reader sent and the number of the request."""
    body = response.get_data(as_text=True).replace(response.headers["X-Request-ID"], "")
    for value in values.values():
        body = body.replace(value, "")
    return f"{response.status_code} {TOKEN.sub('', body)}"


def tells_them_apart(door: Door, client: FlaskClient, call: Call, objects: Objects) -> str:
    """What is wrong where another account's object answers otherwise than a missing one."""
    seen = []
    for pick in (objects.foreign, objects.missing):
        values = values_of(call.rule, pick)
        response = client.open(address(door.app, call.rule, values), method=call.method)
        seen.append(as_a_stranger_reads(response, values))
    if not seen[0].startswith("404 ") or seen[0] != seen[1]:
        return f"{call.name}: {seen[0][:80]!r} and {seen[1][:80]!r}"
    return ""


@pytest.mark.parametrize("role", BOUNDED)
def test_a_foreign_object_is_a_missing_one(door: Door, objects: Objects, role: str) -> None:
    """For customers and CSMs the other account's objects answer 404, like one that never was."""
    wrong = []
    for call in tenant_calls(door.app, objects):
        guard = guard_of(door.app.view_functions[call.rule.endpoint])
        machine = call.rule.endpoint.partition(".")[0] in MACHINE_BLUEPRINTS
        if machine or not isinstance(guard, Permission) or not allows(Role(role), guard):
            continue
        wrong.append(tells_them_apart(door, door.role(role), call, objects))
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_a_key_of_one_account_finds_no_foreign_object(door: Door, objects: Objects) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        key = create_key(session, "test", "api", OSKELUND.key)
    client = door.visitor()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key.secret}"
    wrong, tried = [], 0
    for call in tenant_calls(door.app, objects):
        if call.rule.endpoint.startswith("api."):
            tried += 1
            wrong.append(tells_them_apart(door, client, call, objects))
    assert tried
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_every_endpoint_declares_a_guard(app: Flask) -> None:
    assert all(guard_of(view) is not None for view in app.view_functions.values())
