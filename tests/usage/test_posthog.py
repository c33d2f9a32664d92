"""Bodies as PostHog's clients send them, read as Segment's messages."""

import gzip
import json
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import DomainError, TooLarge
from portal.usage import log
from portal.usage.message import Event
from portal.usage.moments import microseconds
from portal.usage.posthog import KIND, check_posthog
from portal.usage.wire import EVENT_BYTES, Parsed, parse_messages

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOON = "2026-05-31T12:00:00.000Z"
UUID = "01a2011d-0e5d-7ad5-b1b3-eebc11c83bee"
GOOD: dict[str, Any] = {
    "event": "order_created",
    "uuid": UUID,
    "distinct_id": "u-1",
    "timestamp": NOON,
    "properties": {"$groups": {"company": "acme"}, "channel": "web", "n": 1},
}


def parse(body: bytes) -> Parsed:
    """As the fold reads what the door took and kept."""
    stored = log.compressed(check_posthog(body).body)
    return parse_messages(*log.unpack(KIND, stored), microseconds(NOW))


def batch(*events: Any, **more: Any) -> bytes:
    return json.dumps({"api_key": "the-key", "batch": events, **more}).encode()


def one(**changed: Any) -> Event:
    (event,) = parse(batch({**GOOD, **changed})).events
    return event


def with_properties(name: str, /, **properties: Any) -> Event:
    return one(event=name, properties=properties)


def form(body: bytes) -> bytes:
    return b"data=" + quote(b64encode(body)).encode()


@pytest.mark.parametrize(
    "body",
    [
        batch(GOOD),
        gzip.compress(batch(GOOD)),
        form(batch(GOOD)),
        form(gzip.compress(batch(GOOD))) + b"&compression=base64",
        json.dumps({**GOOD, "api_key": "the-key"}).encode(),
        json.dumps({**GOOD, "token": "the-key"}).encode(),
        json.dumps([{**GOOD, "properties": {**GOOD["properties"], "token": "the-key"}}]).encode(),
        json.dumps([{**GOOD, "api_key": "the-key"}, GOOD]).encode(),
    ],
)
def test_every_shape_of_a_request(body: bytes) -> None:
    taken = check_posthog(body)
    assert (taken.key, taken.kind) == ("the-key", "posthog")
    parsed = parse(body)
    assert (taken.messages, parsed.refused) == (len(parsed.events), [])
    event = parsed.events[0]
    assert (event.kind, event.name, event.person, event.group) == (
        *("track", "order_created", "u-1", "acme"),
    )
    assert event.at == microseconds(datetime(2026, 5, 31, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"5", 400),
        (b'"event"', 400),
        (b'{"batch": 5}', 400),
        (b"data=", 400),
        (b"data=%%%", 400),
        (b"data=N%C3", 400),
        (b"data=" + b64encode(b"no JSON"), 400),
        (form(gzip.compress(b" " * 600_000)), 413),
        (json.dumps({**GOOD, "n": "x" * EVENT_BYTES}).encode(), 413),
        (json.dumps({"batch": [5] * 10_001}).encode(), 413),
        (b"[" * 100_000, 400),
    ],
)
def test_bodies_that_cannot_be_taken(body: bytes, status: int) -> None:
    with pytest.raises(DomainError) as refused:
        check_posthog(body)
    assert refused.value.status == status
    assert isinstance(refused.value, TooLarge) == (status == 413)


def test_a_key_is_not_needed_to_read() -> None:
    assert check_posthog(b"[]").key == ""
    assert check_posthog(b'[5, {"api_key": "late"}]').key == ""


def test_the_uuid_knows_an_event_again() -> None:
    assert one().identity == one(event="another name").identity
    assert one().identity != one(uuid="another").identity
    old = {**GOOD, "uuid": None, "properties": {"$insert_id": UUID}}
    assert parse(batch(old)).events[0].identity == one().identity


def test_without_a_time_stamp_the_time_of_the_browser_counts() -> None:
    at = datetime(2026, 5, 30, 9, tzinfo=UTC)
    event = one(timestamp=None, properties={"$time": at.timestamp()})
    assert event.at == microseconds(at)


def test_a_clock_that_is_off_is_corrected() -> None:
    (event,) = parse(batch(GOOD, sent_at="2026-05-31T12:00:01Z")).events
    assert event.at == microseconds(NOW) - 1_000_000


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("$pageview", "page", "page"),
        ("$screen", "screen", "Orders"),
        ("$autocapture", "track", "$autocapture"),
        ("$pageleave", "track", "$pageleave"),
        ("$identify", "identify", ""),
        ("$set", "identify", ""),
        ("$feature_flag_called", "identify", ""),
        ("$create_alias", "alias", ""),
    ],
)
def test_what_its_own_events_are(name: str, kind: str, told: str) -> None:
    event = with_properties(name, **{"$screen_name": "Orders"})
    assert (event.kind, event.name, event.person) == (kind, told, "u-1")


