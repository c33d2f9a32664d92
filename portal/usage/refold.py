"""History counted again by the conditions of new rules, in slices of accounts.

Until all accounts are done the new rules have no say, so the figures are the old ones; then all
change at once. A slice that was cut off is done again: its rollups are exchanged in one
transaction, and what is left stands in a row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.event_rules import Rule, RuleText, fits, read_variant
from portal.models import CatalogueState, EventRule, UsageAccount, UsageRefold
from portal.tenancy import system_scope
from portal.usage.event_rules import list_names
from portal.usage.parting import PartedLog, part_log
from portal.usage.queries import EARLIEST, read_name_days
from portal.usage.rebuild import rebuild
from portal.usage.replay import Progress

# A slice holds so many rows of the rollups in memory at most, some hundreds of megabytes.
SLICE_ROWS = 400_000
# Of an account's day about so many rows, if it has as many events: few send more names than that.
ROWS_A_DAY = 40
LAST = date(2199, 12, 31)
PARTED = "log-parted-for-refold"
# How much of the log is read is written down so many times at most.
STEPS = 100


@dataclass(frozen=True, slots=True)
class RefoldState:
    """`done` of `total` accounts; `begun_at` None: it waits for a worker. `read` of `messages` of
    the log, which is read before the accounts are counted; 0 of 0 before.
    """

    begun_at: datetime | None
    done: int
    total: int
    read: int = 0
    messages: int = 0

    @property
    def is_reading(self) -> bool:
        return self.read < self.messages


def refold_slice(database: Database, now: datetime, *, most_rows: int = SLICE_ROWS) -> bool:
    """Does one slice, or begins or ends a refold; whether there is more to do. The log is read
    with the first slice that this process does, and with none of those that follow.
    """
    with database.session(system_scope(now, "refold"), writes=True) as session:
        run = _open_run(session, now)
        if run is None:
            return False
        if not run.remaining:
            _end(session, run, now)
            session.commit()
            database.shelf.put(PARTED, None, 0)
            return True
        run_id, remaining = run.id, list(run.remaining)
        session.commit()
    note = _noting(database, now, run_id)
    with database.session(system_scope(now, "refold")) as session:
        parted = _parted(database, session, remaining, most_rows, note)
    accounts = parted.group_of(remaining[0]) & set(remaining)
    # Where the log could not be parted each slice reads it by itself.
    rebuild(database, now, frozenset(accounts), parted, None if parted.version else note)
    with database.session(system_scope(now, "refold"), writes=True) as session:
        run = session.get_one(UsageRefold, run_id)
        run.remaining = [one for one in run.remaining if one not in accounts]
        session.commit()
    return True


def _noting(database: Database, now: datetime, run_id: int) -> Progress:
    """Writes down how much of the log is read, at most a hundred times; readers see it at once."""
    noted = -1

    def note(read: int, messages: int) -> None:
        nonlocal noted
        step = read * STEPS // max(messages, 1)
        if step == noted:
            return
        noted = step
        with database.session(system_scope(now, "refold"), writes=True) as session:
            run = session.get_one(UsageRefold, run_id)
            run.messages_read, run.messages = read, messages
            session.commit()

    return note


def _parted(
    database: Database, session: Session, remaining: Sequence[int], most_rows: int, note: Progress
) -> PartedLog:
    """The one that was kept, or the log read anew."""
    known: PartedLog | None = database.shelf.find(PARTED)
    if known is not None and remaining[0] in known.groups and known.stands(session):
        return known
    made = part_log(session, _slices(session, remaining, most_rows), note)
    database.shelf.put(PARTED, made, made.size())
    return made


def refold_state(session: Session) -> RefoldState | None:
    """None where history is counted by all conditions."""
    run = session.scalar(select(UsageRefold).where(UsageRefold.ended_at.is_(None)).limit(1))
    if run is not None:
        done = run.total - len(run.remaining)
        return RefoldState(run.begun_at, done, run.total, run.messages_read, run.messages)
    waiting = session.scalar(select(EventRule.id).where(EventRule.ready.is_(False)).limit(1))
    return None if waiting is None else RefoldState(None, 0, 0)


def _open_run(session: Session, now: datetime) -> UsageRefold | None:
    """The one under way, or a new one for all rules that wait."""
    run = session.scalar(
        select(UsageRefold).where(UsageRefold.ended_at.is_(None)).with_for_update()
    )
    if run is not None:
        return run
    waiting = [
        Rule(row.id, None, RuleText(row.pattern, row.member, row.value, row.operator))
        for row in session.scalars(select(EventRule).where(EventRule.ready.is_(False)))
    ]
    if not waiting:
        return None
    accounts = _affected(session, waiting)
    run = UsageRefold(
        begun_at=now,
        rules=[rule.id for rule in waiting],
        remaining=accounts,
        total=len(accounts),
    )
    session.add(run)
    session.flush()
    return run


def _affected(session: Session, rules: Iterable[Rule]) -> list[int]:
    """Accounts with events that one of the patterns fits."""
    patterns = {rule.text.pattern for rule in rules}
    names = [
        name
        for name in list_names(session)
        if any(fits(pattern, read_variant(name)[0]) for pattern in patterns)
    ]
    if not names:
        return []
    return sorted({row.account for row in read_name_days(session, None, EARLIEST, LAST, names)})


def _slices(session: Session, accounts: Sequence[int], most_rows: int) -> list[list[int]]:
    """In their order: at least one account each, and not more rows than fit."""
    wanted = select(
        UsageAccount.account_id, UsageAccount.events, UsageAccount.first_at, UsageAccount.last_at
    )
    rows = {row.account_id: _rows_of(row) for row in session.execute(wanted)}
    slices: list[list[int]] = []
    room = 0
    for account in accounts:
        needed = rows.get(account, 0)
        if not slices or needed > room:
            slices.append([])
            room = most_rows
        slices[-1].append(account)
        room -= needed
    return slices


def _rows_of(use: Any) -> int:
    """Of the rollups of an account, at most about so many."""
    days = (use.last_at - use.first_at).days + 1
    return int(min(use.events, days * ROWS_A_DAY))


def _end(session: Session, run: UsageRefold, now: datetime) -> None:
    """From here on the rules have their say, for every account at the same moment."""
    session.execute(
        update(EventRule)
        .where(EventRule.id.in_(run.rules))
        .values(ready=True)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(CatalogueState)
        .where(CatalogueState.id == 1)
        .values(version=CatalogueState.version + 1)
        .execution_options(synchronize_session=False)
    )
    run.ended_at = now
