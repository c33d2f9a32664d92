"""Courses that a champion asks people to take: asked, reminded of once each, withdrawn."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.domain.knowledge import COURSE
from portal.domain.training import course_address
from portal.models import (
    Account,
    Enrolment,
    KnowledgeItem,
    TrainingAssignee,
    TrainingAssignment,
    User,
)
from portal.services.audience import readable, readable_in
from portal.services.audit import record
from portal.services.mail import queue_mail
from portal.services.once import add_once
from portal.services.training.account_learners import learners_of
from portal.services.training.courses import course_titles, nearest
from portal.services.training.learners import learner_of
from portal.tenancy import scope_of

SOON = timedelta(days=3)
MOST_DAYS_AHEAD = timedelta(days=730)
ASKED, DUE_SOON, LATE = "asked", "soon", "late"
Link = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """`finished` of `asked` have finished it."""

    key: str
    slug: str
    title: str
    team: str
    due_on: date | None
    asked: int
    finished: int


def assign_course(  # who, what, until when
    session: Session,
    slug: str,
    *,
    people: Iterable[str],
    team: str,
    due_on: date | None,
    link: Link,
) -> int:
    """Asks persons (by key), or all of a team with a login; how many. Each is told by mail.

    Raises Invalid by field: course, people, due_on.
    """
    scope = scope_of(session)
    course_id = _course(session, slug)
    known = learners_of(session, scope.account_id)
    wanted = set(people)
    chosen = [one for one in known if (team and one.team == team) or one.key in wanted]
    if not chosen:
        raise _wrong("people", "Choose somebody, or a team in which somebody can sign in.")
    today = _today(session, scope.account_id)
    if due_on is not None and not today <= due_on <= today + MOST_DAYS_AHEAD:
        raise _wrong("due_on", "Choose a day from today on, at most two years ahead.")
    assignment = TrainingAssignment(
        account_id=scope.account_id,
        course_id=course_id,
        team=team if any(one.team == team for one in chosen) else "",
        due_on=due_on,
        created_at=scope.now,
        created_by=scope.user_id,
    )
    session.add(assignment)
    session.flush()
    for one in chosen:
        _ask(session, assignment, one.id)
        _tell(session, assignment, one.id, ASKED, link)
    record(session, "training.assigned", "assignment", assignment.key, people=len(chosen))
    session.commit()
    return len(chosen)


def withdraw_assignment(session: Session, key: str) -> None:
    """Nobody is asked any more; what was done stays. Raises NotFound."""
    found = session.scalars(
        select(TrainingAssignment).where(TrainingAssignment.key == key)
    ).one_or_none()
    if found is None:
        raise NotFound
    record(session, "training.withdrawn", "assignment", key, account_id=found.account_id)
    session.delete(found)
    session.commit()


def list_assignments(session: Session, account_id: int) -> list[AssignmentLine]:
    """What is due next first; without courses that the account's people may no longer read."""
    rows = _assigned(session, account_id)
    titles = course_titles(session, [row.course_id for row in rows])
    locale = scope_of(session).locale
    return [
        AssignmentLine(
            row.key,
            row.slug,
            titles[row.course_id][nearest(locale, titles[row.course_id])],
            row.team,
            row.due_on,
            row.asked,
            row.finished,
        )
        for row in rows
    ]


def _assigned(session: Session, account_id: int) -> Sequence[Any]:
    return session.execute(
        select(
            TrainingAssignment.key,
            TrainingAssignment.course_id,
            TrainingAssignment.team,
            TrainingAssignment.due_on,
            KnowledgeItem.slug,
            func.count(TrainingAssignee.user_id).label("asked"),
            func.count(Enrolment.finished_at).label("finished"),
        )
        .join(KnowledgeItem, KnowledgeItem.id == TrainingAssignment.course_id)
        .join(TrainingAssignee, TrainingAssignee.assignment_id == TrainingAssignment.id)
        .outerjoin(
            Enrolment,
            (Enrolment.user_id == TrainingAssignee.user_id)
            & (Enrolment.course_id == TrainingAssignment.course_id),
        )
        .where(TrainingAssignment.account_id == account_id, readable_in(session, account_id))
        .group_by(
            TrainingAssignment.id,
            TrainingAssignment.key,
            TrainingAssignment.course_id,
            TrainingAssignment.team,
            TrainingAssignment.due_on,
            KnowledgeItem.slug,
        )
        .order_by(TrainingAssignment.due_on.is_(None), TrainingAssignment.due_on)
    ).all()


def own_due(session: Session) -> dict[int, date | None]:
    """By course what the reader is asked to take and has not finished: the first day it is due."""
    learner = learner_of(session)
    if learner is None:
        return {}
    found: dict[int, date | None] = {}
    for course_id, due_on in session.execute(_open(learner.account_id, learner.user_id)):
        known = found.get(course_id)
        found[course_id] = min((day for day in (known, due_on) if day), default=None)
    return found


