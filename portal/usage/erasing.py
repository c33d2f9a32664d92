"""A person made nobody: the figures stay, whose they were does not.

First, in one transaction, the id is replaced by a random one wherever figures name it, so that
nobody reads it any more. Then the log is rewritten row by row, in the background; what was folded
up to the beginning is the erased person's, what comes later that of somebody new. No rebuild
begins or ends meanwhile.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import (
    Account,
    EventRule,
    Person,
    UsageLog,
    UsageMembership,
    UsageMistimed,
    UsagePerson,
    UsageQuarantine,
    UsageRefusal,
    UsageRun,
    UsageTold,
)
from portal.tenancy import system_scope
from portal.usage import archive_rows, versions
from portal.usage.compaction import LEVEL
from portal.usage.log_rows import COLUMNS, PACK, Stored, packed, stored_row
from portal.usage.person_log import Whose, changed_rows, persons_rows, rewritten
from portal.usage.quarantine import kept_rows, save_kept
from portal.usage.reading import LogRow

ERASE = "erase"


def begin_erasure(session: Session, whose: Whose, now: datetime) -> UsageRun:
    """Takes the id out of all that is read. The caller has folded what waited, and commits."""
    version = versions.hold(session)
    substitute = f"erased-{secrets.token_hex(8)}"
    own = (UsagePerson.account_id == whose.account, UsagePerson.external_id == whose.person)
    _execute(session, update(UsagePerson).where(*own).values(external_id=substitute))
    told = (UsageTold.account_id == whose.account, UsageTold.external_id == whose.person)
    _execute(session, update(UsageTold).where(*told).values(external_id=substitute))
    _empty_person(session, whose, substitute, now)
    others = session.scalar(
        select(UsagePerson.number).where(UsagePerson.external_id == whose.person).limit(1)
    )
    if others is None:
        gone = UsageMembership.external_id == whose.person
        _execute(session, delete(UsageMembership).where(gone))
    _rewrite_quarantine(session, whose, substitute)
    _empty_refusals(session, whose)
    run = UsageRun(
        kind=ERASE,
        begun_at=now,
        account_id=whose.account,
        external_id=whose.person,
        substitute=substitute,
        through=version,
        done=0,
        total=session.scalar(select(func.count()).select_from(UsageLog)) or 0,
    )
    session.add(run)
    return run


def _empty_person(session: Session, whose: Whose, substitute: str, now: datetime) -> None:
    """The list keeps somebody without a name, so that past figures stay; not provisioned from
    today on.
    """
    person = session.scalar(
        select(Person).where(Person.account_id == whose.account, Person.external_id == whose.person)
    )
    if person is None:
        return
    person.external_id = substitute
    person.name = person.email = person.decision_role = ""
    today = now.date()
    if person.active_until is None or person.active_until > today:
        person.active_until = max(today, person.active_from)
    _execute(
        session,
        update(Account)
        .where(Account.id == whose.account)
        .values(people_version=Account.people_version + 1),
    )


def _rewrite_quarantine(session: Session, whose: Whose, substitute: str) -> None:
    for number, row in kept_rows(session, (whose.account_key, ""), whose.person):
        made = rewritten(row, whose, substitute, frozenset())
        if made is not None:
            save_kept(session, number, made.body)
    named = (UsageQuarantine.external_id == whose.person, UsageQuarantine.account_key == "")
    _execute(session, update(UsageQuarantine).where(*named).values(external_id=substitute))


def _empty_refusals(session: Session, whose: Whose) -> None:
    for refusal in session.scalars(select(UsageRefusal)):
        if whose.person in refusal.sample or whose.person in refusal.detail:
            refusal.sample = refusal.detail = ""
    own = UsageMistimed.account_key.in_((whose.account_key, ""))
    for mistimed in session.scalars(select(UsageMistimed).where(own)):
        if whose.person in mistimed.sample:
            mistimed.sample = ""


def is_erasing(session: Session) -> bool:
    open_ = (UsageRun.kind == ERASE, UsageRun.ended_at.is_(None))
    return session.scalar(select(UsageRun.id).where(*open_).limit(1)) is not None


def last_erasure(session: Session) -> int:
    return session.scalar(select(func.max(UsageRun.id)).where(UsageRun.kind == ERASE)) or 0


def finish_erasures(database: Database, now: datetime) -> int:
    """Rewrites the log for everybody who is being erased; how many persons. One that was cut off
    begins anew: what is rewritten already holds nothing of the person any more.
    """
    with database.session(system_scope(now, "erase")) as session:
        open_ = (UsageRun.kind == ERASE, UsageRun.ended_at.is_(None))
        runs = session.scalars(select(UsageRun.id).where(*open_).order_by(UsageRun.id)).all()
    for run in runs:
        _finish(database, now, run)
    return len(runs)


def _finish(database: Database, now: datetime, number: int) -> None:
    with database.session(system_scope(now, "erase")) as session:
        run = session.get_one(UsageRun, number)
        key = session.scalar(select(Account.key).where(Account.id == run.account_id)) or ""
        whose = Whose(run.account_id or 0, key, run.external_id or "")
        substitute, through = run.substitute or "", run.through or 0
        asked = session.scalars(select(EventRule.member).where(EventRule.member != ""))
        properties = frozenset(name for one in asked for name in (one, one.split(".")[0]))
        done = 0
        for some in persons_rows(session, through):
            changed = list(changed_rows(some, whose, substitute, properties))
            done += len(some)
            _save(database, now, number, changed, done)
    with database.session(system_scope(now, "erase"), writes=True) as session:
        archive_rows.make_nobodys(session, whose, substitute, properties)
        run = session.get_one(UsageRun, number)
        run.external_id, run.ended_at, run.done = None, now, max(run.total, done)
        session.commit()


def _save(
    database: Database,
    now: datetime,
    number: int,
    changed: Sequence[tuple[Stored, list[LogRow]]],
    done: int,
) -> None:
    with database.session(system_scope(now, "erase"), writes=True) as session:
        for stored, rows in changed:
            held = select(*COLUMNS).where(UsageLog.id == stored.place[1]).with_for_update()
            row = session.execute(held).one_or_none()
            if row is None or stored_row(row) != stored:
                raise RuntimeError("the log changed meanwhile: erasing begins anew")
            _execute(
                session,
                update(UsageLog)
                .where(UsageLog.id == stored.place[1])
                .values(_values(stored, rows)),
            )
        values = {"done": done}
        _execute(session, update(UsageRun).where(UsageRun.id == number).values(values))
        session.commit()


def _values(stored: Stored, rows: Sequence[LogRow]) -> dict[str, Any]:
    if stored.kind != PACK:
        return {"kind": rows[0].kind, "body": rows[0].body}
    both = zip(stored.requests, rows, strict=True)
    return {"body": packed([replace(one, row=row) for one, row in both], LEVEL)}


def _execute(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