@pytest.mark.parametrize(
    ("properties", "person"),
    [
        ({"$is_identified": True, "$device_id": "d-1"}, "u-1"),
        ({"$is_identified": False}, ""),
        ({"$process_person_profile": False}, ""),
        ({"$process_person_profile": True}, "u-1"),
        ({"$device_id": "u-1"}, ""),
    ],
)
def test_who_is_known(properties: dict[str, Any], person: str) -> None:
    assert with_properties("order_created", **properties).person == person


@pytest.mark.parametrize(
    ("groups", "group", "hint"),
    [
        ({"account": "acme"}, "acme", "acme"),
        ({"company": "acme", "project": "p-1"}, "acme", "acme"),
        ({"workspace": "acme"}, "", "acme"),
        ({"workspace": "acme", "project": "p-1"}, "", ""),
        ({"account": ["acme"]}, "", ""),
        ("acme", "", ""),
        (None, "", ""),
    ],
)
def test_which_account(groups: Any, group: str, hint: str) -> None:
    event = with_properties("order_created", **{"$groups": groups})
    assert (event.group, event.later_group) == (group, hint)


@pytest.mark.parametrize(
    ("person", "properties", "kind", "who"),
    [
        ("u-1", {"$group_type": "account"}, "group", "u-1"),
        ("u-1", {"$group_type": "project"}, "identify", "u-1"),
        # Node's library and Python's describe a group without a person.
        ("$account_acme", {"$group_type": "account"}, "group", ""),
        (UUID, {"$group_type": "account"}, "group", ""),
        (UUID, {"$group_type": "account", "$is_identified": True}, "group", UUID),
    ],
)
def test_group_calls(person: str, properties: dict[str, Any], kind: str, who: str) -> None:
    told = {"$group_key": "acme", **properties}
    event = one(event="$groupidentify", distinct_id=person, properties=told)
    assert (event.kind, event.person) == (kind, who)
    assert event.group == ("acme" if kind == "group" else "")


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (5, "malformed"),
        (None, "malformed"),
        ({}, "no-person"),
        ({**GOOD, "distinct_id": None}, "no-person"),
        ({**GOOD, "distinct_id": {"a": 1}}, "malformed"),
        ({**GOOD, "distinct_id": "x" * 201}, "too-long"),
        ({**GOOD, "event": None}, "no-event"),
        ({**GOOD, "event": ["a"]}, "malformed"),
        ({**GOOD, "timestamp": "yesterday"}, "bad-time"),
        ({**GOOD, "uuid": [1]}, "malformed"),
        ({**GOOD, "properties": {"x": "y" * EVENT_BYTES}}, "too-large"),
        ({**GOOD, "event": "$groupidentify", "properties": {"$group_type": "account"}}, "no-group"),
    ],
)
def test_a_bad_event_is_listed_and_sinks_nobody(event: Any, reason: str) -> None:
    parsed = parse(batch(GOOD, event, GOOD))
    assert [one.reason for one in parsed.refused] == [reason]
    assert (len(parsed.events), parsed.refused[0].position) == (2, 1)


@pytest.mark.parametrize("properties", [None, 5, "text", [], {}])
def test_odd_properties_sink_nobody(properties: Any) -> None:
    assert one(properties=properties).person == "u-1"


@pytest.mark.parametrize("depth", [500, 900, 990, 1000, 1010, 5_000])
def test_depth_brings_nothing_down(depth: int) -> None:
    nested = b'{"api_key": "k", "batch": [{"event": "e", "distinct_id": ' + b"[" * depth
    body = nested + b"]" * depth + b"}]}"
    try:
        parsed = parse(body)
    except DomainError:
        return
    assert [one.reason for one in parsed.refused] == ["malformed"]


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
odd_properties = st.dictionaries(
    st.sampled_from(["$groups", "$group_type", "$group_key", "$is_identified", "$time", "token"]),
    json_values,
)
odd_events = json_values | st.fixed_dictionaries(
    {},
    optional={
        "event": json_values | st.sampled_from(["$screen", "$groupidentify", "$identify", "e"]),
        "uuid": json_values,
        "distinct_id": json_values,
        "timestamp": json_values,
        "properties": json_values | odd_properties,
        "api_key": json_values,
    },
)


@given(events=st.lists(odd_events, max_size=4), sent_at=json_values)
def test_anything_that_is_json_is_answered(events: list[Any], sent_at: Any) -> None:
    body = json.dumps({"batch": events, "sent_at": sent_at}).encode()
    parsed = parse(body)
    assert len(parsed.events) + len(parsed.refused) == len(events)


@given(st.binary(max_size=60))
def test_any_bytes_are_answered(body: bytes) -> None:
    for sent in (body, b"data=" + body, b"[" + body):
        with suppress(DomainError):
            parse(sent)
