"""Bodies of requests: what is taken, what is refused, and that nothing brings the reader down."""

import gzip
import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from portal.domain.errors import DomainError, TooLarge
from portal.usage import log
from portal.usage.wire import (
    BATCH_BYTES,
    EVENT_BYTES,
    check_request,
)
from tests.usage.wire import GOOD, at, batch, parse


def test_a_batch_of_one() -> None:
    parsed = parse(batch(GOOD))
    (event,) = parsed.events
    assert (event.kind, event.person, event.name) == ("track", "u-1", "Order Created")
    assert at(parsed) == datetime(2026, 5, 31, 8, 0, 0, 250_000, tzinfo=UTC)
    assert not parsed.refused


def test_gzip_is_known_by_its_first_bytes() -> None:
    assert len(parse(gzip.compress(batch(GOOD, GOOD), mtime=0)).events) == 2


def test_gzip_of_any_size_is_read_again() -> None:
    """Also what is too long to be kept as it is, were it not packed already."""
    unlike = [{**GOOD, "messageId": sha256(b"%d" % n).hexdigest()} for n in range(100)]
    packed = gzip.compress(batch(*unlike))
    assert len(packed) > 2 * log.LEAST_COMPRESSED
    assert log.compressed(packed) == packed
    assert len(parse(packed).events) == 100


def test_a_byte_order_mark_is_passed_over() -> None:
    assert len(parse(b"\xef\xbb\xbf" + batch(GOOD)).events) == 1


@pytest.mark.parametrize("name", ["writeKey", "api_key"])
def test_the_key_may_stand_in_the_body(name: str) -> None:
    assert check_request(batch(GOOD, **{name: "plw_x"}), "batch").key == "plw_x"
    assert check_request(json.dumps({**GOOD, name: "plw_x"}).encode(), "track").key == "plw_x"


def test_a_single_message_takes_its_kind_from_the_address() -> None:
    body = json.dumps({name: value for name, value in GOOD.items() if name != "type"}).encode()
    assert parse(body, "track").events[0].kind == "track"
    assert [one.reason for one in parse(body, "group").refused] == ["no-group"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"batch": 5}', 400),
        (b'{"batch": "x"}', 400),
        (b'{"messages": []}', 400),
        (b"\xff\xfe{}", 400),
        (b'{"batch": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", 400),
        (b"\x1f\x8bnothing of the kind", 400),
        (gzip.compress(batch(GOOD), mtime=0)[:-10], 400),
        (gzip.compress(batch(GOOD), mtime=0)[:20], 400),
        (gzip.compress(b" " * 50_000_000, mtime=0), 413),
        (b" " * (BATCH_BYTES + 1), 413),
        (batch(*[5] * 10_001), 413),
    ],
)
def test_bodies_that_cannot_be_taken(body: bytes, status: int) -> None:
    with pytest.raises(DomainError) as refused:
        parse(body)
    assert refused.value.status == status


