"""The archive and the log read again from the beginning, into rollups in memory."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Account, UsageArchive, UsageLog
from portal.usage import quarantine, store
from portal.usage.archive_known import are_known
from portal.usage.archive_reading import messages_of
from portal.usage.archived import unpack
from portal.usage.blocks import LENGTH
from portal.usage.conditions import NO_CONDITIONS, Conditions, read_conditions
from portal.usage.days import EPOCH_ORDINAL, Numbers
from portal.usage.fixed import Bounds, load_fixed, read_bounds
from portal.usage.log_rows import read_log_rows
from portal.usage.messages import Flags, Messages
from portal.usage.pieces import pack_piece, unpack_piece
from portal.usage.plan import Plan, plan_of
from portal.usage.reading import LogRow, read_rows
from portal.usage.rollups import Rollups
from portal.usage.sorting import Sorted, sort
from portal.usage.tally import add, add_counted

Tell = Callable[[int], None]
# How many messages of how many.
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Replay:
    """Rollups made from nothing. `only`: the accounts asked for, None for all. `version` is the
    fold up to which the log has been read.
    """

    only: frozenset[int] | None = None
    version: int = 0
    rollups: Rollups = field(default_factory=Rollups)
    accounts: dict[str, int] = field(default_factory=dict)
    zones: dict[int, str] = field(default_factory=dict)
    # Rows with the places of their messages that nobody knows the account of.
    unknown: list[tuple[LogRow, list[int]]] = field(default_factory=list)
    # How often each (account, identity) came too late to be counted, where that is to be left so.
    late: Counter[tuple[int, int]] = field(default_factory=Counter)
    doubtful: list[tuple[LogRow, list[int]]] = field(default_factory=list)
    conditions: Conditions = NO_CONDITIONS
    # What is stored of earlier days stays: only what came to be after these is read.
    bounds: Bounds = field(default_factory=Bounds)
    # Whether it can be told of each late message if it had counted before: then those that had not
    # count now.
    counts_late: bool = True
    # Days (ordinals, UTC) whose messages lie in the archive, and what else the log says of these.
    archived: dict[int, Any] = field(default_factory=dict)
    archived_keys: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    asides: list[bytes] = field(default_factory=list)
    # The newest row of the archive that was read, None before.
    archived_to: int | None = None
    has_archive: bool = False
    # Told how many more messages were read, if somebody wants to know.
    tell: Tell | None = None
    anonymous: int = 0
    events: int = 0
    duplicates: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether the log itself holds every message that ever came, as it came."""
        return self.bounds.log_from is None and not self.has_archive

    def read_log(self, session: Session, version: int) -> None:
        """Adds what was folded after `self.version`, up to and including `version`."""
        self.read_accounts(session)
        self.read_archive(session)
        for rows in read_log_rows(session, self.version, version):
            messages = read_rows(rows, self._own_keys(), self.conditions).messages
            self.anonymous += messages.anonymous
            done = sort(messages, rows, self.accounts, self.rollups.memberships)
            left = [one for found in done.unknown.values() for one in found]
            self.unknown += [(rows[row], places) for row, places in done.by_row(left).items()]
            self._put_off(done, rows)
            self.take(done)
            self._tell(sum(row.messages for row in rows))
        self.version = version

    def _tell(self, messages: int) -> None:
        if self.tell is not None:
            self.tell(messages)

    def read_accounts(self, session: Session) -> None:
        """The zone in which an account was met first stays."""
        for row in session.execute(select(Account.key, Account.id, Account.time_zone)):
            self.accounts[row.key] = row.id
            self.zones.setdefault(row.id, row.time_zone)

    def read_archive(self, session: Session) -> None:
        """Once, and before the log: what comes of its days later is late."""
        if self.archived_to is not None:
            return
        self.archived_to = 0
        wanted = select(UsageArchive).order_by(UsageArchive.account_id, UsageArchive.id)
        if self.only is not None:
            wanted = wanted.where(UsageArchive.account_id.in_(sorted(self.only)))
        for row in session.scalars(wanted.execution_options(yield_per=20)):
            messages = messages_of(unpack(row.body), self.conditions)
            plan = self._plan(messages, np.full(messages.at.size, row.account_id))
            if plan.places.size:
                add_counted(self.rollups, plan)
            self.events += plan.places.size
            days = self.archived.setdefault(row.account_id, BitMap())
            days |= BitMap.deserialize(row.days)
            self.archived_to = max(self.archived_to, row.id)
            self._tell(row.events)
        if not self.counts_late:
            self.rollups.forgotten = self.archived
        self.archived_keys = _keys(self.archived)

    def _put_off(self, done: Sorted, rows: list[LogRow]) -> None:
        """Messages of which some copy came late, until it is known how many copies there are."""
        if not self.late:
            return
        identities = np.array([identity for _, identity in self.late], np.uint64)
        doubtful = np.isin(done.messages.identity, identities)
        places = done.by_row(np.flatnonzero(doubtful).tolist())
        self.doubtful += [(rows[row], some) for row, some in places.items()]
        done.accounts[doubtful] = 0

    def place_doubtful(self) -> None:
        """A message with more copies than came late had counted before the first of these."""
        rows = [row for row, _ in self.doubtful]
        messages = read_rows(rows, self._own_keys(), self.conditions).messages
        messages.keep_places([places for _, places in self.doubtful])
        self.doubtful = []
        done = sort(messages, rows, self.accounts, self.rollups.memberships)
        keys = list(zip(done.accounts.tolist(), messages.identity.tolist(), strict=True))
        copies = Counter(keys)
        counted = [copies[key] > self.late[key] for key in keys]
        done.accounts[~np.array(counted, bool)] = 0
        self.take(done)

    def place_unknown(self) -> tuple[Sorted, list[LogRow]]:
        """Tries again what had no account when it came, now that all `group` calls are known.
        Returns what is still unknown, and the rows that hold it.
        """
        rows = [row for row, _ in self.unknown]
        messages = read_rows(rows, self._own_keys(), self.conditions).messages
        messages.keep_places([places for _, places in self.unknown])
        self.unknown = []
        done = sort(messages, rows, self.accounts, self.rollups.memberships)
        self.take(done)
        return done, rows

    def _own_keys(self) -> dict[int, str]:
        return {account: key for key, account in self.accounts.items()}

    def take(self, done: Sorted) -> None:
        """Adds the activity of the accounts asked for; of archived days that is for later."""
        if self.counts_late and self.archived_keys.size:
            self._set_aside(done)
        self._add(done)

    def _set_aside(self, done: Sorted) -> None:
        keys = done.accounts << 32 | (done.messages.bucket + EPOCH_ORDINAL)
        places = np.searchsorted(self.archived_keys, keys)
        places[places == self.archived_keys.size] = 0
        own = np.flatnonzero(self.archived_keys[places] == keys)
        if own.size:
            self.asides.append(pack_piece(done, own))
            done.accounts[own] = 0

    def place_asides(self, session: Session) -> None:
        """Messages of archived days that do not lie in the archive count now."""
        for packed in self.asides:
            done = unpack_piece(packed)
            known = _known(session, done)
            self.duplicates += int(known.sum())
            done.accounts[known] = 0
            self._add(done)
        self.asides = []

    def _add(self, done: Sorted) -> None:
        plan = self._plan(done.messages, done.accounts)
        new = add(self.rollups, plan).new
        self.events += new
        self.duplicates += plan.places.size - new

    def _plan(self, messages: Messages, accounts: Numbers) -> Plan:
        wanted = self.zones
        if self.only is not None:
            wanted = {one: zone for one, zone in self.zones.items() if one in self.only}
        plan = plan_of(messages, accounts, wanted)
        if self.bounds.moments:
            first = [self.bounds.moments.get(account, 0) for account in plan.accounts]
            plan = plan.only(plan.stamps >= np.array(first, np.int64)[plan.places])
        return plan


