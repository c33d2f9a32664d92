"""The log read again from its beginning, into rollups in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account, UsageLog
from portal.usage import store
from portal.usage.plan import plan_of
from portal.usage.reading import LogRow, Read, read_rows
from portal.usage.rollups import Rollups
from portal.usage.sorting import Sorted, sort
from portal.usage.tally import add

ROWS_AT_ONCE = 500


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
    unknown: list[Read] = field(default_factory=list)
    anonymous: int = 0
    events: int = 0
    duplicates: int = 0

    def read_log(self, session: Session, version: int) -> None:
        """Adds what was folded after `self.version`, up to and including `version`."""
        for row in session.execute(select(Account.key, Account.id, Account.time_zone)):
            self.accounts[row.key] = row.id
            self.zones.setdefault(row.id, row.time_zone)
        own = {account: key for key, account in self.accounts.items()}
        for rows in _log_rows(session, self.version, version):
            reads = read_rows(rows, own).reads
            self._add(sort(reads, self.accounts, self.rollups.memberships))
        self.version = version

    def place_unknown(self) -> Sorted:
        """Tries again what had no account when it came, now that all `group` calls are known.
        Returns what is still unknown.
        """
        done = sort(self.unknown, self.accounts, self.rollups.memberships)
        self.unknown = []
        self._add(done)
        return Sorted(unknown=done.unknown)

    def _add(self, done: Sorted) -> None:
        self.anonymous += done.anonymous
        self.unknown += chain.from_iterable(done.unknown.values())
        for account, events in sorted(done.by_account.items()):
            if account not in self.zones or (self.only is not None and account not in self.only):
                continue
            new = add(self.rollups, plan_of(account, self.zones[account], events))
            self.events += new
            self.duplicates += len(events) - new


def _log_rows(session: Session, after: int, until: int) -> Iterator[list[LogRow]]:
    """In the order in which they were folded."""
    ids = session.scalars(
        select(UsageLog.id)
        .where(UsageLog.version > after, UsageLog.version <= until)
        .order_by(UsageLog.version, UsageLog.id)
    ).all()
    for start in range(0, len(ids), ROWS_AT_ONCE):
        wanted = select(
            UsageLog.id,
            UsageLog.received_at,
            UsageLog.bound_id,
            UsageLog.key_id,
            UsageLog.messages,
            UsageLog.kind,
            UsageLog.body,
        ).where(UsageLog.id.in_(ids[start : start + ROWS_AT_ONCE]))
        rows = session.execute(wanted.order_by(UsageLog.version, UsageLog.id))
        yield [LogRow(*row) for row in rows]


def replay_of(session: Session, only: frozenset[int] | None) -> Replay:
    replay = Replay(only)
    if only is None:
        store.load_catalogue(session, replay.rollups)
    else:
        store.load_all_names(session, replay.rollups)
        replay.rollups.count_names = False
    return replay
