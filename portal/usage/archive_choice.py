"""Which messages of the log go to the archive: those of certain days that count, each once, with
their copies. The log is read from its beginning, as a rebuild reads it, because what a message
belongs to depends on what came before.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account
from portal.usage.archive_known import pack_known
from portal.usage.archive_values import Facts, Growing
from portal.usage.archived import Archived
from portal.usage.blocks import LENGTH, block_of
from portal.usage.days import EPOCH_ORDINAL, Numbers
from portal.usage.log_rows import Logged, Stored, stored_rows
from portal.usage.messages import Messages
from portal.usage.reading import read_rows, unpack
from portal.usage.rollups import Membership
from portal.usage.sorting import Sorted, sort

Unit = tuple[int, int]
BEGIN = (-1, -1)


class Request(NamedTuple):
    """Where one stands in the log: in which row, as which of its requests."""

    stored: int
    number: int
    logged: Logged


@dataclass(frozen=True, slots=True)
class Hits:
    """Messages of the days asked for, in the order in which they count. `position` is that in the
    unit's events, `request` that among the requests with any, `place` that in the request.
    """

    account: Numbers
    bucket: Numbers
    identity: Any
    position: Numbers
    request: Numbers
    place: Numbers


@dataclass(slots=True)
class Choice:
    """`archived` by (account, block), with the moment when the newest came and what knows them
    again; `removed`: places in
    (row, request) of the log. `seen`: what the rows held.
    """

    archived: dict[Unit, tuple[Archived, datetime, bytes]]
    removed: dict[int, dict[int, set[int]]]
    seen: dict[int, bytes]


@dataclass(slots=True)
class Chooser:
    """`days`: keys (account << 32 | day since 1970) of all days asked for, ascending."""

    days: Numbers
    accounts: dict[str, int]
    growing: dict[Unit, Growing] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    hits: list[Hits] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    unknown: list[tuple[Request, list[int]]] = field(default_factory=list)
    seen: dict[int, bytes] = field(default_factory=dict)

    def read(self, some: Sequence[Stored], version: int) -> None:
        requests = [
            Request(row.place[1], index, one)
            for row in some
            for index, one in enumerate(row.requests)
            if one.place[0] <= version
        ]
        before = len(self.requests)
        done = self._sorted(requests)
        left = [one for found in done.unknown.values() for one in found]
        self.unknown += [(requests[row], places) for row, places in done.by_row(left).items()]
        self._take(done, requests)
        found = {one.stored for one in self.requests[before:]}
        found |= {one.stored for one, _ in self.unknown}
        self.seen.update(
            (row.place[1], digest(row.kind, row.body)) for row in some if row.place[1] in found
        )

    def finish(self) -> None:
        """What had no account when it came may have one now."""
        requests = [one for one, _ in self.unknown]
        done = self._sorted(requests, [places for _, places in self.unknown])
        self._take(done, requests)

    def _sorted(
        self, requests: Sequence[Request], places: Sequence[Sequence[int]] | None = None
    ) -> Sorted:
        rows = [one.logged.row for one in requests]
        own_keys = {account: key for key, account in self.accounts.items()}
        messages = read_rows(rows, own_keys).messages
        if places is not None:
            messages.keep_places(places)
        return sort(messages, rows, self.accounts, self.memberships)

    def _take(self, done: Sorted, requests: Sequence[Request]) -> None:
        messages = done.messages
        hits = np.flatnonzero(np.isin(done.accounts << 32 | messages.bucket, self.days))
        if not hits.size:
            return
        rows, row = np.unique(messages.row[hits], return_inverse=True)
        position = np.empty(hits.size, np.int64)
        for number, index in enumerate(rows.tolist()):
            own = np.flatnonzero(row == number)
            position[own] = self._add(done, requests[index], hits[own])
        self.hits.append(
            Hits(
                done.accounts[hits],
                messages.bucket[hits],
                messages.identity[hits],
                position,
                row + len(self.requests),
                messages.place[hits],
            )
        )
        # Bodies are not needed any more.
        self.requests += [_light(requests[index]) for index in rows.tolist()]

    def _add(self, done: Sorted, request: Request, hits: Numbers) -> list[int]:
        envelope, raws = unpack(request.logged.row)
        messages = done.messages
        positions = []
        for hit in hits.tolist():
            account, bucket = int(done.accounts[hit]), int(messages.bucket[hit])
            unit = account, block_of(bucket + EPOCH_ORDINAL)
            growing = self.growing.setdefault(unit, Growing())
            raw = raws[int(messages.place[hit])]
            positions.append(growing.add(_facts(messages, hit, envelope.kind), raw))
        return positions

    def choice(self, late: Mapping[tuple[int, int], int]) -> Choice:
        """`late`: how many copies of a message came too late to be counted; these stay."""
        hits = _joined(self.hits)
        first, gone = _first_and_gone(hits, late)
        removed: dict[int, dict[int, set[int]]] = {}
        for number, place in zip(
            hits.request[gone].tolist(), hits.place[gone].tolist(), strict=True
        ):
            request = self.requests[number]
            removed.setdefault(request.stored, {}).setdefault(request.number, set()).add(place)
        units = hits.account << 32 | (hits.bucket + EPOCH_ORDINAL) // LENGTH
        archived = {
            (key >> 32, key & 0xFFFFFFFF): self._events(hits, first[units[first] == key], key)
            for key in np.unique(units[first]).tolist()
        }
        return Choice(archived, removed, self.seen)

    def _events(self, hits: Hits, own: Numbers, key: int) -> tuple[Archived, datetime, bytes]:
        came = (self.requests[one].logged.row for one in np.unique(hits.request[own]).tolist())
        growing = self.growing[key >> 32, key & 0xFFFFFFFF]
        events = growing.archived(hits.position[own])
        known = pack_known(hits.identity[own], hits.bucket[own])
        return events, max(row.received_at for row in came), known


def choose(
    session: Session, days: Iterable[tuple[int, int]], version: int, late: Counter[tuple[int, int]]
) -> Choice:
    """`days`: accounts with days since 1970; `version`: the fold up to which the log is read."""
    keys = np.array(sorted(account << 32 | day for account, day in days), np.int64)
    accounts = {row.key: row.id for row in session.execute(select(Account.key, Account.id))}
    chooser = Chooser(keys, accounts)
    for some in stored_rows(session, BEGIN, version):
        chooser.read(some, version)
    chooser.finish()
    return chooser.choice(late)


def digest(kind: str, body: bytes) -> bytes:
    return blake2b(body, digest_size=16, person=kind.encode()).digest()


def _light(request: Request) -> Request:
    """Without the body, which is not needed any more."""
    row = replace(request.logged.row, body=b"")
    return request._replace(logged=Logged(request.logged.place, row))


def _facts(messages: Messages, hit: int, kind: str) -> Facts:
    return Facts(
        kind,
        messages.persons[int(messages.person[hit])],
        messages.names[int(messages.name[hit])],
        int(messages.at[hit]),
        int(messages.milliseconds[hit]),
        bool(messages.call[hit]),
        messages.integrations[int(messages.integration[hit])],
    )


def _joined(some: Sequence[Hits]) -> Hits:
    nothing = np.zeros(0, np.int64)
    parts = {
        name: np.concatenate([nothing, *(getattr(one, name) for one in some)])
        for name in ("account", "bucket", "position", "request", "place")
    }
    identity = np.concatenate([nothing.astype(np.uint64), *(one.identity for one in some)])
    return Hits(identity=identity, **parts)


def _first_and_gone(hits: Hits, late: Mapping[tuple[int, int], int]) -> tuple[Numbers, Numbers]:
    """The first of each message that counts, and all of its copies that came in time."""
    order = np.lexsort((hits.identity, hits.bucket, hits.account))
    begins = np.zeros(order.size, bool)
    begins[:1] = True
    for column in (hits.identity, hits.bucket, hits.account):
        begins[1:] |= column[order][1:] != column[order][:-1]
    starts = np.flatnonzero(begins)
    group = np.cumsum(begins) - 1
    copies = np.diff(starts, append=order.size)
    asked = np.array([identity for _, identity in late], np.uint64)
    for one in np.flatnonzero(np.isin(hits.identity[order[starts]], asked)).tolist():
        hit = order[starts[one]]
        copies[one] -= late.get((int(hits.account[hit]), int(hits.identity[hit])), 0)
    in_time = np.arange(order.size) - starts[group] < copies[group]
    return np.sort(order[begins & in_time]), np.sort(order[in_time])