def remind(session: Session, accounts: Sequence[int], link: Link) -> int:
    """Mails of the accounts: who has joined a team is asked, who is due soon or late reminded,
    each once; of a course that they may no longer read nobody is. How many. Commits.
    """
    sent = 0
    for account_id in accounts:
        _follow_teams(session, account_id, link)
        today = _today(session, account_id)
        due = _due(account_id, today + SOON).where(readable_in(session, account_id))
        for assignment, user_id in session.execute(due):
            kind = LATE if assignment.due_on < today else DUE_SOON
            sent += _tell(session, assignment, user_id, kind, link)
    session.commit()
    return sent


def accounts_with_assignments(session: Session) -> list[int]:
    wanted = select(TrainingAssignment.account_id).distinct()
    return sorted(session.scalars(wanted))


def _follow_teams(session: Session, account_id: int, link: Link) -> None:
    rows = session.scalars(
        select(TrainingAssignment)
        .join(KnowledgeItem, KnowledgeItem.id == TrainingAssignment.course_id)
        .where(TrainingAssignment.account_id == account_id, TrainingAssignment.team != "")
        .where(readable_in(session, account_id))
    ).all()
    people = learners_of(session, account_id) if rows else []
    for assignment in rows:
        asked = set(
            session.scalars(
                select(TrainingAssignee.user_id).where(
                    TrainingAssignee.assignment_id == assignment.id
                )
            )
        )
        for one in people:
            if one.team == assignment.team and one.id not in asked:
                _ask(session, assignment, one.id)
                _tell(session, assignment, one.id, ASKED, link)


def _ask(session: Session, assignment: TrainingAssignment, user_id: int) -> None:
    row = TrainingAssignee(
        account_id=assignment.account_id, assignment_id=assignment.id, user_id=user_id
    )
    add_once(session, row, "assignment_id")


def _tell(
    session: Session, assignment: TrainingAssignment, user_id: int, kind: str, link: Link
) -> bool:
    person = session.execute(
        select(User.email, User.name, User.locale, Account.locale.label("usual"))
        .join(Account, Account.id == User.account_id)
        .where(User.id == user_id)
    ).one()
    slug = session.scalars(
        select(KnowledgeItem.slug).where(KnowledgeItem.id == assignment.course_id)
    ).one()
    titles = course_titles(session, [assignment.course_id])[assignment.course_id]
    locale = person.locale or person.usual
    return queue_mail(
        session,
        recipient=person.email,
        locale=locale,
        template="course_due",
        values={
            "name": person.name,
            "course": titles[nearest(locale, titles)],
            "kind": kind,
            "due_on": assignment.due_on.isoformat() if assignment.due_on else "",
            "link": link(course_address(slug)),
        },
        idempotency_key=f"course-due:{assignment.key}:{user_id}:{kind}",
        account_id=assignment.account_id,
    )


def _open(account_id: int, user_id: int) -> Any:
    """(course, due day) of what one person has not finished."""
    return (
        select(TrainingAssignment.course_id, TrainingAssignment.due_on)
        .join(TrainingAssignee, TrainingAssignee.assignment_id == TrainingAssignment.id)
        .outerjoin(
            Enrolment,
            (Enrolment.user_id == TrainingAssignee.user_id)
            & (Enrolment.course_id == TrainingAssignment.course_id),
        )
        .where(
            TrainingAssignment.account_id == account_id,
            TrainingAssignee.user_id == user_id,
            Enrolment.finished_at.is_(None),
        )
    )


def _due(account_id: int, last: date) -> Any:
    return (
        select(TrainingAssignment, TrainingAssignee.user_id)
        .join(KnowledgeItem, KnowledgeItem.id == TrainingAssignment.course_id)
        .join(TrainingAssignee, TrainingAssignee.assignment_id == TrainingAssignment.id)
        .join(User, User.id == TrainingAssignee.user_id)
        .outerjoin(
            Enrolment,
            (Enrolment.user_id == TrainingAssignee.user_id)
            & (Enrolment.course_id == TrainingAssignment.course_id),
        )
        .where(
            TrainingAssignment.account_id == account_id,
            TrainingAssignment.due_on <= last,
            User.active.is_(True),
            Enrolment.finished_at.is_(None),
        )
        .order_by(TrainingAssignment.id, TrainingAssignee.user_id)
    )


def _course(session: Session, slug: str) -> int:
    found = session.scalars(
        select(KnowledgeItem.id).where(
            KnowledgeItem.slug == slug, KnowledgeItem.type == COURSE, readable(session)
        )
    ).one_or_none()
    if found is None:
        raise _wrong("course", "Choose a course of the list.")
    return found


def _today(session: Session, account_id: int) -> date:
    zone = session.scalars(select(Account.time_zone).where(Account.id == account_id)).one()
    now: datetime = scope_of(session).now
    return now.astimezone(ZoneInfo(zone)).date()


def _wrong(field: str, said: str) -> Invalid:
    return Invalid(said, code=f"bad-{field}", fields={field: said})
