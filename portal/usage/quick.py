"""The usual messages of a request, read all together: an eighth of the time of one by one.

A batch with anything unusual in it is left to message.read_message, which alone says what is wrong
with a message: nothing is refused here, and both must read the same (tests/usage/test_quick.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import repeat
from typing import Any

import msgspec

from portal.usage import moments
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


NO_CONTEXT, NO_PROPERTIES = Context(), Properties()
_decode = msgspec.json.Decoder(Usual, strict=True).decode


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
        usual = [
            one.type in ACTIVITY
            and one.user_id
            and one.message_id
            and one.timestamp
            and one.sent_at is None
            for one in read
        ]
        if not all(usual):
            read = [one for one, fits in zip(read, usual, strict=True) if fits]
        if read:
            fitting = [place for place, fits in zip(places, usual, strict=True) if fits]
            _gather(into, source, fitting, read)
    except UNUSUAL:
        return places
    return [place for place, fits in zip(places, usual, strict=True) if not fits]


def _gather(into: Gathering, source: Source, places: list[int], read: list[Usual]) -> None:
    """Everything that may refuse comes first: then all is added, or nothing."""
    stamps = read_stamps([one.timestamp or "" for one in read])
    at = _by_our_clock(stamps, source)
    hashes = _hashes([one.message_id or "" for one in read])
    properties = [one.properties or NO_PROPERTIES for one in read]
    persons = [into.persons[one.user_id] for one in read]
    names = _names(into, read)
    groups, later = _groups(into, read, properties, source)
    calls = [one.channel in CALLS for one in properties]
    integrations = _integrations(into, read, calls) if any(calls) else [0] * len(read)
    columns = into.columns
    columns.row.extend(repeat(source.index, len(read)))
    columns.place.extend(places)
    columns.joins.extend(repeat(False, len(read)))
    columns.at.extend(at)
    columns.known.extend(stamps)
    columns.person.extend(persons)
    columns.name.extend(names)
    columns.group.extend(groups)
    columns.later.extend(later)
    columns.call.extend(calls)
    columns.integration.extend(integrations)
    columns.milliseconds.extend(
        [milliseconds_of(one.seconds) if one.seconds else 0 for one in properties]
    )
    into.hashes.append(hashes)


def _by_our_clock(stamps: list[int], source: Source) -> list[int]:
    envelope, received = source.envelope, source.received
    shift = moments.corrected(0, envelope.sent_at, received) if envelope.live else 0
    at = [stamp + shift for stamp in stamps] if shift else stamps
    if min(at) < moments.EARLIEST or max(at) > received + moments.AHEAD:
        raise Unusual
    return at


def _hashes(ids: list[str]) -> bytes:
    if "\x00" in "".join(ids) or max(map(len, ids)) > LONGEST_TEXT:
        raise Unusual
    return b"".join([blake2b(one.encode(), digest_size=8).digest() for one in ids])


def _names(into: Gathering, read: list[Usual]) -> list[int]:
    names = into.names
    found = [
        names[one.event if one.type == "track" else one.name or one.event or one.type]
        for one in read
    ]
    if not all(found):  # a track message without an event name is refused
        raise Unusual
    return found


def _groups(
    into: Gathering, read: list[Usual], properties: list[Properties], source: Source
) -> tuple[list[int], list[int]]:
    groups = into.groups
    default = groups[source.envelope.group]
    named = [groups[(one.context or NO_CONTEXT).group] or default for one in read]
    later = [groups[named_group(one.groups)] if one.groups else 0 for one in properties]
    if source.own is not None and not {*named, *later} <= {0, groups[source.own]}:
        raise Unusual
    return named, later


def _integrations(into: Gathering, read: list[Usual], calls: list[bool]) -> list[int]:
    return [
        into.integrations[
            integration_of((one.properties or NO_PROPERTIES).integration, one.context)
        ]
        if call
        else 0
        for one, call in zip(read, calls, strict=True)
    ]
