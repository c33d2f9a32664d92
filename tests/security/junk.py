"""What nobody should send, and what every answer must look like all the same."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.domain.permissions import Permission, Role, allows
from portal.services.api_keys import create_key
from portal.tenancy import system_scope
from portal.web.errors import MACHINE_PATHS, SCRIPT_PATHS
from portal.web.guards import MACHINE_BLUEPRINTS, guard_of
from portal.web.requests import HEADERS
from tests.apps import Door
from tests.security.objects import OBJECTS, Objects
from tests.world import NOW

PORTAL = Path(__file__).parents[2] / "portal"
READ_BY_NAME = re.compile(
    r"""(?:args|form|values|asked)(?:\.get|\.getlist)?[(\[]["'](\w+)["']"""
    r"""|^\s+(\w+) = \w*Field\(""",
    re.MULTILINE,
)
# As they stand in an address or a form, percent-encoded where they are no plain text.
VALUES = [
    "",
    "a%00b",
    "%zz%f%",
    "%FF%FE",
    "%ED%A0%80",
    "%F0%9F%A6%A6",
    "-1",
    "99999999999999999999",
    "1e309",
    "%D9%A3",
    "%C2%B2",
    "0001-01-01",
    "9999-12-31",
    "..%2F..%2F..%2Fetc%2Fpasswd",
    "%0D%0AX-Evil:%201",
    "%3Cscript%3E'%20OR%201=1--%7B%7B7*7%7D%7D",
    "%E2%80%AE%CC%81",
    "a" * 6000,
]
# Read before every answer, whichever it is; and how many turns show what an endpoint reads.
READ_BY_ALL = {"locale", "theme"}
ENOUGH = 2
# What a database may refuse to keep or to compare.
HARD_TO_STORE = ["a%00b", "%ED%A0%80", "99999999999999999999", "9999-12-31"]


@dataclass(frozen=True)
class Target:
    """An endpoint with its address, and a browser (or machine) that may ask for it."""

    rule: Rule
    method: str
    path: str
    names: tuple[str, ...]
    client: FlaskClient
    headers: dict[str, str]

    def members(self, values: list[str], turn: int) -> str:
        """As many turns as values: each member has had each of them, beside different others,
        since a refusal of one may hide that another was never looked at.
        """
        return "&".join(
            f"{name}={values[(place + turn) % len(values)]}"
            for place, name in enumerate(self.names)
        )

    def send(self, query: str = "", form: str = "", **headers: str) -> TestResponse:
        return self.client.open(
            f"{self.path}?{query}",
            method=self.method,
            data=form or None,
            content_type="application/x-www-form-urlencoded" if form else None,
            headers={**self.headers, **headers},
        )


def note_members(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of members of queries and forms that answering looks at from now on, "*" for all.
    The page's frame repeats what it was asked in its own links (`items`): that is no look.
    """
    read: set[str] = set()

    class Noted(ImmutableMultiDict[str, str]):
        def __getitem__(self, key: str) -> str:
            read.add(key)
            return super().__getitem__(key)

        def __contains__(self, key: object) -> bool:
            read.add(str(key))
            return super().__contains__(key)

        def getlist(self, key: str, *more: Any, **options: Any) -> list[Any]:
            read.add(key)
            return super().getlist(key, *more, **options)

        def __iter__(self) -> Iterator[str]:
            read.add("*")
            return super().__iter__()

        def keys(self) -> Any:
            read.add("*")
            return super().keys()

        def lists(self) -> Any:
            read.add("*")
            return super().lists()

    monkeypatch.setattr(Request, "parameter_storage_class", Noted)
    return read


def targets(door: Door, objects: Objects, wanted: str = "") -> Iterator[Target]:
    """Every endpoint and method of the application (or the one `wanted`), asked by somebody who
    may. What reads comes first and the administrator's forms last: they change what others may.
    """
    secret = api_secret(door)
    calls = [
        (method, rule)
        for rule in door.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if wanted in {method, ""}
    ]
    for method, rule in sorted(calls, key=lambda call: (call[0], role_for(door.app, call[1]))):
        machine = rule.endpoint.partition(".")[0] in MACHINE_BLUEPRINTS
        headers = {"Authorization": f"Bearer {secret}"} if machine else {}
        values = {name: objects.own(OBJECTS[rule.endpoint, name]) for name in rule.arguments}
        path = address(door.app, rule, values)
        client = door.role(role_for(door.app, rule))
        yield Target(rule, method, path, names_of(rule), client, headers)


def address(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def role_for(app: Flask, rule: Rule) -> str:
    """A role that may; of the staff the one that reaches most. A visitor where all may."""
    guard = guard_of(app.view_functions[rule.endpoint])
    if not isinstance(guard, Permission):
        return "visitor"
    order = [Role.CHAMPION, Role.CSM, *Role]
    return str(next(role.value for role in order if allows(role, guard)))


def names_of(rule: Rule) -> tuple[str, ...]:
    """The members of query strings and forms that the endpoint's room reads, from its source."""
    return names_of_room(rule.endpoint.partition(".")[0])


@cache
def names_of_room(room: str) -> tuple[str, ...]:
    files = [*(PORTAL / "blueprints" / room).glob("*.py"), *(PORTAL / "web").rglob("*.py")]
    pairs = [pair for file in files for pair in READ_BY_NAME.findall(file.read_text())]
    return tuple(sorted({name for pair in pairs for name in pair} - {""}))


def api_secret(door: Door, kind: str = "api") -> str:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        return create_key(session, "Junk", kind).secret


def faults(response: TestResponse, *, fragment: bool = False) -> list[str]:
    """What is wrong with an answer, whatever was asked."""
    found = [f"no {name}" for name in (*HEADERS, "X-Request-ID") if name not in response.headers]
    if response.status_code >= 500:
        found.append(f"status {response.status_code}")
    if response.status_code >= 400 and response.request.method != "HEAD":
        found += shape_faults(response, fragment=fragment)
    response.close()
    return found


def shape_faults(response: TestResponse, *, fragment: bool) -> list[str]:
    sends = response.request.method == "POST" and "HX-Request" not in response.request.headers
    by_script = sends and response.request.path.startswith("/requests/files")
    if by_script or response.request.path.startswith((*MACHINE_PATHS, *SCRIPT_PATHS)):
        return problem_faults(response)
    if response.mimetype != "text/html":
        return [f"{response.status_code} as {response.mimetype}"]
    whole = response.text.lstrip().lower().startswith("<!doctype html>")
    return [f"{response.status_code}: page instead of fragment"] if fragment and whole else []


def problem_faults(response: TestResponse) -> list[str]:
    if response.mimetype != "application/problem+json":
        return [f"{response.status_code} as {response.mimetype}"]
    said = json.loads(response.data)
    right = said["status"] == response.status_code and said["type"].startswith("urn:paceline:")
    named = said["title"] and said["request_id"] == response.headers["X-Request-ID"]
    return [] if right and named else [f"problem is {said}"]
