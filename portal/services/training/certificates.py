"""Certificates: given with passing, checked by anybody who has the code, withdrawn for a reason."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, NotFound
from portal.domain.training import (
    CODE_GROUP,
    CODE_GROUPS,
    CertificateState,
    certificate_state,
    expiry,
    read_code,
    write_code,
)
from portal.models import Account, Certificate, Course, KnowledgeItem, QuizAttempt, User
from portal.services.audit import record
from portal.services.training.courses import course_titles, nearest
from portal.services.training.learners import learner_of
from portal.tenancy import scope_of, unscoped


@dataclass(frozen=True, slots=True)
class CertificateView:
    """What stands on a certificate, and nothing else of the person. `expires_on` None: for good."""

    code: str
    slug: str
    name: str
    account_name: str
    titles: Mapping[str, str]
    issued_on: date
    expires_on: date | None
    state: CertificateState
    withdrawn_at: datetime | None

    def title(self, locale: str) -> str:
        return self.titles[nearest(locale, self.titles)]


def issue_certificate(session: Session, attempt: QuizAttempt, course: Course) -> None:
    """The one certificate of a passed attempt, in the caller's transaction. Its day is that of the
    account's zone.
    """
    wanted = select(Certificate.id).where(Certificate.attempt_id == attempt.id)
    if session.scalar(wanted) is not None:
        return
    person = session.execute(
        select(User.name, User.email, Account.name.label("account"), Account.time_zone)
        .join(Account, Account.id == User.account_id)
        .where(User.id == attempt.user_id)
    ).one()
    issued = scope_of(session).now.astimezone(ZoneInfo(person.time_zone)).date()
    certificate = Certificate(
        code=write_code([secrets.randbelow(32) for _ in range(CODE_GROUPS * CODE_GROUP)]),
        account_id=attempt.account_id,
        user_id=attempt.user_id,
        course_id=attempt.course_id,
        attempt_id=attempt.id,
        name=person.name or person.email,
        account_name=person.account,
        titles=course_titles(session, [attempt.course_id])[attempt.course_id],
        issued_on=issued,
        expires_on=expiry(issued, course.valid_months),
    )
    session.add(certificate)


def check_certificate(session: Session, typed: str) -> CertificateView:
    """What anybody who has the code may know. Raises NotFound."""
    code = read_code(typed)
    if code is None:
        raise NotFound
    with unscoped(session, "a certificate is checked by its code") as wide:
        row = wide.execute(_certificates().where(Certificate.code == code)).one_or_none()
    if row is None:
        raise NotFound
    return _view(row, scope_of(session).now)


def own_certificates(session: Session) -> list[CertificateView]:
    """The reader's, the latest first."""
    learner = learner_of(session)
    if learner is None:
        return []
    rows = session.execute(
        _certificates()
        .where(Certificate.user_id == learner.user_id)
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    )
    return [_view(row, scope_of(session).now) for row in rows]


def withdraw_certificate(session: Session, typed: str, reason: str) -> None:
    """Raises NotFound for one of an account out of reach, Conflict where it was withdrawn."""
    scope = scope_of(session)
    found = session.scalars(
        select(Certificate).where(Certificate.code == (read_code(typed) or ""))
    ).one_or_none()
    if found is None:
        raise NotFound
    if found.withdrawn_at is not None:
        raise Conflict("This certificate was withdrawn already.", code="withdrawn-already")
    found.withdrawn_at, found.withdrawn_by, found.reason = scope.now, scope.user_id, reason
    record(
        session,
        "certificate.withdrawn",
        "certificate",
        found.code,
        account_id=found.account_id,
        reason=reason,
    )
    session.commit()


def _certificates() -> Any:
    return (
        select(
            Certificate.code,
            Certificate.name,
            Certificate.account_name,
            Certificate.titles,
            Certificate.issued_on,
            Certificate.expires_on,
            Certificate.withdrawn_at,
            Account.time_zone,
            KnowledgeItem.slug,
        )
        .join(Account, Account.id == Certificate.account_id)
        .join(KnowledgeItem, KnowledgeItem.id == Certificate.course_id)
    )


def _view(row: Any, now: datetime) -> CertificateView:
    today = now.astimezone(ZoneInfo(row.time_zone)).date()
    withdrawn = row.withdrawn_at is not None
    return CertificateView(
        code=row.code,
        slug=row.slug,
        name=row.name,
        account_name=row.account_name,
        titles=row.titles,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        state=certificate_state(row.expires_on, today, withdrawn=withdrawn),
        withdrawn_at=row.withdrawn_at,
    )
