"""Requests as rows of the vendor's queue, with what stands behind each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from portal.domain.request_grading import Graded
from portal.domain.request_judging import Question
from portal.domain.requests import Kind, State
from portal.models import Account, Request, RequestJudgement, SharedRequest, User
from portal.services.requests.behind import Money, grades_of, own_revenue, revenue_of


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`people` and `accounts` are the family's where it belongs to a shared one. `revenue` is the
    vendor's own figure. `judged`: what a judgement of it as a change came to, empty where there is
    none; `answers`: those to the five questions, in their order. Times are aware.
    """

    id: int
    key: str
    code: str
    kind: Kind
    state: State
    title: str
    account_key: str
    account_name: str
    tier: str
    severity: str
    requester: str
    role: str
    assignee: str
    feature_key: str
    people: int
    accounts: int
    revenue: Money
    grade: tuple[Graded, ...]
    graded: bool
    judged: str
    answers: tuple[str, ...]
    first_due_at: datetime | None
    next_due_at: datetime | None
    paused_at: datetime | None
    created_at: datetime
    updated_at: datetime
    remarks: tuple[str, ...] = ()


_Requester, _Assignee = User, aliased(User)
PEOPLE = func.coalesce(SharedRequest.people, Request.voters)


def selected() -> Any:
    return (
        select(
            *(Request.id, Request.key, Request.code, Request.kind, Request.state, Request.title),
            *(Request.severity, Request.effect, Request.paused_at),
            *(Request.feature_key, Request.shared_id, Request.requester_name),
            *(Request.first_due_at, Request.next_due_at, Request.created_at, Request.updated_at),
            *(Account.tier, Account.currency, Account.arr),
            Account.key.label("account_key"),
            Account.name.label("account_name"),
            _Requester.name.label("requester"),
            _Requester.role.label("role"),
            _Assignee.name.label("assignee"),
            PEOPLE.label("people"),
            func.coalesce(SharedRequest.accounts, 1).label("accounts"),
            RequestJudgement.outcome.label("judged"),
            *(RequestJudgement.core, RequestJudgement.asker, RequestJudgement.urgency),
            *(RequestJudgement.effort, RequestJudgement.risk),
        )
        .select_from(Request)
        .join(Account, Account.id == Request.account_id)
        .outerjoin(_Requester, _Requester.id == Request.requester_id)
        .outerjoin(_Assignee, _Assignee.id == Request.assignee_id)
        .outerjoin(SharedRequest, SharedRequest.id == Request.shared_id)
        .outerjoin(
            RequestJudgement,
            and_(RequestJudgement.request_id == Request.id, RequestJudgement.current),
        )
    )


def queue_rows(session: Session, found: list[Any]) -> list[QueueRow]:
    grades = grades_of(session, found)
    revenue = revenue_of(session, {row.shared_id for row in found if row.shared_id is not None})
    return [_row(row, grades[row.id], _revenue(row, revenue)) for row in found]


def _revenue(row: Any, families: dict[int, Money]) -> Money:
    if row.shared_id is None:
        return own_revenue(row.currency, row.arr)
    return families.get(row.shared_id, {})


def _row(row: Any, parts: tuple[Graded, ...], revenue: Money) -> QueueRow:
    return QueueRow(
        id=row.id,
        key=row.key,
        code=row.code,
        kind=Kind(row.kind),
        state=State(row.state),
        title=row.title,
        account_key=row.account_key,
        account_name=row.account_name,
        tier=row.tier,
        severity=row.severity,
        requester=row.requester or row.requester_name,
        role=row.role or "",
        assignee=row.assignee or "",
        feature_key=row.feature_key,
        people=row.people,
        accounts=row.accounts,
        revenue=revenue,
        grade=parts,
        graded=row.state != State.SUBMITTED.value or any(part.given for part in parts),
        judged=row.judged or "",
        answers=tuple(getattr(row, one.value) or "" for one in Question),
        first_due_at=row.first_due_at,
        next_due_at=row.next_due_at,
        paused_at=row.paused_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