def _keys(archived: Mapping[int, Any]) -> Numbers:
    """Account << 32 | day, ascending."""
    keys = [np.array(list(days), np.int64) | account << 32 for account, days in archived.items()]
    return np.sort(np.concatenate(keys)) if keys else np.empty(0, np.int64)


def _known(session: Session, done: Sorted) -> Flags:
    """Those that lie in the archive."""
    known = np.zeros(done.accounts.size, bool)
    messages = done.messages
    units = done.accounts << 32 | (messages.bucket + EPOCH_ORDINAL) // LENGTH
    for unit in np.unique(units[done.accounts > 0]).tolist():
        own = np.flatnonzero(units == unit)
        wanted = select(UsageArchive.known).where(
            UsageArchive.account_id == unit >> 32, UsageArchive.block == unit & 0xFFFFFFFF
        )
        packed = [one for one in session.scalars(wanted) if one is not None]
        known[own] = are_known(packed, messages.identity[own], messages.bucket[own])
    return known


def counts_late(session: Session, bounds: Bounds, only: frozenset[int] | None) -> bool:
    """Not where raw events are thrown away, nor beside blocks that older releases archived."""
    opaque = select(UsageArchive.id).where(UsageArchive.known.is_(None))
    if only is not None:
        opaque = opaque.where(UsageArchive.account_id.in_(sorted(only)))
    return bounds.log_from is None and session.scalar(opaque.limit(1)) is None


def replay_of(session: Session, only: frozenset[int] | None) -> Replay:
    bounds = read_bounds(session, only)
    replay = Replay(only, bounds=bounds, conditions=read_conditions(session))
    replay.counts_late = counts_late(session, bounds, only)
    replay.has_archive = session.scalar(select(UsageArchive.id).limit(1)) is not None
    if only is None and replay.is_whole:
        store.load_catalogue(session, replay.rollups)
    else:
        store.load_all_names(session, replay.rollups)
        replay.rollups.count_names = False
    return replay


def size_of_replay(session: Session, only: frozenset[int] | None) -> int:
    """Messages that will be read: all of the log, and of the archive those of the accounts."""
    archived = select(func.sum(UsageArchive.events))
    if only is not None:
        archived = archived.where(UsageArchive.account_id.in_(sorted(only)))
    return size_of_log(session) + int(session.scalar(archived) or 0)


def size_of_log(session: Session) -> int:
    return int(session.scalar(select(func.sum(UsageLog.messages))) or 0)


def teller(progress: Progress, total: int) -> Tell:
    done = 0

    def tell(messages: int) -> None:
        nonlocal done
        done = min(done + messages, total)
        progress(done, total)

    return tell


def archive_state(session: Session, only: frozenset[int] | None) -> tuple[bool, int]:
    """Whether there is an archive, and the newest of its rows of these accounts (0: none)."""
    newest = select(func.max(UsageArchive.id))
    own = newest if only is None else newest.where(UsageArchive.account_id.in_(sorted(only)))
    return session.scalar(newest) is not None, session.scalar(own) or 0


def keep_fixed(session: Session, replay: Replay) -> None:
    """Before the log is read: what cannot be made again is kept as it is, and with it what came
    too late to be counted.
    """
    if not replay.counts_late:
        replay.late = quarantine.read_late(session)
    if replay.bounds.log_from is None:
        return
    zones = {
        row.id: row.time_zone for row in session.execute(select(Account.id, Account.time_zone))
    }
    load_fixed(session, replay.rollups, replay.bounds, zones)
