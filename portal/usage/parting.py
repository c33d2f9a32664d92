"""The log read once for rollups that are made again group by group (usage/refold.py): activity of
these accounts is set aside, each group's by itself, in a file that goes with the process.

What is set aside is what a Replay would add. One that is filled from here goes on where the log
ended then. After an erasure, with other rules, other keys of accounts, or where raw events are
gone or archived meanwhile, it no longer stands for the log.
"""

import tempfile
import weakref
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account
from portal.usage import quarantine, versions
from portal.usage.conditions import read_conditions
from portal.usage.distinct import distinct
from portal.usage.erasing import last_erasure
from portal.usage.fixed import read_bounds
from portal.usage.pieces import pack_piece, unpack_piece
from portal.usage.replay import (
    Progress,
    Replay,
    archive_state,
    counts_late,
    size_of_log,
    teller,
)
from portal.usage.sorting import Sorted


@dataclass(slots=True, weakref_slot=True)
class PartedLog(Replay):
    """`groups`: account → number of its group; `erased` the last erasure then."""

    groups: dict[int, int] = field(default_factory=dict)
    erased: int = 0
    # Number of the group → where its pieces stand in the file.
    pieces: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    file: Any = field(default_factory=tempfile.TemporaryFile)

    def __post_init__(self) -> None:
        weakref.finalize(self, self.file.close)

    def take(self, done: Sorted) -> None:
        """Sets it aside; nothing is added up here."""
        known = np.array(sorted(self.groups), np.int64)
        own = np.flatnonzero(np.isin(done.accounts, known))
        numbers = np.array([self.groups[one] for one in known.tolist()], np.int64)
        of_each = numbers[np.searchsorted(known, done.accounts[own])]
        for number in distinct(of_each).tolist():
            packed = pack_piece(done, own[of_each == number])
            place = self.file.tell(), len(packed)
            self.file.write(packed)
            self.pieces.setdefault(number, []).append(place)

    def fill(self, replay: Replay) -> None:
        """With what came up to `self.version`; its accounts are known, and of these groups."""
        members = self.rollups.memberships.items()
        replay.rollups.memberships.update((person, copy(one)) for person, one in members)
        replay.unknown += self.unknown
        replay.doubtful += self.doubtful
        for number in sorted({self.groups[account] for account in replay.only or ()}):
            for start, size in self.pieces.get(number, []):
                self.file.seek(start)
                replay.take(unpack_piece(self.file.read(size)))
        replay.version = self.version

    def group_of(self, account: int) -> set[int]:
        """All accounts of its group."""
        number = self.groups[account]
        return {one for one, of in self.groups.items() if of == number}

    def size(self) -> int:
        """Of what lies in memory, in bytes, about."""
        return 1_000 * len(self.rollups.memberships) + sum(len(row.body) for row, _ in self.unknown)

    def stands(self, session: Session) -> bool:
        """Whether it is still what a Replay would read."""
        if read_bounds(session).log_from is not None or last_erasure(session) != self.erased:
            return False
        if read_conditions(session) != self.conditions:
            return False
        if archive_state(session, None) != (self.has_archive, self.archived_to):
            return False
        if counts_late(session, self.bounds, None) != self.counts_late:
            return False
        if not self.counts_late and quarantine.read_late(session) != self.late:
            return False
        keys = {row.key: row.id for row in session.execute(select(Account.key, Account.id))}
        return all(keys.get(key) == account for key, account in self.accounts.items())


def part_log(
    session: Session, groups: Sequence[Iterable[int]], progress: Progress | None = None
) -> PartedLog:
    """Reads all that is folded by now; nothing where raw events are gone. `progress` is told how
    many messages of how many were read.
    """
    numbers = {account: number for number, some in enumerate(groups) for account in some}
    version = versions.read_version(session) or 0
    parted = PartedLog(
        conditions=read_conditions(session), groups=numbers, erased=last_erasure(session)
    )
    # Each group reads its own of the archive.
    parted.has_archive, parted.archived_to = archive_state(session, None)
    parted.counts_late = counts_late(session, parted.bounds, None)
    if not parted.counts_late:
        parted.late = quarantine.read_late(session)
    if read_bounds(session).log_from is None:
        parted.tell = None if progress is None else teller(progress, size_of_log(session))
        parted.read_log(session, version)
        parted.tell = None
    return parted
