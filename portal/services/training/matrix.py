"""Persons and courses of an account: who is how far. Where the account shows persons in groups
only, so does this: counts of at least five, and nobody by name.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.audience import audience_tokens
from portal.domain.cohorts import LEAST_GROUP
from portal.domain.errors import NotFound
from portal.domain.paging import place_in
from portal.domain.permissions import Role
from portal.domain.segments import Traits, segment_of
from portal.domain.training import AttemptState, CertificateState, Standing, certificate_state
from portal.models import (
    Account,
    Certificate,
    CourseLesson,
    Enrolment,
    KnowledgeAudience,
    QuizAttempt,
    TrainingAssignee,
    TrainingAssignment,
    TrainingProgress,
)
from portal.services.segments import segment_rules
from portal.services.training.assignments import Learning, learners_of
from portal.services.training.courses import CourseLine, list_courses
from portal.tenancy import scope_of

PAGE = 50
_TRAITS = (Account.tier, Account.industry, Account.region, Account.stage)
SORTS = ("name", "team", "finished", "late")


@dataclass(frozen=True, slots=True)
class Cell:
    """How far one person is with one course. `late`: asked for until a day that has passed."""

    standing: Standing | None
    done: int
    lessons: int
    best: int | None
    due_on: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Row:
    person: Learning
    cells: list[Cell]

    @property
    def finished(self) -> int:
        return sum(1 for one in self.cells if one.standing is Standing.FINISHED)

    @property
    def late(self) -> int:
        return sum(1 for one in self.cells if one.late)


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one course over all persons of the account."""

    asked: int
    started: int
    finished: int
    late: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """`named` False: `rows` and `everyone` are empty, and `totals` where there are fewer than five
    persons. `rows` are those of the page.
    """

    account_id: int
    account_key: str
    account_name: str
    named: bool
    courses: list[CourseLine]
    rows: list[Row]
    everyone: list[Row]
    totals: list[Totals]
    people: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1

    @property
    def total(self) -> int:
        return self.people


def training_matrix(
    session: Session,
    account_key: str,
    *,
    sort: str = "name",
    descending: bool = False,
    page: int = 1,
    size: int = PAGE,
) -> Matrix:
    """Raises NotFound for an account out of reach."""
    account = session.execute(
        select(
            Account.id, Account.key, Account.name, Account.time_zone, Account.people_shown, *_TRAITS
        ).where(Account.key == account_key)
    ).one_or_none()
    if account is None:
        raise NotFound
    now: datetime = scope_of(session).now
    today = now.astimezone(ZoneInfo(account.time_zone)).date()
    courses = _open_to(session, account, list_courses(session))
    rows = _rows(session, account.id, courses, today)
    named = account.people_shown == "named"
    shown = _sorted(rows, sort, descending=descending) if named else []
    at = place_in(len(shown), size, page)
    few = not named and len(rows) < LEAST_GROUP
    return Matrix(
        account_id=account.id,
        account_key=account.key,
        account_name=account.name,
        named=named,
        courses=courses,
        rows=shown[at.offset : at.offset + size],
        everyone=shown,
        totals=[] if few else [_totals(rows, number) for number in range(len(courses))],
        people=len(rows),
        page=at.page,
        pages=at.pages,
    )


def _open_to(session: Session, account: Any, courses: list[CourseLine]) -> list[CourseLine]:
    """The vendor reads every course; people of the account only some."""
    if scope_of(session).role.side == "customer":
        return courses
    traits = Traits(account.tier, account.industry, account.region, account.stage)
    segment = segment_of(segment_rules(session), traits)
    tokens = audience_tokens(Role.MEMBER, [account.key], {segment})
    wanted = select(KnowledgeAudience.item_id).where(KnowledgeAudience.token.in_(sorted(tokens)))
    ids = set(session.scalars(wanted))
    return [one for one in courses if one.id in ids]


def _rows(session: Session, account_id: int, courses: list[CourseLine], today: date) -> list[Row]:
    facts = _Facts(session, account_id)
    return [
        Row(person, [facts.cell(person.id, course, today) for course in courses])
        for person in learners_of(session, account_id)
    ]


