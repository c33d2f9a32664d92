"""The steps of a fold: the inbox becomes rollups, each message exactly once.

A step reads the version, claims rows of the inbox, decodes and adds them up without any lock;
then one transaction takes the version (or begins anew), writes the rollups, moves the rows to the
log and commits. A process that dies in between has done nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import Account, UsageLog
from portal.tenancy import system_scope
from portal.usage import inbox, quarantine, refusals, store, versions
from portal.usage.inbox import Claim
from portal.usage.plan import plan_of
from portal.usage.reading import LogRow, Read, read_rows
from portal.usage.refusals import Refused
from portal.usage.rollups import Rollups
from portal.usage.sorting import Sorted, account_keys, persons_without_account, sort
from portal.usage.tally import add
from portal.usage.writing import write

# One step's rows and, about, its messages: what fits comfortably in memory and in one commit.
STEP_ROWS = 2_000
STEP_MESSAGES = 50_000


@dataclass(frozen=True, slots=True)
class FoldReport:
    """What one call did. `events` counts new activity, `refused` messages that were none,
    `kept_aside` messages of unknown accounts, `attached` messages that came back from there.
    """

    requests: int = 0
    events: int = 0
    duplicates: int = 0
    kept_aside: int = 0
    attached: int = 0
    refused: int = 0

    def plus(self, other: "FoldReport") -> "FoldReport":
        return FoldReport(
            self.requests + other.requests,
            self.events + other.events,
            self.duplicates + other.duplicates,
            self.kept_aside + other.kept_aside,
            self.attached + other.attached,
            self.refused + other.refused,
        )


@dataclass(slots=True)
class Step:
    """Work that is done but not written. `kept`: the rows that hold at least one good message."""

    version: int
    claimed: Claim
    kept: set[int]
    refused: Refused
    rollups: Rollups
    sorted: Sorted
    events: int = 0
    duplicates: int = 0


def fold_inbox(database: Database, now: datetime) -> FoldReport:
    """Folds until the inbox is empty; first brings back what is kept aside for accounts that
    exist by now.
    """
    versions.ensure_version(database, now)
    _sweep(database, now)
    report = _attach(database, now)
    while True:
        step = _prepare(database, now)
        if step is None:
            return report
        report = report.plus(_write(database, now, step))


def _sweep(database: Database, now: datetime) -> None:
    """After a crash between the fold's commit and what follows it."""
    with database.session(system_scope(now, "fold")) as session:
        inbox.sweep(session)


def _attach(database: Database, now: datetime) -> FoldReport:
    with database.session(system_scope(now, "fold")) as session:
        keys = quarantine.attachable(session)
    if not keys:
        return FoldReport()
    with database.session(system_scope(now, "fold"), writes=True) as session:
        version = versions.read_version(session)
        # A fold that ran meanwhile may have brought them back already: then nothing is found.
        if version is None or not versions.take(session, version):
            return FoldReport()
        attached = quarantine.attach(session, keys)
        session.commit()
    return FoldReport(attached=attached)


def _prepare(database: Database, now: datetime) -> Step | None:
    with database.session(system_scope(now, "fold")) as session:
        version = versions.read_version(session)
        claimed = inbox.claim(session, STEP_ROWS, STEP_MESSAGES)
        rows = claimed.rows
        if not rows or version is None:
            return None
        found = read_rows(rows, _own_keys(session, rows))
        rollups = Rollups()
        done = _sort(session, found.reads, rollups)
        kept = {read.row.id for read in found.reads}
        step = Step(version, claimed, kept, found.refused, rollups, done)
        _add_up(session, step)
    return step


def _own_keys(session: Session, rows: list[LogRow]) -> dict[int, str]:
    """Of the accounts that the rows' write keys are bound to."""
    bound = {row.bound_id for row in rows if row.bound_id is not None}
    if not bound:
        return {}
    keys = select(Account.id, Account.key).where(Account.id.in_(bound))
    return {row.id: row.key for row in session.execute(keys)}


def _sort(session: Session, reads: list[Read], rollups: Rollups) -> Sorted:
    store.load_memberships(session, rollups, persons_without_account(reads))
    joined = {part.account_key for part in rollups.memberships.values()}
    accounts = store.accounts_by_key(session, account_keys(reads) | joined)
    return sort(reads, accounts, rollups.memberships)


def _add_up(session: Session, step: Step) -> None:
    by_account = step.sorted.by_account
    zones = store.zones_by_id(session, by_account)
    names = {event.name for events in by_account.values() for event in events}
    store.load_names(session, step.rollups, names)
    for account, zone in sorted(zones.items()):
        use = store.load_use(session, step.rollups, account)
        # Days stay in the zone that they were begun in until a rebuild moves all of them.
        plan = plan_of(account, use.time_zone if use else zone, by_account[account])
        store.load_plan(session, step.rollups, plan)
        new = add(step.rollups, plan)
        step.events += new
        step.duplicates += len(by_account[account]) - new


def _write(database: Database, now: datetime, step: Step) -> FoldReport:
    with database.session(system_scope(now, "fold"), writes=True) as session:
        if not versions.take(session, step.version) or not inbox.settle(session, step.claimed):
            session.rollback()
            return FoldReport()
        _archive(session, step)
        write(session, step.rollups, step.version + 1)
        refusals.count(session, step.refused)
        kept = quarantine.keep(session, step.sorted)
        versions.note(
            session,
            folded_to=max(row.received_at for row in step.claimed.rows),
            anonymous=step.sorted.anonymous,
            duplicates=step.duplicates,
        )
        session.commit()
    return FoldReport(
        len(step.claimed.rows), step.events, step.duplicates, kept, refused=len(step.refused)
    )


def _archive(session: Session, step: Step) -> None:
    """Keeps the claimed rows in the log, but for those that hold nothing good."""
    moved = [
        _logged(step, row) for row in step.claimed.rows if row.id in step.kept and not row.replay
    ]
    if moved:
        session.execute(insert(UsageLog), moved)


def _logged(step: Step, row: LogRow) -> dict[str, Any]:
    return {
        "received_at": row.received_at,
        "bound_id": row.bound_id,
        "key_id": row.key_id,
        "messages": row.messages,
        "kind": row.kind,
        "body": row.body,
        "version": step.version + 1,
    }
