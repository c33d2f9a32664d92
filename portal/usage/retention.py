"""Raw events are thrown away after some days, if the vendor wishes; figures stay.

Requests go in the order in which they were folded, some in a transaction. The newest `group` call
of each user among them stays, as one row without anything else, so that what is left of the log
can still be read from its beginning. What can no longer be made again stands in usage/fixed.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import Account, UsageFold, UsageLog
from portal.tenancy import system_scope
from portal.usage import archive_rows, log, versions, wire
from portal.usage.log_rows import COLUMNS, Stored, stored_row, stored_rows
from portal.usage.moments import moment_of
from portal.usage.reading import read_rows
from portal.usage.rollups import Membership
from portal.usage.sorting import follow_joins
from portal.usage.store import chunks

# No key has this number: it marks the row of memberships.
MEMBERSHIPS = -1
NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class RetainReport:
    """`messages` of so many `requests` are gone."""

    requests: int = 0
    messages: int = 0


def retain(database: Database, now: datetime, days: int) -> RetainReport:
    """Throws away what came more than `days` ago."""
    versions.ensure_version(database, now)
    until = now - timedelta(days=days)
    requests, messages = 0, _throw_archived_away(database, now, until)
    while gone := _next(database, now, until):
        if _throw_away(database, now, gone, until):
            own = [one.row for row in gone for one in row.requests]
            requests += sum(row.key_id != MEMBERSHIPS for row in own)
            messages += sum(row.messages for row in own if row.key_id != MEMBERSHIPS)
    return RetainReport(requests, messages)


def _throw_archived_away(database: Database, now: datetime, until: datetime) -> int:
    with database.session(system_scope(now, "retain")) as session:
        if not archive_rows.has_older(session, until):
            return 0
    with database.session(system_scope(now, "retain"), writes=True) as session:
        _note(session, until)
        events = archive_rows.throw_away(session, until)
        session.commit()
    return events


def _note(session: Session, until: datetime) -> None:
    """What came before is not there any more."""
    known = session.scalar(select(UsageFold.log_from).where(UsageFold.id == 1))
    _execute(session, update(UsageFold).values(log_from=max(until, known or until)))


def _next(database: Database, now: datetime, until: datetime) -> list[Stored]:
    """The first rows that are wholly older; none where only memberships are left."""
    with database.session(system_scope(now, "retain")) as session:
        first = next(stored_rows(session, (-1, -1), NEWEST), [])
    old = list(takewhile(lambda row: _newest(row) < until, first))
    only_members = len(old) == 1 and all(one.row.key_id == MEMBERSHIPS for one in old[0].requests)
    return [] if only_members else old


def _newest(row: Stored) -> datetime:
    return max(one.row.received_at for one in row.requests)


def _throw_away(database: Database, now: datetime, gone: list[Stored], until: datetime) -> bool:
    """False where one of the rows has changed meanwhile."""
    body, members = _memberships(database, now, gone)
    with database.session(system_scope(now, "retain"), writes=True) as session:
        if _read(session, [row.place[1] for row in gone]) != gone:
            return False
        _note(session, until)
        _execute(
            session,
            update(UsageLog)
            .where(UsageLog.id == gone[-1].place[1])
            .values(
                received_at=max(map(_newest, gone)),
                bound_id=None,
                key_id=MEMBERSHIPS,
                messages=members,
                kind=wire.LINES,
                body=body,
            ),
        )
        for some in chunks(row.place[1] for row in gone[:-1]):
            _execute(session, delete(UsageLog).where(UsageLog.id.in_(some)))
        session.commit()
    return True


def _read(session: Session, ids: Sequence[int]) -> list[Stored]:
    found: list[Stored] = []
    for some in chunks(ids):
        wanted = select(*COLUMNS).where(UsageLog.id.in_(some)).with_for_update()
        found += [stored_row(row) for row in session.execute(wanted)]
    return sorted(found, key=lambda row: row.place)


def _execute(session: Session, statement: object) -> None:
    session.execute(statement.execution_options(synchronize_session=False))  # type: ignore[attr-defined] # any update or delete


def _memberships(database: Database, now: datetime, gone: list[Stored]) -> tuple[bytes, int]:
    """As lines of a file, and how many."""
    rows = [one.row for row in gone for one in row.requests]
    with database.session(system_scope(now, "retain")) as session:
        own_keys = {row.id: row.key for row in session.execute(select(Account.id, Account.key))}
    members: dict[str, Membership] = {}
    follow_joins(members, read_rows(rows, own_keys).messages)
    lines = [
        msgspec.json.encode(
            {
                "type": "group",
                "userId": person,
                "groupId": member.account_key,
                "timestamp": moment_of(member.at).isoformat(),
            }
        )
        for person, member in sorted(members.items())
    ]
    return log.compressed(b"\n".join(lines)), len(lines)