def test_a_single_message_that_is_too_large() -> None:
    body = json.dumps({**GOOD, "properties": {"x": "y" * EVENT_BYTES}}).encode()
    with pytest.raises(TooLarge):
        parse(body, "track")
    with pytest.raises(TooLarge):
        parse(json.dumps({**GOOD, "properties": {"x": "y" * 2_000_000}}).encode(), "track")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (5, "malformed"),
        (None, "malformed"),
        ([], "malformed"),
        ({}, "unknown-type"),
        ({**GOOD, "type": "delete"}, "unknown-type"),
        ({**GOOD, "type": 5}, "malformed"),
        ({**GOOD, "userId": None}, "no-person"),
        ({**GOOD, "userId": ""}, "no-person"),
        ({**GOOD, "userId": {"id": 5}}, "malformed"),
        ({**GOOD, "userId": "u" * 201}, "too-long"),
        ({**GOOD, "userId": "u\x00"}, "malformed"),
        ({**GOOD, "event": ""}, "no-event"),
        ({**GOOD, "event": None}, "no-event"),
        ({**GOOD, "event": "e" * 201}, "too-long"),
        ({**GOOD, "messageId": "m" * 201}, "too-long"),
        ({**GOOD, "properties": []}, "malformed"),
        ({**GOOD, "context": "x"}, "malformed"),
        ({**GOOD, "context": {"groupId": "g" * 201}}, "too-long"),
        ({**GOOD, "type": "group"}, "no-group"),
        ({**GOOD, "timestamp": "yesterday"}, "bad-time"),
        ({**GOOD, "timestamp": "1999-12-31T23:59:59Z"}, "ancient"),
        ({**GOOD, "timestamp": "9999-12-31T23:59:59Z"}, "future"),
        ({**GOOD, "timestamp": "0001-01-01T00:00:00+23:59"}, "ancient"),
        ({**GOOD, "timestamp": -1}, "bad-time"),
        ({**GOOD, "timestamp": -62_135_596_800_000}, "bad-time"),
        ({**GOOD, "timestamp": 1e300}, "future"),
        ({**GOOD, "timestamp": True}, "bad-time"),
        ({**GOOD, "timestamp": ["2026"]}, "bad-time"),
        ({**GOOD, "timestamp": "2026-06-04T00:00:00Z"}, "future"),
        ({**GOOD, "properties": {"x": "y" * EVENT_BYTES}}, "too-large"),
    ],
)
def test_a_bad_message_is_listed_and_sinks_nobody(message: Any, reason: str) -> None:
    parsed = parse(batch(GOOD, message, {**GOOD, "messageId": "m-2"}))
    assert len(parsed.events) == 2
    (refusal,) = parsed.refused
    assert (refusal.position, refusal.reason) == (1, reason)
    assert len(refusal.sample) <= 300
    assert refusal.detail


def test_half_a_character_does_not_sink_the_batch() -> None:
    body = batch({**GOOD, "messageId": "m-2"}, {**GOOD, "properties": {"text": "\ud83d"}})
    assert len(parse(body).events) == 2


def test_no_number_does_not_sink_the_batch() -> None:
    body = batch({**GOOD, "messageId": "m-2"}, {**GOOD, "properties": {"share": float("nan")}})
    assert b"NaN" in body
    assert len(parse(body).events) == 2


def test_numbers_as_ids_are_text() -> None:
    message = {**GOOD, "userId": 42, "messageId": 7, "context": {"groupId": 9}}
    event = parse(batch(message)).events[0]
    assert (event.person, event.group) == ("42", "9")


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"channel": "api", "integration": "sap"}, (True, "sap", 0)),
        ({"channel": "integration"}, (True, "shop", 0)),
        ({"channel": "web", "integration": "sap"}, (False, "", 0)),
        ({"channel": ["api"]}, (False, "", 0)),
        ({"channel": "API"}, (False, "", 0)),
        ({"duration_seconds": 2.5}, (False, "", 2500)),
        ({"duration_seconds": -2}, (False, "", 0)),
        ({"duration_seconds": "9"}, (False, "", 0)),
        ({"duration_seconds": True}, (False, "", 0)),
        ({"duration_seconds": 1e12}, (False, "", 0)),
        (None, (False, "", 0)),
    ],
)
def test_properties(properties: Any, expected: tuple[bool, str, int]) -> None:
    message = {**GOOD, "properties": properties, "context": {"app": {"name": "shop"}}}
    event = parse(batch(message)).events[0]
    assert (event.call, event.integration, event.milliseconds) == expected


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"company": "acme"}, "acme"),
        ({"team": "x", "account": "acme"}, "acme"),
        ({"team": "x"}, "x"),
        ({"team": "x", "place": "y"}, ""),
        ({}, ""),
        ("acme", ""),
        ({"company": {"id": 5}}, ""),
    ],
)
def test_groups_of_posthog(groups: Any, expected: str) -> None:
    event = parse(batch({**GOOD, "properties": {"$groups": groups}})).events[0]
    assert event.later_group == expected


def test_the_batch_s_context_holds_for_its_messages() -> None:
    own = {**GOOD, "context": {"groupId": "globex"}}
    first, second = parse(batch(GOOD, own, context={"groupId": "acme"})).events
    assert (first.group, second.group) == ("acme", "globex")
