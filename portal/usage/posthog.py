"""PostHog's wire format, read as Segment's: each of its events becomes a Segment message.

The door keeps a request as it came, under the kind `posthog`; its messages are made each time it
is read (portal/usage/log.py), so that a rebuild reads what the fold read.
"""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import UUID

import msgspec

from portal.domain.errors import DomainError
from portal.usage import wire
from portal.usage.message import GROUP_TYPES, Envelope, sent_moment

KIND = "posthog"
# A page that is being left sends a form with base64 in it: a beacon cannot say that it is JSON.
FORM = b"data="
NO_EVENTS = 'The body must be an event, a list of events, or an object with a list "batch".'
# What its libraries send by themselves: no doing of the person whom it names.
QUIET = frozenset(
    {
        "$set",
        "$unset",
        "$identify",
        "$opt_in",
        "$feature_flag_called",
        "$exception",
        "$web_vitals",
        "$performance_event",
        "$snapshot",
        "$snapshot_items",
        "$$heatmap",
        "$csp_violation",
    }
)
TYPES = {
    "$pageview": "page",
    "$screen": "screen",
    "$groupidentify": "group",
    "$create_alias": "alias",
    "$merge_dangerously": "alias",
    **dict.fromkeys(QUIET, "identify"),
}


class _Properties(msgspec.Struct, gc=False):
    """`$process_person_profile` and `$is_identified` are false of an event of nobody known; so is
    one whose `distinct_id` is only the device's.
    """

    distinct_id: Any = None
    token: Any = None
    device: Any = msgspec.field(default=None, name="$device_id")
    identified: Any = msgspec.field(default=None, name="$is_identified")
    profile: Any = msgspec.field(default=None, name="$process_person_profile")
    groups: Any = msgspec.field(default=None, name="$groups")
    group_type: Any = msgspec.field(default=None, name="$group_type")
    group_key: Any = msgspec.field(default=None, name="$group_key")
    screen: Any = msgspec.field(default=None, name="$screen_name")
    insert_id: Any = msgspec.field(default=None, name="$insert_id")
    time: Any = msgspec.field(default=None, name="$time")


class _Event(msgspec.Struct, gc=False):
    event: Any = None
    uuid: Any = None
    distinct_id: Any = None
    timestamp: Any = None
    properties: msgspec.Raw = msgspec.Raw(b"null")
    api_key: Any = None
    token: Any = None


class _Body(msgspec.Struct, gc=False):
    """Without `batch` it is itself the only event."""

    batch: list[msgspec.Raw] | None = None
    sent_at: Any = None
    api_key: Any = None
    token: Any = None


class _Segment(msgspec.Struct, gc=False, omit_defaults=True):
    """The message that an event becomes."""

    type: str
    properties: msgspec.Raw
    messageId: Any = None  # noqa: N815 # Segment's own names, here to the end
    userId: Any = None  # noqa: N815
    anonymousId: Any = None  # noqa: N815
    groupId: Any = None  # noqa: N815
    event: Any = None
    name: Any = None
    timestamp: Any = None
    context: dict[str, Any] | None = None


NO_PROPERTIES = _Properties()
_bodies = msgspec.json.Decoder(list[msgspec.Raw] | _Body)
_events = msgspec.json.Decoder(_Event)
_properties = msgspec.json.Decoder(_Properties)
_encode = msgspec.json.Encoder().encode


def check_posthog(body: bytes) -> wire.Request:
    """As wire.check_request, for any of PostHog's addresses; the key is `api_key` or `token`, of
    the request or of its first event.
    """
    unpacked = wire.unpacked(body)
    text = _form(unpacked) if unpacked.startswith(FORM) else unpacked
    read, good = wire.read_json(_bodies, text, NO_EVENTS)
    raws = _messages(read, good)
    wire.check_count(raws)
    if _batch(read) is None:
        wire.check_single(good)
    as_it_came = good is unpacked and body.startswith(wire.GZIP)
    return wire.Request(KIND, body if as_it_came else good, len(raws), _key(read, raws))


