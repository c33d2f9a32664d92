"""The steps of a fold: the inbox becomes rollups, each message exactly once.

A step reads the version, claims rows of the inbox, decodes and adds them up without any lock;
then one transaction takes the version (or begins anew), writes the rollups, moves the rows to the
log and commits. A process that dies in between has done nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, delete, insert, literal, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import UsageInbox, UsageLog
from portal.tenancy import system_scope
from portal.usage import quarantine, store, versions
from portal.usage.plan import plan_of
from portal.usage.rollups import Rollups
from portal.usage.sorting import (
    LogRow,
    Read,
    Sorted,
    account_keys,
    persons_without_account,
    read_rows,
    sort,
)
from portal.usage.tally import add
from portal.usage.writing import write

# One step's rows and, about, its messages: what fits comfortably in memory and in one commit.
STEP_ROWS = 2_000
STEP_MESSAGES = 50_000


@dataclass(frozen=True, slots=True)
class FoldReport:
    """What one call did. `events` counts new activity, `kept_aside` messages of unknown accounts,
    `attached` messages that came back from there.
    """

    requests: int = 0
    events: int = 0
    duplicates: int = 0
    kept_aside: int = 0
    attached: int = 0

    def plus(self, other: "FoldReport") -> "FoldReport":
        return FoldReport(
            self.requests + other.requests,
            self.events + other.events,
            self.duplicates + other.duplicates,
            self.kept_aside + other.kept_aside,
            self.attached + other.attached,
        )


@dataclass(slots=True)
class Step:
    """Work that is done but not written."""

    version: int
    rows: list[LogRow]
    rollups: Rollups
    sorted: Sorted
    events: int = 0
    duplicates: int = 0


def fold_inbox(database: Database, now: datetime) -> FoldReport:
    """Folds until the inbox is empty; first brings back what is kept aside for accounts that
    exist by now.
    """
    versions.ensure_version(database, now)
    report = _attach(database, now)
    while True:
        step = _prepare(database, now)
        if step is None:
            return report
        report = report.plus(_write(database, now, step))


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
        rows = _claim(session)
        if not rows or version is None:
            return None
        reads = read_rows(rows)
        rollups = Rollups()
        done = _sort(session, reads, rollups)
        step = Step(version, rows, rollups, done)
        _add_up(session, step)
    return step


def _claim(session: Session) -> list[LogRow]:
    counts = session.execute(
        select(UsageInbox.id, UsageInbox.messages).order_by(UsageInbox.id).limit(STEP_ROWS)
    ).all()
    chosen, messages = [], 0
    for row in counts:
        if messages >= STEP_MESSAGES:
            break
        chosen.append(row.id)
        messages += row.messages
    found: list[LogRow] = []
    for some in store.chunks(chosen):
        wanted = select(
            UsageInbox.id,
            UsageInbox.received_at,
            UsageInbox.bound_id,
            UsageInbox.messages,
            UsageInbox.body,
            UsageInbox.replay,
        ).where(UsageInbox.id.in_(some))
        found += [LogRow(*row) for row in session.execute(wanted.order_by(UsageInbox.id))]
    return found


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
        if not versions.take(session, step.version) or not _archive(session, step):
            session.rollback()
            return FoldReport()
        write(session, step.rollups, step.version + 1)
        kept = quarantine.keep(session, step.sorted)
        versions.note(
            session,
            folded_to=max(row.received_at for row in step.rows),
            anonymous=step.sorted.anonymous,
            duplicates=step.duplicates,
        )
        session.commit()
    return FoldReport(len(step.rows), step.events, step.duplicates, kept)


def _archive(session: Session, step: Step) -> bool:
    """Moves the claimed rows to the log; False if one of them is gone."""
    gone = 0
    columns = ["id", "received_at", "bound_id", "messages", "body", "version"]
    for some in store.chunks(row.id for row in step.rows):
        moved = select(
            UsageInbox.id,
            UsageInbox.received_at,
            UsageInbox.bound_id,
            UsageInbox.messages,
            UsageInbox.body,
            literal(step.version + 1),
        ).where(UsageInbox.id.in_(some), UsageInbox.replay == literal(value=False, type_=Boolean))
        session.execute(insert(UsageLog.__table__).from_select(columns, moved))  # type: ignore[arg-type] # declared FromClause, always a Table
        deleted = session.execute(
            delete(UsageInbox)
            .where(UsageInbox.id.in_(some))
            .returning(UsageInbox.id)
            .execution_options(synchronize_session=False)
        ).all()
        gone += len(some) - len(deleted)
    return gone == 0
