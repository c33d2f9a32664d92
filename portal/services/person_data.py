"""What is kept of one person: handed out, or erased."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import NotFound
from portal.models import Account, Person, UsageLog, UsagePerson
from portal.services.audit import record
from portal.services.jobs import enqueue
from portal.tenancy import scope_of, system_scope
from portal.usage import archive_rows
from portal.usage.erasing import begin_erasure, finish_erasures
from portal.usage.fold import fold_pending
from portal.usage.person_log import Whose, messages_of, persons_rows
from portal.usage.queries import EARLIEST, read_name_days

ERASE_JOB = "usage.erase"
CHECKPOINT_JOB = "house.checkpoint"
LAST = date(2199, 12, 31)
PROFILE = ("external_id", "name", "email", "team", "decision_role", "active_from", "active_until")


def erase_person(database: Database, session: Session, account_key: str, external_id: str) -> str:
    """Makes the person nobody, now in all that is read and by a job in the log; returns what
    stands instead of the id. Raises NotFound. Commits.
    """
    now = scope_of(session).now
    whose = find_person(session, account_key, external_id)
    session.rollback()
    fold_pending(database, now)
    run = begin_erasure(session, whose, now)
    substitute = run.substitute or ""
    record(session, "person.erased", "person", substitute, account_id=whose.account)
    enqueue(session, ERASE_JOB, {}, unique_key=ERASE_JOB)
    session.commit()
    return substitute


def finish_erasing(database: Database, now: datetime) -> int:
    """In the log too, and by a job in what the database keeps beside its main file; how many
    persons. Safe to run again.
    """
    done = finish_erasures(database, now)
    with database.session(system_scope(now, "erase"), writes=True) as session:
        enqueue(session, CHECKPOINT_JOB, {}, unique_key=CHECKPOINT_JOB)
        session.commit()
    return done


def find_person(session: Session, account_key: str, external_id: str) -> Whose:
    """Raises NotFound for somebody whom neither a list nor an event names."""
    account = session.scalar(select(Account.id).where(Account.key == account_key))
    if account is None:
        raise NotFound(f"There is no account {account_key}.")
    for model in (Person, UsagePerson):
        known = select(model.account_id).where(
            model.account_id == account, model.external_id == external_id
        )
        if session.scalar(known.limit(1)) is not None:
            return Whose(account, account_key, external_id)
    raise NotFound(f"Nobody in {account_key} has this id.")


def export_person(
    session: Session,
    account_key: str,
    external_id: str,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[str]:
    """Lines of JSON: the profile, what is known of the person's use, and every raw message that
    is kept: as it came ("message"), or, of old days, without id and with the moment by our clock
    ("archived"). `progress` is told how many rows of the log of how many were read.
    Raises NotFound.
    """
    whose = find_person(session, account_key, external_id)
    person = session.scalar(
        select(Person).where(Person.account_id == whose.account, Person.external_id == external_id)
    )
    if person is not None:
        yield _line("profile", {name: getattr(person, name) for name in PROFILE})
    use = session.scalar(
        select(UsagePerson).where(
            UsagePerson.account_id == whose.account, UsagePerson.external_id == external_id
        )
    )
    if use is not None:
        yield _line("use", {"first_at": use.first_at, "last_day": use.last_day})
        yield from _days(session, whose.account, use.number)
    rows, done = session.scalar(select(func.count()).select_from(UsageLog)) or 0, 0
    for some in persons_rows(session):
        done += len(some)
        if progress is not None:
            progress(done, max(rows, done))
        for request in (one for stored in some for one in stored.requests):
            for raw in messages_of(request.row, whose):
                received = {"received_at": request.row.received_at}
                yield _line("message", {**received, "message": json.loads(bytes(raw))})
    for message in archive_rows.messages_of(session, whose):
        yield _line("archived", {"message": message})


def _days(session: Session, account: int, number: int) -> Iterator[str]:
    used: dict[date, list[str]] = {}
    for row in read_name_days(session, [account], EARLIEST, LAST):
        if number in row.users:
            used.setdefault(row.day, []).append(row.name)
    for day, names in sorted(used.items()):
        yield _line("day", {"day": day, "events": sorted(names)})


def _line(kind: str, values: dict[str, Any]) -> str:
    text = json.dumps({"kind": kind, **values}, ensure_ascii=False, default=str)
    return text + "\n"
