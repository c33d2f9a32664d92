"""What is kept of a person, asked for on a page: a file to hand out, or their erasure. A worker
does it; the page shows how far it is.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import Conflict, NotFound
from portal.models import Account, Person, PersonRequest, UsagePerson, UsageRun
from portal.services.account_settings import GROUPS
from portal.services.audit import record
from portal.services.jobs import enqueue
from portal.services.person_data import export_person, find_person, finish_erasing
from portal.tenancy import scope_of, system_scope
from portal.usage.erasing import begin_erasure
from portal.usage.fold import fold_pending

JOB = "person.request"
EXPORT, ERASE = "export", "erase"
GONE = "gone"
LISTED = 20
KEPT = timedelta(days=7)
IN_GROUPS = "This account shows people in groups only: no page hands out what a single one did."
BUSY = "The same is under way already."
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class PersonKept:
    """What there is of a person. `name` and `email` are of the list of people, empty where the
    person is on none; moments are those of their use, None without any, and where the account
    shows people in groups only.
    """

    account_key: str
    account_name: str
    external_id: str
    name: str
    email: str
    is_listed: bool
    first_at: datetime | None
    last_day: date | None
    in_groups: bool


@dataclass(frozen=True, slots=True)
class RequestView:
    """`done` of `total` in requests or lines; both 0 before it begins."""

    key: str
    kind: str
    account_name: str
    external_id: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    failed: str
    has_file: bool
    done: int
    total: int


def person_kept(session: Session, account_key: str, external_id: str) -> PersonKept:
    """Raises NotFound for somebody whom neither a list nor an event of the account names."""
    whose = find_person(session, account_key, external_id)
    account = session.execute(
        select(Account.name, Account.people_shown).where(Account.id == whose.account)
    ).one()
    listed = session.execute(
        select(Person.name, Person.email).where(
            Person.account_id == whose.account, Person.external_id == external_id
        )
    ).one_or_none()
    use = session.execute(
        select(UsagePerson.first_at, UsagePerson.last_day).where(
            UsagePerson.account_id == whose.account, UsagePerson.external_id == external_id
        )
    ).one_or_none()
    in_groups = account.people_shown == GROUPS
    return PersonKept(
        account_key=account_key,
        account_name=account.name,
        external_id=external_id,
        name=listed.name if listed else "",
        email=listed.email if listed else "",
        is_listed=listed is not None,
        first_at=use.first_at if use and not in_groups else None,
        last_day=use.last_day if use and not in_groups else None,
        in_groups=in_groups,
    )


def ask_for_person(session: Session, account_key: str, external_id: str, kind: str) -> str:
    """The request's key. Raises NotFound; Conflict where the same is under way, and for a file
    where the account shows people in groups only. Commits.
    """
    kept = person_kept(session, account_key, external_id)
    if kind == EXPORT and kept.in_groups:
        raise Conflict(IN_GROUPS, code="in-groups")
    account_id = session.scalars(select(Account.id).where(Account.key == account_key)).one()
    same = select(PersonRequest.id).where(
        PersonRequest.account_id == account_id,
        PersonRequest.external_id == external_id,
        PersonRequest.kind == kind,
        PersonRequest.ended_at.is_(None),
    )
    if session.scalar(same.limit(1)) is not None:
        raise Conflict(BUSY, code="request-open")
    scope = scope_of(session)
    request = PersonRequest(
        account_id=account_id,
        kind=kind,
        external_id=external_id,
        asked_by=scope.actor,
        asked_at=scope.now,
    )
    session.add(request)
    session.flush()
    # The log of what was done is kept for good: it names the request, and never the person.
    record(session, f"person.{kind}-asked", "person request", request.key, account_id=account_id)
    enqueue(
        session,
        JOB,
        {"key": request.key},
        unique_key=f"{JOB}:{request.key}",
        account_id=account_id,
    )
    session.commit()
    return request.key


def list_requests(session: Session) -> list[RequestView]:
    """Of the accounts in reach, the newest first."""
    wanted = (
        select(
            PersonRequest.key,
            PersonRequest.kind,
            Account.name,
            PersonRequest.external_id,
            PersonRequest.asked_by,
            PersonRequest.asked_at,
            PersonRequest.ended_at,
            PersonRequest.failed,
            PersonRequest.body.is_not(None),
            func.coalesce(UsageRun.done, PersonRequest.done),
            func.coalesce(UsageRun.total, PersonRequest.total),
        )
        .join(Account, Account.id == PersonRequest.account_id)
        .outerjoin(UsageRun, UsageRun.id == PersonRequest.run_id)
        .order_by(PersonRequest.id.desc())
        .limit(LISTED)
    )
    return [RequestView(*row) for row in session.execute(wanted)]


def person_file(session: Session, key: str) -> bytes:
    """As gzip. Raises NotFound where there is none any more."""
    body = session.scalar(select(PersonRequest.body).where(PersonRequest.key == key))
    if body is None:
        raise NotFound
    return body


def do_request(database: Database, clock: Clock, key: str) -> None:
    """What was done already is not done again; one that was cut off begins anew."""
    with database.session(system_scope(clock(), JOB)) as session:
        kind = session.scalar(
            select(PersonRequest.kind).where(
                PersonRequest.key == key, PersonRequest.ended_at.is_(None)
            )
        )
    if kind == EXPORT:
        _export(database, clock, key)
    elif kind == ERASE:
        _erase(database, clock, key)


def _export(database: Database, clock: Clock, key: str) -> None:
    fold_pending(database, clock())
    try:
        with database.session(system_scope(clock(), JOB)) as session:
            request = _request(session, key)
            account_key = session.get_one(Account, request.account_id).key
            lines = export_person(
                session,
                account_key,
                request.external_id,
                lambda done, total: _note(database, clock, key, done, total),
            )
            body = gzip.compress("".join(lines).encode())
    except NotFound:
        body = None
    with database.session(system_scope(clock(), JOB), writes=True) as session:
        request = _request(session, key)
        request.body, request.failed = body, "" if body is not None else GONE
        request.ended_at, request.done = clock(), request.total
        session.commit()


def _erase(database: Database, clock: Clock, key: str) -> None:
    fold_pending(database, clock())
    with database.session(system_scope(clock(), JOB), writes=True) as session:
        if _request(session, key).run_id is None:
            _begin(session, key, clock())
    finish_erasing(database, clock())
    with database.session(system_scope(clock(), JOB), writes=True) as session:
        _request(session, key).ended_at = clock()
        session.commit()


def _begin(session: Session, key: str, now: datetime) -> None:
    request = _request(session, key)
    account_key = session.get_one(Account, request.account_id).key
    try:
        whose = find_person(session, account_key, request.external_id)
    except NotFound:
        request.failed = GONE
        session.commit()
        return
    run = begin_erasure(session, whose, now)
    session.flush()
    # Files with what they did, and what names them otherwise, go with the rest.
    session.execute(
        delete(PersonRequest)
        .where(
            PersonRequest.account_id == whose.account,
            PersonRequest.external_id == whose.person,
            PersonRequest.id != request.id,
        )
        .execution_options(synchronize_session=False)
    )
    request.run_id, request.external_id = run.id, run.substitute or ""
    record(session, "person.erased", "person", request.external_id, account_id=whose.account)
    session.commit()


def _request(session: Session, key: str) -> PersonRequest:
    return session.scalars(select(PersonRequest).where(PersonRequest.key == key)).one()


def _note(database: Database, clock: Clock, key: str, done: int, total: int) -> None:
    with database.session(system_scope(clock(), JOB), writes=True) as session:
        request = _request(session, key)
        request.done, request.total = done, total
        session.commit()


def throw_files_away(session: Session) -> int:
    """Files that were there for a week; how many. The caller commits."""
    old = select(PersonRequest).where(
        PersonRequest.body.is_not(None), PersonRequest.ended_at < scope_of(session).now - KEPT
    )
    requests = session.scalars(old).all()
    for request in requests:
        request.body = None
    return len(requests)
