"""The usual messages of a request, read all together: an eighth of the time of one by one.

A batch with anything unusual in it is left to message.read_message, which alone says what is wrong
with a message: nothing is refused here, and both must read the same (tests/usage/test_quick.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import repeat
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import astuple

from portal.usage import moments, wire
from portal.usage.message import (
    ACTIVITY,
    CALLS,
    LONGEST_TEXT,
    Envelope,
    Refused,
    integration_of,
    milliseconds_of,
    named_group,
)
from portal.usage.messages import Gathering
from portal.usage.stamps import UnusualStamp, read_stamps

# Fewer are quicker one by one; of more, one unusual message would slow down too many.
FEW, MANY = 4, 500


class Unusual(Exception):
    """These messages are to be read one by one."""


UNUSUAL = (Unusual, UnusualStamp, Refused, msgspec.DecodeError, RecursionError, UnicodeError)


class Context(msgspec.Struct, gc=False):
    group: str | int | None = msgspec.field(default=None, name="groupId")
    app: Any = None


class Properties(msgspec.Struct, gc=False):
    channel: str | None = None
    integration: Any = None
    seconds: Any = msgspec.field(default=None, name="duration_seconds")
    groups: Any = msgspec.field(default=None, name="$groups")


class Usual(msgspec.Struct, gc=False):
    """Stricter than message.Message: what does not fit is unusual."""

    type: str | None = None
    message_id: str | None = msgspec.field(default=None, name="messageId")
    user_id: str | int | None = msgspec.field(default=None, name="userId")
    anonymous_id: str | int | None = msgspec.field(default=None, name="anonymousId")
    group_id: str | int | None = msgspec.field(default=None, name="groupId")
    event: str | None = None
    name: str | None = None
    timestamp: str | None = None
    sent_at: Any = msgspec.field(default=None, name="sentAt")
    context: Context | None = None
    properties: Properties | None = None


class UsualBatch(wire.BatchHead, gc=False, kw_only=True):
    batch: list[Usual]


class Columns(NamedTuple):
    """Messages by the members of Usual, in their order."""

    type: Sequence[str | None]
    message_id: Sequence[str]
    user_id: Sequence[str | int]
    anonymous_id: Sequence[str | int | None]
    group_id: Sequence[str | int | None]
    event: Sequence[str | None]
    name: Sequence[str | None]
    timestamp: Sequence[str]
    sent_at: Sequence[Any]
    context: Sequence[Context | None]
    properties: Sequence[Properties | None]

    def are_usual(self) -> bool:
        return (
            ACTIVITY.issuperset(self.type)
            and all(self.user_id)
            and all(self.message_id)
            and all(self.timestamp)
            and self.sent_at.count(None) == len(self.sent_at)
        )


NO_CONTEXT, NO_PROPERTIES = Context(), Properties()
_decode = msgspec.json.Decoder(Usual, strict=True).decode
_decode_batch = msgspec.json.Decoder(UsualBatch, strict=True).decode
# A copy takes half the time of a new one.
_new_hash = blake2b(digest_size=8).copy


@dataclass(frozen=True, slots=True)
class Source:
    """What holds for all messages of a row. `index` is the row's among those of the step; `own`
    the key of the only account that its messages may name, if there is one; `most` their bytes.
    """

    index: int
    envelope: Envelope
    received: int
    own: str | None
    most: int


def gather_batch(into: Gathering, source: Source, text: bytes) -> int:
    """Adds all messages of a body of kind "batch", if they are usual: their number, or 0. `source`
    stands without its envelope.
    """
    if len(text) > source.most:  # then one of them may be larger, too
        return 0
    try:
        batch = _decode_batch(text)
        if not FEW <= len(batch.batch) <= MANY:
            return 0
        columns = _columns(batch.batch)
        if not columns.are_usual():
            return 0
        _gather(
            into,
            replace(source, envelope=wire.envelope_of(batch)),
            range(len(batch.batch)),
            columns,
        )
    except UNUSUAL:
        return 0
    return len(batch.batch)


def gather_usual(into: Gathering, source: Source, raws: Sequence[Any]) -> list[int]:
    """Adds the usual ones among `raws`; returns the places of those that are left."""
    sizes = [memoryview(raw).nbytes for raw in raws]
    places = [place for place, size in enumerate(sizes) if 0 < size <= source.most]
    left = [place for place, size in enumerate(sizes) if size > source.most]
    for start in range(0, len(places), MANY):
        some = places[start : start + MANY]
        left += some if len(some) < FEW else _try_to_gather(into, source, raws, some)
    return left


def _try_to_gather(
    into: Gathering, source: Source, raws: Sequence[Any], places: list[int]
) -> list[int]:
    try:
        read = [_decode(raws[place]) for place in places]
        columns = _columns(read)
        fits = [True] * len(read) if columns.are_usual() else [_is_usual(one) for one in read]
        if not any(fits):
            return places
        if not all(fits):
            columns = _columns([one for one, fit in zip(read, fits, strict=True) if fit])
        _gather(
            into,
            source,
            [place for place, fit in zip(places, fits, strict=True) if fit],
            columns,
        )
    except UNUSUAL:
        return places
    return [place for place, fit in zip(places, fits, strict=True) if not fit]


def _columns(read: Sequence[Usual]) -> Columns:
    return Columns(*zip(*map(astuple, read), strict=True))


def _is_usual(one: Usual) -> bool:
    return _columns([one]).are_usual()


def _gather(into: Gathering, source: Source, places: Sequence[int], read: Columns) -> None:
    """Everything that may refuse comes first: then all is added, or nothing."""
    size = len(places)
    stamps = read_stamps(read.timestamp)
    at = _by_our_clock(stamps, source)
    hashes = _hashes(read.message_id)
    persons = list(map(into.persons.__getitem__, read.user_id))
    names = _names(into, read)
    properties = [one or NO_PROPERTIES for one in read.properties]
    channels, integrations, seconds, groups = zip(*map(astuple, properties), strict=True)
    named, later = _groups(into, read, groups, source)
    calls = [False] * size if CALLS.isdisjoint(channels) else [one in CALLS for one in channels]
    called = _integrations(into, read, integrations, calls) if any(calls) else [0] * size
    columns = into.columns
    columns.row.extend(repeat(source.index, size))
    columns.place.extend(places)
    columns.joins.extend(repeat(False, size))
    columns.at.extend(at)
    columns.known.extend(stamps)
    columns.person.extend(persons)
    columns.name.extend(names)
    columns.group.extend(named)
    columns.later.extend(later)
    columns.call.extend(calls)
    columns.integration.extend(called)
    columns.milliseconds.extend(
        [milliseconds_of(one) if one else 0 for one in seconds] if any(seconds) else repeat(0, size)
    )
    into.hashes.append(hashes)


def _by_our_clock(stamps: list[int], source: Source) -> list[int]:
    envelope, received = source.envelope, source.received
    shift = moments.corrected(0, envelope.sent_at, received) if envelope.live else 0
    at = [stamp + shift for stamp in stamps] if shift else stamps
    if min(at) < moments.EARLIEST or max(at) > received + moments.AHEAD:
        raise Unusual
    return at


def _hashes(ids: Sequence[str]) -> bytes:
    if "\x00" in "".join(ids) or max(map(len, ids)) > LONGEST_TEXT:
        raise Unusual
    found = []
    for one in ids:
        hashed = _new_hash()
        hashed.update(one.encode())
        found.append(hashed.digest())
    return b"".join(found)


def _names(into: Gathering, read: Columns) -> list[int]:
    names = into.names
    if read.type.count("track") == len(read.type):
        found = list(map(names.__getitem__, read.event))
    else:
        texts = zip(read.type, read.event, read.name, strict=True)
        found = [
            names[event if kind == "track" else name or event or kind]
            for kind, event, name in texts
        ]
    if not all(found):  # a track message without an event name is refused
        raise Unusual
    return found


def _groups(
    into: Gathering, read: Columns, later: Sequence[Any], source: Source
) -> tuple[list[int], list[int]]:
    groups = into.groups
    default = groups[source.envelope.group]
    named = [groups[one.group] or default if one else default for one in read.context]
    later = (
        [groups[named_group(one)] if one else 0 for one in later]
        if any(later)
        else [0] * len(named)
    )
    if source.own is not None and not {*named, *later} <= {0, groups[source.own]}:
        raise Unusual
    return named, later


def _integrations(
    into: Gathering, read: Columns, integrations: Sequence[Any], calls: list[bool]
) -> list[int]:
    return [
        into.integrations[integration_of(integration, context)] if call else 0
        for integration, context, call in zip(integrations, read.context, calls, strict=True)
    ]
