"""Events that cannot be taken: what the sender is told, what the administrator sees, what stays."""

import gzip
import json
from base64 import b64encode
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from portal.domain.errors import DomainError
from portal.services.api_keys import list_keys, revoke_key
from portal.services.usage_review import intake_state, list_refusals
from portal.tenancy import system_scope
from portal.usage import log
from portal.usage.fold import fold_pending
from portal.usage.wire import check_request, parse_messages
from tests.apps import Door
from tests.security.junk import api_secret, faults
from tests.world import NOW, OSKELUND

GOOD: dict[str, Any] = {
    "type": "track",
    "event": "Order Created",
    "userId": "osk-0001",
    "context": {"groupId": OSKELUND.key},
}
BODIES: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 400, "invalid-json"),
    "cut off": (b'{"batch": [', 400, "invalid-json"),
    "no object": (b"[]", 400, "invalid-json"),
    "not UTF-8": (b'{"batch": ["\xff\xfe"]}', 400, "invalid-json"),
    "deep": (b'{"batch": ' + b"[" * 100_000, 400, "invalid-json"),
    "deep numbers": (b'{"batch": [' + b"9" * 100_000 + b"}", 400, "invalid-json"),
    "cut gzip": (gzip.compress(json.dumps({"batch": [GOOD]}).encode())[:-9], 400, "invalid-gzip"),
    "no gzip": (b"\x1f\x8b\x08" + b"\x00" * 40, 400, "invalid-gzip"),
    "gzip bomb": (gzip.compress(b" " * 100_000_000), 413, "too-large"),
    "gzip in gzip": (gzip.compress(gzip.compress(b"{}")), 400, "invalid-json"),
    "too large": (b" " * 600_000, 413, "too-large"),
    "a 2 MB event": (
        json.dumps({"batch": [{**GOOD, "properties": {"x": "y" * 2_000_000}}]}).encode(),
        413,
        "request-entity-too-large",
    ),
    "too many": (json.dumps({"batch": [5] * 10_001}).encode(), 413, "too-large"),
}


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{secret}:".encode()).decode()}


def send(door: Door, body: bytes, secret: str, path: str = "/v1/batch") -> TestResponse:
    return door.visitor().post(path, data=body, headers=basic(secret))


def kept(door: Door) -> tuple[int, dict[str, int]]:
    """Messages that wait for the fold, and the refused ones by reason."""
    with door.world.database.session(system_scope(NOW, "test")) as session:
        refused = {one.reason: one.messages for one in list_refusals(session)}
        return intake_state(session).waiting, refused


@pytest.mark.parametrize("name", BODIES)
def test_bodies_that_cannot_be_taken(door: Door, name: str) -> None:
    body, status, code = BODIES[name]
    response = send(door, body, api_secret(door, "write"))
    assert (response.status_code, faults(response)) == (status, [])
    assert response.get_json()["type"] == f"urn:paceline:problem:{code}"
    assert kept(door) == (0, {})


@pytest.mark.parametrize("path", ["/v1/track/", "/v1/t"])
@pytest.mark.parametrize("name", sorted(set(BODIES) - {"too many"}))
def test_a_single_message_that_cannot_be_taken(door: Door, name: str, path: str) -> None:
    body, status, _ = BODIES[name]
    response = send(door, body, api_secret(door, "write"), path)
    assert (response.status_code, faults(response)) == (status, [])
    assert kept(door) == (0, {})


@pytest.mark.parametrize(
    ("stamp", "reason"),
    [(-1, "bad-time"), ("9999-12-31T23:59:59Z", "future"), ("-0001-01-01", "bad-time")],
)
def test_bad_messages_are_counted_and_sink_no_other(door: Door, stamp: Any, reason: str) -> None:
    messages = [GOOD, {**GOOD, "timestamp": stamp}, {}, {**GOOD, "messageId": "other"}]
    body = json.dumps({"batch": messages}).encode()
    response = send(door, body, api_secret(door, "write"))
    assert (response.status_code, response.json) == (200, {"success": True})
    fold_pending(door.world.database, NOW)
    assert kept(door)[1] == {reason: 1, "unknown-type": 1}
    page = door.sign_in(door.world.first_of("admin")).get("/admin/events")
    assert reason in page.text or "time stamp" in page.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic " + b64encode(b"\xff\xfe").decode()},
        basic("plw_wrong"),
        basic("pla_wrong"),
        basic("plw_" + "a" * 5000),
        basic("plw_\x00"),
    ],
)
def test_a_wrong_key_is_refused_and_nothing_kept(door: Door, headers: dict[str, str]) -> None:
    body = json.dumps({"batch": [GOOD]}).encode()
    response = door.visitor().post("/v1/batch", data=body, headers=headers)
    assert (response.status_code, faults(response)) == (401, [])
    assert kept(door) == (0, {})


def test_a_key_of_another_kind_or_revoked_is_a_wrong_one(door: Door) -> None:
    body = json.dumps({"batch": [GOOD]}).encode()
    assert send(door, body, api_secret(door, "api")).status_code == 401
    secret = api_secret(door, "write")
    assert send(door, body, secret).status_code == 200
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        for one in list_keys(session):
            revoke_key(session, one.key)
    assert send(door, body, secret).status_code == 401


@pytest.mark.parametrize(
    ("query", "member"),
    [
        ("search?q=a&locale=tlh", "locale"),
        ("search?q=a&limit=0", "limit"),
        ("search?q=a&type=poem", "type"),
        ("search?q=%00&limit=99999999999999999999", "limit"),
        (f"accounts/{OSKELUND.key}/adoption?as_of=yesterday", "as_of"),
        (f"accounts/{OSKELUND.key}/adoption?window=-1", "window"),
    ],
)
def test_the_api_names_the_member_that_is_wrong(door: Door, query: str, member: str) -> None:
    headers = {"Authorization": f"Bearer {api_secret(door)}"}
    response = door.visitor().get(f"/api/v1/{query}", headers=headers)
    assert (response.status_code, faults(response)) == (422, [])
    assert member in {one["member"] for one in response.get_json()["errors"]}


WIRE = st.sampled_from(
    ["batch", "type", "track", "userId", "event", "timestamp", "sentAt", "context", "writeKey"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WIRE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WIRE, inner, max_size=5),
    max_leaves=10,
)


@given(JSON, st.sampled_from(["batch", "track", "group", "page"]), st.data())
def test_whatever_arrives_is_read_or_refused(value: Any, kind: str, data: st.DataObject) -> None:
    """JSON of our own words, whole or cut and torn in one place."""
    body = bytearray(
        json.dumps(value, ensure_ascii=data.draw(st.booleans())).encode(errors="replace")
    )
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(body)))
        body[place : place + 1] = data.draw(st.binary(max_size=3))
    for sent in (bytes(body), gzip.compress(bytes(body), 1)):
        with suppress(DomainError):
            taken = check_request(sent, kind)
            # What was taken can be read, whatever it is.
            messages = log.unpack(kind, log.compressed(taken.body))
            parsed = parse_messages(*messages, received=0)
            assert len(parsed.events) + len(parsed.refused) == taken.messages
