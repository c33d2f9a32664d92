"""The steps of a fold: the inbox becomes rollups, each message exactly once.

A step reads the version, claims rows of the inbox, decodes and adds them up without any lock;
then one transaction takes the version (or begins anew), writes the rollups, moves the rows to the
log and commits. A process that dies in between has done nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import Account, UsageLog
from portal.tenancy import system_scope
from portal.usage import arrival_counts, inbox, key_use, quarantine, refusals, store, versions
from portal.usage.conditions import read_conditions
from portal.usage.distinct import distinct
from portal.usage.ended import note_ended
from portal.usage.floods import announce_floods
from portal.usage.inbox import Claim, Most
from portal.usage.messages import Messages
from portal.usage.mistimed import list_mistimed
from portal.usage.plan import plan_of
from portal.usage.reading import LogRow, read_rows
from portal.usage.refusals import Refused
from portal.usage.rollups import Rollups
from portal.usage.sorting import Sorted, account_keys, persons_without_account, sort
from portal.usage.tally import add
from portal.usage.writing import write

# One step's rows and, about, its messages and compressed bytes: what fits comfortably in memory
# and in one commit. Fewer, larger steps write the same days less often.
STEP_ROWS = 10_000
STEP_MESSAGES = 200_000
STEP_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class FoldReport:
    """What one call did. `events` counts new activity, `refused` messages that were none,
    `kept_aside` messages of unknown accounts, `attached` messages that came back from there,
    `late` messages of which nobody can tell whether they count already.
    """

    requests: int = 0
    events: int = 0
    duplicates: int = 0
    kept_aside: int = 0
    attached: int = 0
    refused: int = 0
    late: int = 0
    # Of a rebuild: earlier days stayed as they were, as raw events of them are gone.
    made_from: date | None = None

    def plus(self, other: "FoldReport") -> "FoldReport":
        return FoldReport(
            self.requests + other.requests,
            self.events + other.events,
            self.duplicates + other.duplicates,
            self.kept_aside + other.kept_aside,
            self.attached + other.attached,
            self.refused + other.refused,
            self.late + other.late,
        )


@dataclass(slots=True)
class Step:
    """Work that is done but not written. `kept`: the positions of rows with a good message."""

    version: int
    claimed: Claim
    kept: set[int]
    refused: Refused
    rollups: Rollups
    sorted: Sorted
    events: int = 0
    duplicates: int = 0
    # Account → positions of its messages that came too late to be told from ones that count.
    late: dict[int, list[int]] = field(default_factory=dict)


def fold_inbox(database: Database, now: datetime) -> FoldReport:
    """Folds until the inbox is empty; first brings back what is kept aside for accounts that
    exist by now.
    """
    versions.ensure_version(database, now)
    _sweep(database, now)
    report = _attach(database, now)
    known: Step | None = None
    while True:
        with _no_collections():
            step = _prepare(database, now, known)
            if step is None:
                return report
            done = _write(database, now, step)
        known = step if done is not None else None
        report = report.plus(done or FoldReport())


@contextmanager
def _no_collections() -> Iterator[None]:
    """A step makes a million objects and no cycles: looking for some takes a tenth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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


def _prepare(database: Database, now: datetime, known: Step | None) -> Step | None:
    """`known` is the step that this process wrote before, if nobody wrote since: its rollups
    need not be read again.
    """
    with database.session(system_scope(now, "fold")) as session:
        version = versions.read_version(session)
        claimed = inbox.claim(session, Most(STEP_ROWS, STEP_MESSAGES, STEP_BYTES))
        rows = claimed.rows
        if not rows or version is None:
            return None
        found = read_rows(rows, _own_keys(session, rows), read_conditions(session))
        rollups = Rollups()
        if known is not None and known.version + 1 == version:
            rollups = known.rollups.kept()
        done = _sort(session, rows, found.messages, rollups)
        step = Step(version, claimed, found.good, found.refused, rollups, done)
        _add_up(session, step)
    return step


def _own_keys(session: Session, rows: list[LogRow]) -> dict[int, str]:
    """Of the accounts that the rows' write keys are bound to."""
    bound = {row.bound_id for row in rows if row.bound_id is not None}
    if not bound:
        return {}
    keys = select(Account.id, Account.key).where(Account.id.in_(bound))
    return {row.id: row.key for row in session.execute(keys)}


def _sort(session: Session, rows: list[LogRow], messages: Messages, rollups: Rollups) -> Sorted:
    store.load_memberships(session, rollups, persons_without_account(messages, rows))
    joined = {part.account_key for part in rollups.memberships.values()}
    accounts = store.accounts_by_key(session, account_keys(messages) | joined)
    return sort(messages, rows, accounts, rollups.memberships)


def _add_up(session: Session, step: Step) -> None:
    done = step.sorted
    zones = store.zones_by_id(session, set(distinct(done.accounts).tolist()) - {0})
    store.load_uses(session, step.rollups, zones)
    # Days stay in the zone that they were begun in until a rebuild moves all of them.
    begun = {account: use.time_zone for account, use in step.rollups.uses.items()}
    plan = plan_of(done.messages, done.accounts, {one: begun.get(one, zones[one]) for one in zones})
    store.load_names(session, step.rollups, plan.touched_names())
    store.load_plan(session, step.rollups, plan)
    added = add(step.rollups, plan)
    step.events = added.new
    step.duplicates = plan.places.size - added.new - len(added.late)
    step.late = plan.by_account(added.late)


def _write(database: Database, now: datetime, step: Step) -> FoldReport | None:
    """None where somebody else came before: then nothing has happened."""
    with database.session(system_scope(now, "fold"), writes=True) as session:
        if not versions.take(session, step.version):
            session.rollback()
            return None
        _archive(session, step)
        if not inbox.settle(session, step.claimed):
            session.rollback()
            return None
        write(session, step.rollups, step.version + 1, now)
        note_ended(session, step.rollups, step.version + 1, now)
        refusals.count(session, step.refused)
        list_mistimed(session, step.refused)
        key_use.note(session, step.claimed.rows)
        announce_floods(session, step.rollups.flooding, now)
        arrival_counts.count(session, step.claimed.rows, step.refused)
        kept = quarantine.keep(session, step.sorted, step.claimed.rows)
        late = quarantine.keep_late(session, step.sorted, step.claimed.rows, step.late)
        versions.note(
            session,
            folded_to=max(row.received_at for row in step.claimed.rows),
            anonymous=step.sorted.messages.anonymous,
            duplicates=step.duplicates,
        )
        session.commit()
    return FoldReport(
        requests=len(step.claimed.rows),
        events=step.events,
        duplicates=step.duplicates,
        kept_aside=kept,
        refused=len(step.refused),
        late=late,
    )


def _archive(session: Session, step: Step) -> None:
    """Keeps the claimed rows in the log, but for those that hold nothing good."""
    rows = (step.claimed.rows[position] for position in sorted(step.kept))
    kept = [row for row in rows if not row.replay]
    if not step.claimed.through:
        inbox.copy_to_log(session, [row.id for row in kept], step.version + 1)
    elif kept:
        session.execute(insert(UsageLog), [_logged(step, row) for row in kept])


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
