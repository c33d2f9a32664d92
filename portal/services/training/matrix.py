"""Persons and courses of an account: who is how far. Where the account shows persons in groups
only, so does this: counts of at least five, and nobody by name.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.audience import audience_tokens
from portal.domain.cohorts import LEAST_GROUP
from portal.domain.errors import NotFound
from portal.domain.paging import place_in
from portal.domain.permissions import Role
from portal.domain.segments import Traits, segment_of
from portal.domain.training import Standing
from portal.models import (
    Account,
    KnowledgeAudience,
)
from portal.services.segments import segment_rules
from portal.services.training.account_learners import Learning, learners_of
from portal.services.training.courses import CourseLine, list_courses
from portal.services.training.matrix_facts import Cell, MatrixFacts
from portal.tenancy import scope_of

PAGE = 50
_TRAITS = (Account.tier, Account.industry, Account.region, Account.stage)
SORTS = ("name", "team", "finished", "late")


LATE = "late"
STATES = (LATE, *(one.value for one in Standing))


@dataclass(frozen=True, slots=True)
class MatrixQuestion:
    """Empty means any. `course` is a slug: the only column then; `state`: one of STATES, of any
    course shown. `page` counts from 1.
    """

    team: str = ""
    course: str = ""
    state: str = ""
    sort: str = "name"
    descending: bool = False
    page: int = 1


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
    persons. `rows` are those of the page, `courses` those shown; `offered` and `teams` what one
    may choose from. `people` counts all, `fitting` those that the filters leave.
    """

    account_id: int
    account_key: str
    account_name: str
    named: bool
    offered: list[CourseLine]
    teams: list[str]
    courses: list[CourseLine]
    rows: list[Row]
    everyone: list[Row]
    totals: list[Totals]
    people: int
    fitting: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1

    @property
    def total(self) -> int:
        return self.fitting


def training_matrix(
    session: Session,
    account_key: str,
    question: MatrixQuestion = MatrixQuestion(),
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
    offered = _open_to(session, account, list_courses(session))
    courses = [one for one in offered if question.course in {"", one.slug}]
    rows = _rows(session, account.id, courses, today)
    named = account.people_shown == "named"
    everyone = rows if named else []
    shown = _sorted([row for row in everyone if _fits(row, question)], question)
    at = place_in(len(shown), size, question.page)
    few = not named and len(rows) < LEAST_GROUP
    return Matrix(
        account_id=account.id,
        account_key=account.key,
        account_name=account.name,
        named=named,
        offered=offered,
        teams=sorted({row.person.team for row in everyone if row.person.team}),
        courses=courses,
        rows=shown[at.offset : at.offset + size],
        everyone=everyone,
        totals=[] if few else [_totals(rows, number) for number in range(len(courses))],
        people=len(rows),
        fitting=len(shown),
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
    facts = MatrixFacts(session, account_id)
    return [
        Row(person, [facts.cell(person.id, course, today) for course in courses])
        for person in learners_of(session, account_id)
    ]


def _fits(row: Row, question: MatrixQuestion) -> bool:
    if question.team not in {"", row.person.team}:
        return False
    state = question.state
    if state == LATE:
        return row.late > 0
    return not state or any(one.standing == state for one in row.cells)


def _sorted(rows: list[Row], question: MatrixQuestion) -> list[Row]:
    keys: dict[str, Any] = {
        "name": lambda row: row.person.name.casefold(),
        "team": lambda row: row.person.team.casefold(),
        "finished": lambda row: row.finished,
        "late": lambda row: row.late,
    }
    return sorted(rows, key=keys.get(question.sort, keys["name"]), reverse=question.descending)


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
