"""The log's rows in the order in which they were folded.

Requests of past days lie packed together (usage/compaction.py): one row holds a run of them that
follow each other, under the number and version of the last. Each keeps its own within, so that a
reader who remembers the last it has read goes on right after it, packed meanwhile or not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import zstandard
from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from portal.models import UsageLog
from portal.usage import moments
from portal.usage.reading import LogRow

PACK = "pack"
LISTED = 5_000
# So many are in memory at once, about.
ROWS, MESSAGES = 500, 50_000
COLUMNS = (
    UsageLog.version,
    UsageLog.id,
    UsageLog.received_at,
    UsageLog.bound_id,
    UsageLog.key_id,
    UsageLog.messages,
    UsageLog.kind,
    UsageLog.body,
)
Place = tuple[int, int]


class _Member(msgspec.Struct, array_like=True, gc=False):
    version: int
    id: int
    received: int
    bound: int | None
    key: int | None
    messages: int
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as it lies in the table: the requests in it, and its place among the rows."""

    place: Place
    kind: str
    body: bytes
    requests: list["Logged"]


@dataclass(frozen=True, slots=True)
class Logged:
    """A request of the log, and where it stands: version and number."""

    place: Place
    row: LogRow


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[_Member])


def read_log_rows(session: Session, after: int, until: int) -> Iterator[list[LogRow]]:
    """Requests folded after one version up to and including another, some at a time."""
    last: Place = (after, 2**62)
    for some in stored_rows(session, last, until):
        found = [one for row in some for one in row.requests if last < one.place]
        found = [one for one in found if one.place[0] <= until]
        if found:
            last = found[-1].place
            yield [one.row for one in found]


def stored_rows(session: Session, after: Place, until: int) -> Iterator[list[Stored]]:
    """A pack that holds requests up to `until` may hold later ones, too."""
    while listed := _listed(session, after, until):
        for some in _shares(listed):
            yield [stored_row(row) for row in _read(session, some)]
        after = listed[-1][0], listed[-1][1]


def _listed(session: Session, after: Place, until: int) -> Sequence[Any]:
    wanted = (
        select(UsageLog.version, UsageLog.id, UsageLog.messages)
        .where(tuple_(UsageLog.version, UsageLog.id) > after, UsageLog.version >= after[0])
        .where(or_(UsageLog.version <= until, UsageLog.kind == PACK))
    )
    return session.execute(wanted.order_by(UsageLog.version, UsageLog.id).limit(LISTED)).all()


def _shares(listed: Sequence[Any]) -> Iterator[list[int]]:
    some: list[int] = []
    messages = 0
    for row in listed:
        some.append(row.id)
        messages += row.messages
        if messages >= MESSAGES or len(some) == ROWS:
            yield some
            some, messages = [], 0
    if some:
        yield some


def _read(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    wanted = select(*COLUMNS).where(UsageLog.id.in_(ids))
    return session.execute(wanted.order_by(UsageLog.version, UsageLog.id)).all()


def stored_row(row: Any) -> Stored:
    place = row.version, row.id
    if row.kind == PACK:
        return Stored(place, row.kind, row.body, unpacked(row.body))
    return Stored(place, row.kind, row.body, [Logged(place, LogRow(*row[1:]))])


def unpacked(body: bytes) -> list[Logged]:
    return [
        Logged(
            (one.version, one.id),
            LogRow(
                one.id,
                moments.moment_of(one.received),
                one.bound,
                one.key,
                one.messages,
                one.kind,
                one.body,
            ),
        )
        for one in _decoder.decode(zstandard.decompress(body))
    ]


def packed(requests: Iterable[Logged], level: int) -> bytes:
    members = [
        _Member(
            *one.place,
            moments.microseconds(one.row.received_at),
            one.row.bound_id,
            one.row.key_id,
            one.row.messages,
            one.row.kind,
            one.row.body,
        )
        for one in requests
    ]
    return zstandard.ZstdCompressor(level=level).compress(_encoder.encode(members))