class _Facts:
    """What is known of every person and course of an account: four statements."""

    def __init__(self, session: Session, account_id: int) -> None:
        self._enrolments = _by_pair(
            session.execute(
                select(
                    Enrolment.user_id,
                    Enrolment.course_id,
                    Enrolment.finished_at,
                    Enrolment.best,
                ).where(Enrolment.account_id == account_id)
            )
        )
        self._done = {
            (row.user_id, row.course_id): row.done
            for row in session.execute(
                select(
                    TrainingProgress.user_id,
                    CourseLesson.course_id,
                    func.count(TrainingProgress.lesson_id).label("done"),
                )
                .join(CourseLesson, CourseLesson.id == TrainingProgress.lesson_id)
                .where(TrainingProgress.account_id == account_id)
                .group_by(TrainingProgress.user_id, CourseLesson.course_id)
            )
        }
        self._due = _dues(session, account_id)
        self._reviews = _by_pair(
            session.execute(
                select(QuizAttempt.user_id, QuizAttempt.course_id).where(
                    QuizAttempt.account_id == account_id,
                    QuizAttempt.state == AttemptState.REVIEW,
                )
            )
        )
        self._certificates = _by_pair(
            session.execute(
                select(
                    Certificate.user_id,
                    Certificate.course_id,
                    Certificate.expires_on,
                    Certificate.withdrawn_at,
                )
                .where(Certificate.account_id == account_id)
                .order_by(Certificate.id)
            )
        )

    def cell(self, user_id: int, course: CourseLine, today: date) -> Cell:
        pair = (user_id, course.id)
        enrolment = self._enrolments.get(pair)
        standing = self._standing(pair, enrolment, today)
        due_on = self._due.get(pair)
        finished = standing is Standing.FINISHED
        return Cell(
            standing=standing,
            done=self._done.get(pair, 0),
            lessons=course.lessons,
            best=enrolment.best if enrolment else None,
            due_on=due_on,
            late=due_on is not None and due_on < today and not finished,
        )

    def _standing(self, pair: tuple[int, int], enrolment: Any, today: date) -> Standing | None:
        if enrolment is None:
            return Standing.TO_DO if pair in self._due else None
        certificate = self._certificates.get(pair)
        if enrolment.finished_at is not None:
            ended = certificate is not None and (
                certificate_state(
                    certificate.expires_on,
                    today,
                    withdrawn=certificate.withdrawn_at is not None,
                )
                is not CertificateState.VALID
            )
            return Standing.EXPIRED if ended else Standing.FINISHED
        return Standing.REVIEW if pair in self._reviews else Standing.STARTED


def _by_pair(rows: Any) -> dict[tuple[int, int], Any]:
    return {(row.user_id, row.course_id): row for row in rows}


def _dues(session: Session, account_id: int) -> Mapping[tuple[int, int], date | None]:
    rows = session.execute(
        select(
            TrainingAssignee.user_id,
            TrainingAssignment.course_id,
            func.min(TrainingAssignment.due_on).label("due_on"),
        )
        .join(TrainingAssignment, TrainingAssignment.id == TrainingAssignee.assignment_id)
        .where(TrainingAssignment.account_id == account_id)
        .group_by(TrainingAssignee.user_id, TrainingAssignment.course_id)
    )
    return {(row.user_id, row.course_id): row.due_on for row in rows}


def _sorted(rows: list[Row], sort: str, *, descending: bool) -> list[Row]:
    keys: dict[str, Any] = {
        "name": lambda row: row.person.name.casefold(),
        "team": lambda row: row.person.team.casefold(),
        "finished": lambda row: row.finished,
        "late": lambda row: row.late,
    }
    return sorted(rows, key=keys.get(sort, keys["name"]), reverse=descending)


def _totals(rows: list[Row], number: int) -> Totals:
    cells = [row.cells[number] for row in rows]
    counted = Counter(one.standing for one in cells)
    begun = (Standing.STARTED, Standing.REVIEW, Standing.FINISHED, Standing.EXPIRED)
    return Totals(
        asked=sum(1 for one in cells if one.due_on or one.standing is Standing.TO_DO),
        started=sum(counted[one] for one in begun),
        finished=counted[Standing.FINISHED],
        late=sum(1 for one in cells if one.late),
    )
