"""Rollups thrown away and made again from the log: of all accounts, or of one (its zone changed).
Every message is known again then, so late ones count at last, also those of archived days, if they
are none of what lies in the archive (usage/archive_known.py); old days are hot until the next
sealing. Days whose raw events are gone stay as they are (usage/fixed.py).

Nearly all of the log is read without a lock; the transaction that writes reads only what was
folded meanwhile. Events go on being accepted, and folds wait for that transaction alone.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.db import Base, Database
from portal.domain.errors import Conflict
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
from portal.usage import quarantine, retelling, versions
from portal.usage.conditions import read_conditions
from portal.usage.ended import note_ended
from portal.usage.erasing import is_erasing, last_erasure
from portal.usage.fixed import add_known, note_known, read_bounds, read_known
from portal.usage.parting import PartedLog
from portal.usage.replay import (
    Progress,
    Replay,
    archive_state,
    counts_late,
    keep_fixed,
    replay_of,
    size_of_replay,
    teller,
)
from portal.usage.steps import FoldReport
from portal.usage.writing import write

# The account first: whoever changes its days holds its row before.
OWNED: tuple[type[Base], ...] = (
    *(UsageAccount, UsageDay, UsageNameDay, UsageSealed, UsagePerson, UsageSeen),
)
TRIES = 5
ERASING = "A person is being erased from the log. Try again when that is done."
BUSY = "Figures changed all the time while they were made again. Try once more."


def rebuild(
    database: Database,
    now: datetime,
    only: frozenset[int] | None = None,
    parted: PartedLog | None = None,
    progress: Progress | None = None,
) -> FoldReport:
    """`only`: ids of the accounts whose rollups are made again; None for everything. `parted`
    saves reading the log, as long as it stands for it. `progress` is told how many messages of
    how many were read; when it is told all of them the rollups are still to be written.
    """
    versions.ensure_version(database, now)
    for _ in range(TRIES):
        report = _try_to_rebuild(database, now, only, parted, progress)
        if report is not None:
            return report
    raise Conflict(BUSY, code="rebuild-busy")


def _try_to_rebuild(
    database: Database,
    now: datetime,
    only: frozenset[int] | None,
    parted: PartedLog | None,
    progress: Progress | None,
) -> FoldReport | None:
    """None where what it stands on has changed meanwhile: then nothing has happened."""
    with database.session(system_scope(now, "rebuild")) as session:
        if is_erasing(session):
            raise Conflict(ERASING, code="erasing")
        version, erased = versions.read_version(session) or 0, last_erasure(session)
        replay = replay_of(session, only)
        if progress is not None:
            replay.tell = teller(progress, size_of_replay(session, only))
        keep_fixed(session, replay)
        if parted is not None and parted.stands(session):
            replay.read_accounts(session)
            replay.read_archive(session)
            parted.fill(replay)
        replay.read_log(session, version)
    # Who holds the rows that everybody waits for stops for nobody.
    replay.tell = None
    with database.session(system_scope(now, "rebuild"), writes=True) as session:
        version = versions.hold(session)
        if last_erasure(session) != erased or not _still_stands(session, replay):
            session.rollback()
            return None
        replay.read_log(session, version - 1)
        kept = _replace(session, replay, version, now)
        session.commit()
    return FoldReport(
        events=replay.events,
        duplicates=replay.duplicates,
        kept_aside=kept,
        made_from=replay.bounds.first_day,
    )


def _still_stands(session: Session, replay: Replay) -> bool:
    if replay.conditions != read_conditions(session):
        return False
    if read_bounds(session, replay.only) != replay.bounds:
        return False
    if archive_state(session, replay.only) != (replay.has_archive, replay.archived_to):
        return False
    if counts_late(session, replay.bounds, replay.only) != replay.counts_late:
        return False
    return replay.counts_late or quarantine.read_late(session) == replay.late


def rebuild_moved(database: Database, now: datetime) -> list[int]:
    """Makes the days of accounts again whose zone has changed, or of which told days were taken
    back; returns their ids.
    """
    with database.session(system_scope(now, "rebuild")) as session:
        if is_erasing(session):
            return []
        moved = sorted({*moved_accounts(session), *retelling.accounts_taken_back(session)})
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
    replay.place_doubtful()
    replay.place_asides(session)
    told = retelling.read_all_told(session, replay.only, replay.bounds)
    retelling.add_all_told(session, replay.rollups, told)
    known = read_known(session, replay.bounds, replay.zones)
    known.keep_forgotten(replay.archived)
    add_known(replay.rollups, known)
    _clear(session, replay)
    if replay.only is not None:
        replay.rollups.memberships.clear()
    write(session, replay.rollups, version, now)
    note_known(session, known)
    note_ended(session, replay.rollups, version, now)
    retelling.settle_all_told(session, told)
    if replay.only is not None:
        return 0
    if replay.is_whole:
        _count(session, replay)
    return quarantine.keep(session, left, rows)


def _count(session: Session, replay: Replay) -> None:
    session.execute(
        update(UsageFold)
        .where(UsageFold.id == 1)
        .values(anonymous=replay.anonymous, duplicates=replay.duplicates)
        .execution_options(synchronize_session=False)
    )


def _clear(session: Session, replay: Replay) -> None:
    only = replay.only
    for model in OWNED:
        statement = delete(model)
        if only is not None:
            statement = statement.where(model.__table__.c.account_id.in_(sorted(only)))
        _delete(session, statement)
    if only is not None and replay.counts_late:
        quarantine.drop_late(session, only)
    if only is None:
        _delete(session, delete(UsageMembership))
        if replay.is_whole:
            _delete(session, delete(UsageName))
            _delete(session, delete(UsageQuarantine))
        else:
            quarantine.drop_unknown(session, replay.bounds.log_from)
            if replay.counts_late:
                quarantine.drop_late(session)


def _delete(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