def split(text: bytes) -> tuple[Envelope, Sequence[Any]]:
    """The events of a body that was taken, each as the JSON text of a Segment message."""
    read: list[msgspec.Raw] | _Body = _bodies.decode(text)
    sent = None if isinstance(read, list) else sent_moment(read.sent_at)
    return Envelope(sent_at=sent), [_translated(one) for one in _messages(read, text)]


def _batch(read: list[msgspec.Raw] | _Body) -> list[msgspec.Raw] | None:
    return read if isinstance(read, list) else read.batch


def _messages(read: list[msgspec.Raw] | _Body, text: bytes) -> list[msgspec.Raw]:
    batch = _batch(read)
    return [msgspec.Raw(text)] if batch is None else batch


def _form(text: bytes) -> bytes:
    value, _, _ = text.removeprefix(FORM).partition(b"&")
    try:
        # A plus sign that was not escaped is one of base64's, not a blank.
        return wire.unpacked(b64decode(unquote_to_bytes(value), validate=True))
    except binascii.Error:
        raise DomainError(wire.NO_JSON, code="invalid-json") from None


def _key(read: list[msgspec.Raw] | _Body, raws: list[msgspec.Raw]) -> str:
    own = [] if isinstance(read, list) else [read.api_key, read.token]
    event = _read_event(raws[0]) if raws else None
    if event is not None:
        own += [event.api_key, event.token, _read_properties(event).token]
    return next(filter(None, map(wire.short_text, own)), "")


def _read_event(raw: Any) -> _Event | None:
    try:
        return _events.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _read_properties(event: _Event) -> _Properties:
    try:
        return _properties.decode(event.properties)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NO_PROPERTIES


def _translated(raw: msgspec.Raw) -> Any:
    """What is no event stays as it is, and is refused like any other message."""
    event = _read_event(raw)
    try:
        return raw if event is None else _encode(_message(event))
    except RecursionError:
        return raw


def _message(event: _Event) -> _Segment:
    properties = _read_properties(event)
    kind = TYPES.get(event.event, "track") if isinstance(event.event, str) else "track"
    account = _account(properties.groups)
    message = _Segment(
        type=kind,
        properties=event.properties if properties is not NO_PROPERTIES else msgspec.Raw(b"{}"),
        messageId=event.uuid or properties.insert_id,
        timestamp=event.timestamp or properties.time,
        context={"groupId": account} if account else None,
    )
    _name(message, event, properties)
    _place(message, event.distinct_id or properties.distinct_id, properties)
    return message


def _name(message: _Segment, event: _Event, properties: _Properties) -> None:
    if message.type == "track":
        message.event = event.event
    elif message.type == "screen":
        message.name = properties.screen if isinstance(properties.screen, str) else None
    elif message.type == "group":
        message.groupId = properties.group_key
        if properties.group_type not in GROUP_TYPES:
            message.type = "identify"


def _place(message: _Segment, person: Any, properties: _Properties) -> None:
    """Whose message it is: a known person's or an anonymous one's."""
    unknown = (
        False in (properties.identified, properties.profile)
        or (properties.device is not None and properties.device == person)
        or (message.type == "group" and not properties.identified and _is_made_up(person))
    )
    if unknown:
        message.anonymousId = person
    else:
        message.userId = person


def _account(groups: Any) -> Any:
    """The account that an event says it is of; a group of another type is only a hint, which the
    message's own `$groups` gives.
    """
    if not isinstance(groups, dict):
        return None
    return next((groups[kind] for kind in GROUP_TYPES if groups.get(kind)), None)


def _is_made_up(person: Any) -> bool:
    """Server libraries describe a group under an id of no person: `$account_…`, or a UUID."""
    try:
        return str(person).startswith("$") or bool(UUID(str(person)))
    except ValueError:
        return False
