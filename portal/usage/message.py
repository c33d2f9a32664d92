"""One Segment message: its members, and what the engine reads from them."""

from hashlib import blake2b
from math import isfinite
from typing import Any

import msgspec

from portal.usage import moments

LONGEST_TEXT = 200
LONGEST_INTEGRATION = 80
# Longer than this is no stay on a page, but a broken clock.
LONGEST_STAY = 7 * 86_400.0
ACTIVITY = frozenset({"track", "page", "screen"})
KINDS = ACTIVITY | {"identify", "group", "alias"}
CALLS = frozenset({"api", "integration"})
# Messages without a time stamp are known again by buckets before any allowed day.
UNTIMED_BUCKETS = 4096
# A clock far off, corrected by `sentAt`, may still stamp a year that no date can hold.
LAST_BUCKET = 2_000_000
GROUP_TYPES = ("account", "company", "organization", "group")

Text = str | int | None


class Refused(Exception):
    """One message cannot be taken. `reason` is a stable word, `detail` an English sentence. Where
    its time is what is wrong: the account that it names, and its moment by our clock.
    """

    def __init__(self, reason: str, detail: str, account: str = "", at: int | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.account = account
        self.at = at


class Context(msgspec.Struct, gc=False):
    group: Any = msgspec.field(default=None, name="groupId")
    app: Any = None


class Properties(msgspec.Struct, gc=False):
    channel: Any = None
    integration: Any = None
    seconds: Any = msgspec.field(default=None, name="duration_seconds")
    groups: Any = msgspec.field(default=None, name="$groups")


class Message(msgspec.Struct, gc=False):
    """The members that are read; all others are kept in the log and nowhere else."""

    type: str | None = None
    message_id: Text = msgspec.field(default=None, name="messageId")
    user_id: Text = msgspec.field(default=None, name="userId")
    anonymous_id: Text = msgspec.field(default=None, name="anonymousId")
    group_id: Text = msgspec.field(default=None, name="groupId")
    event: str | None = None
    name: str | None = None
    timestamp: Any = None
    original_timestamp: Any = msgspec.field(default=None, name="originalTimestamp")
    sent_at: Any = msgspec.field(default=None, name="sentAt")
    context: Context | None = None
    properties: Properties | None = None
    # Instead of a messageId: the hash of the one that it had (usage/person_log.py).
    known_as: Any = msgspec.field(default=None, name="knownAs")


class Event(msgspec.Struct, gc=False):
    """A message as the fold takes it. `at` is by our clock, in microseconds since 1970;
    `bucket` is the day number (since 1970) under which its `identity` is known again;
    `group` is the account it names (of a group call: the account joined); `person` is empty
    where only an anonymous id was sent.
    """

    kind: str
    person: str
    name: str
    at: int
    bucket: int
    identity: int
    group: str
    later_group: str
    call: bool
    integration: str
    milliseconds: int


NO_CONTEXT, NO_PROPERTIES = Context(), Properties()


class Envelope(msgspec.Struct, array_like=True, gc=False):
    """What a request says for all of its messages: the kind and the account of those that name
    none, and when it was sent (microseconds). `live` is false for a file: then no clock can be
    compared with ours, and times are taken as they stand.
    """

    kind: str = ""
    group: str = ""
    sent_at: int | None = None
    live: bool = True


_decoder = msgspec.json.Decoder(Message, strict=True)


def read_message(raw: Any, envelope: Envelope, received: int) -> Event:
    """Reads and checks one message; `received` is our clock in microseconds. Raises Refused."""
    message = _decode(raw)
    kind = message.type or envelope.kind
    if kind not in KINDS:
        raise Refused("unknown-type", f"type must be one of {', '.join(sorted(KINDS))}")
    person = read_text(message.user_id, "userId")
    if not person and not read_text(message.anonymous_id, "anonymousId"):
        raise Refused("no-person", "userId or anonymousId is missing")
    at, bucket, identity = _identify(message, raw, envelope, received)
    context, properties = message.context or NO_CONTEXT, message.properties or NO_PROPERTIES
    call = isinstance(properties.channel, str) and properties.channel in CALLS
    return Event(
        kind=kind,
        person=person,
        name=_name(message, kind),
        at=at,
        bucket=bucket,
        identity=identity,
        group=_group(message, kind, context, envelope.group),
        later_group=named_group(properties.groups) if properties.groups else "",
        call=call,
        integration=integration_of(properties.integration, context) if call else "",
        milliseconds=milliseconds_of(properties.seconds) if properties.seconds else 0,
    )


def _decode(raw: Any) -> Message:
    try:
        return _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Refused("malformed", str(wrong)) from None
    except RecursionError:
        raise Refused("malformed", "the message is nested too deeply") from None


def read_text(value: Text, member: str) -> str:
    """Empty where there is none. Raises Refused."""
    if value is None:
        return ""
    text = str(value)
    # PostgreSQL keeps no zero character.
    if len(text) <= LONGEST_TEXT and "\x00" not in text:
        return text
    if len(text) > LONGEST_TEXT:
        raise Refused("too-long", f"{member} is longer than {LONGEST_TEXT} characters")
    raise Refused("malformed", f"{member} holds a zero character")


def _name(message: Message, kind: str) -> str:
    if kind not in ACTIVITY:
        return ""
    name = read_text(message.event if kind == "track" else message.name or message.event, "event")
    if kind == "track" and not name:
        raise Refused("no-event", "a track message needs an event name")
    return name or kind


def _group(message: Message, kind: str, context: Context, default: str) -> str:
    if kind != "group":
        return read_text(_scalar(context.group), "context.groupId") or default
    group = read_text(message.group_id, "groupId") or read_text(
        _scalar(context.group), "context.groupId"
    )
    if not group:
        raise Refused("no-group", "a group message needs a groupId")
    return group


def _scalar(value: Any) -> Text:
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def named_group(groups: Any) -> str:
    """PostHog's `$groups`, an object of type → key: ours is named account, company or so."""
    if not isinstance(groups, dict) or not groups:
        return ""
    known = [groups[kind] for kind in GROUP_TYPES if groups.get(kind)]
    chosen = known[0] if known else next(iter(groups.values())) if len(groups) == 1 else None
    return read_text(_scalar(chosen), "properties.$groups")


def integration_of(integration: Any, context: Any) -> str:
    """What the message says, or the app that sent it. `context` has an `app`, or is None."""
    app = context.app if context else None
    named = integration or (app.get("name") if isinstance(app, dict) else None)
    clean = named.replace("\x00", "") if isinstance(named, str) else ""
    return clean[:LONGEST_INTEGRATION]


def milliseconds_of(seconds: Any) -> int:
    """A stay on a page; 0 for what cannot be one."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not isfinite(seconds):
        return 0
    return round(seconds * 1000) if 0 < seconds <= LONGEST_STAY else 0


def _identify(
    message: Message, raw: Any, envelope: Envelope, received: int
) -> tuple[int, int, int]:
    """The moment by our clock, and bucket and hash that know the same message again."""
    try:
        stamp = moments.read_moment(message.timestamp)
        if stamp is None:
            stamp = moments.read_moment(message.original_timestamp)
        at = received if stamp is None else stamp
        if stamp is not None and envelope.live:
            sent = envelope.sent_at
            if message.sent_at is not None:
                sent = sent_moment(message.sent_at, sent)
            at = moments.corrected(stamp, sent, received)
    except moments.BadMoment as wrong:
        raise Refused(wrong.reason, str(wrong)) from None
    try:
        moments.check_moment(at, received)
    except moments.BadMoment as wrong:
        account = _named_account(message) or envelope.group
        raise Refused(wrong.reason, str(wrong), account, at) from None
    identity = _hash(message, raw, "" if stamp is not None else str(received))
    bucket = identity % UNTIMED_BUCKETS if stamp is None else stamp // moments.DAY
    return at, min(max(bucket, 0), LAST_BUCKET), identity


def _named_account(message: Message) -> str:
    context = message.context or NO_CONTEXT
    named = str(_scalar(message.group_id) or _scalar(context.group) or "")
    return named.replace("\x00", "")[:LONGEST_TEXT]


def sent_moment(value: Any, default: int | None = None) -> int | None:
    """An unreadable `sentAt` corrects nothing; the event is good all the same."""
    try:
        read = moments.read_moment(value)
    except moments.BadMoment:
        return default
    return default if read is None else read


def _hash(message: Message, raw: Any, salt: str) -> int:
    """Without a messageId the same text is the same message (and without a time stamp only when
    it came in the same request).
    """
    given = read_text(message.message_id, "messageId")
    if not given and isinstance(message.known_as, int) and 0 <= message.known_as < 2**64:
        return message.known_as
    source = given.encode() if given else bytes(raw) + salt.encode()
    return int.from_bytes(blake2b(source, digest_size=8).digest(), "little")
