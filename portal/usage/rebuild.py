"""Rollups thrown away and made again from the log: of all accounts, or of one (its zone changed).
Every message is known again then, so late ones count at last; old days are hot until the next
sealing.

Nearly all of the log is read without a lock; the transaction that writes reads only what was
folded meanwhile. Events go on being accepted, and folds wait for that transaction alone.
"""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.db import Base, Database
from portal.models import (
    Account,
    UsageAccount,
    UsageDay,
    UsageFold,
    UsageMembership,
    UsageName,
    UsageNameDay,
    UsagePerson,
    UsageQuarantine,
    UsageSealed,
    UsageSeen,
)
from portal.tenancy import system_scope
from portal.usage import quarantine, versions
from portal.usage.conditions import read_conditions
from portal.usage.ended import note_ended
from portal.usage.replay import Replay, replay_of
from portal.usage.steps import FoldReport
from portal.usage.writing import write

# The account first: whoever changes its days holds its row before.
OWNED: tuple[type[Base], ...] = (
    *(UsageAccount, UsageDay, UsageNameDay, UsageSealed, UsagePerson, UsageSeen),
)
SHARED: tuple[type[Base], ...] = (UsageName, UsageMembership, UsageQuarantine)


def rebuild(database: Database, now: datetime, only: frozenset[int] | None = None) -> FoldReport:
    """`only`: ids of the accounts whose rollups are made again; None for everything."""
    versions.ensure_version(database, now)
    while True:
        report = _try_to_rebuild(database, now, only)
        if report is not None:
            return report


def _try_to_rebuild(
    database: Database, now: datetime, only: frozenset[int] | None
) -> FoldReport | None:
    """None where conditions of rules have changed meanwhile: then nothing has happened."""
    with database.session(system_scope(now, "rebuild")) as session:
        replay = replay_of(session, only)
        replay.read_log(session, versions.read_version(session) or 0)
    with database.session(system_scope(now, "rebuild"), writes=True) as session:
        version = versions.hold(session)
        if replay.conditions != read_conditions(session):
            session.rollback()
            return None
        replay.read_log(session, version - 1)
        kept = _replace(session, replay, version, now)
        session.commit()
    return FoldReport(events=replay.events, duplicates=replay.duplicates, kept_aside=kept)


def rebuild_moved(database: Database, now: datetime) -> list[int]:
    """Makes the days of accounts again whose zone has changed; returns their ids."""
    with database.session(system_scope(now, "rebuild")) as session:
        moved = moved_accounts(session)
    if moved:
        rebuild(database, now, frozenset(moved))
    return moved


def moved_accounts(session: Session) -> list[int]:
    """Accounts whose days were folded in another zone than the one that they have now."""
    wanted = (
        select(Account.id)
        .join(UsageAccount, UsageAccount.account_id == Account.id)
        .where(UsageAccount.time_zone != Account.time_zone)
    )
    return sorted(session.scalars(wanted))


def _replace(session: Session, replay: Replay, version: int, now: datetime) -> int:
    left, rows = replay.place_unknown()
    _clear(session, replay.only)
    if replay.only is not None:
        replay.rollups.memberships.clear()
        quarantine.drop_late(session, replay.only)
        write(session, replay.rollups, version, now)
        note_ended(session, replay.rollups, version, now)
        return 0
    write(session, replay.rollups, version, now)
    note_ended(session, replay.rollups, version, now)
    session.execute(
        update(UsageFold)
        .where(UsageFold.id == 1)
        .values(anonymous=replay.anonymous, duplicates=replay.duplicates)
        .execution_options(synchronize_session=False)
    )
    return quarantine.keep(session, left, rows)


def _clear(session: Session, only: frozenset[int] | None) -> None:
    for model in OWNED:
        statement = delete(model)
        if only is not None:
            statement = statement.where(model.__table__.c.account_id.in_(sorted(only)))
        session.execute(statement.execution_options(synchronize_session=False))
    for model in SHARED if only is None else ():
        session.execute(delete(model).execution_options(synchronize_session=False))
