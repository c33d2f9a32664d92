"""How a change that a customer asks for is judged: the newest counts, the ones before are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict
from portal.domain.request_judging import (
    Judgement,
    Outcome,
    Question,
    check_judgement,
    outcome_of,
)
from portal.domain.requests import Kind
from portal.models import Request, RequestJudgement, User
from portal.services.requests.access import find_request, take_request
from portal.services.requests.acts import needs_triage
from portal.services.requests.steps import finish
from portal.tenancy import scope_of

_ANSWERS = {
    Question.CORE: RequestJudgement.core,
    Question.ASKER: RequestJudgement.asker,
    Question.URGENCY: RequestJudgement.urgency,
    Question.EFFORT: RequestJudgement.effort,
    Question.RISK: RequestJudgement.risk,
}
_REMARKS = {
    Question.CORE: RequestJudgement.core_remark,
    Question.ASKER: RequestJudgement.asker_remark,
    Question.URGENCY: RequestJudgement.urgency_remark,
    Question.EFFORT: RequestJudgement.effort_remark,
    Question.RISK: RequestJudgement.risk_remark,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement, what it came to, and who gave it when."""

    judgement: Judgement
    outcome: Outcome
    who: str
    at: datetime


def judge_change(session: Session, key: str, judgement: Judgement) -> Outcome:
    """What it comes to; commits. It is no word to the customer. Raises NotFound, Forbidden, Invalid
    and Conflict (no need: only those are changes).
    """
    needs_triage(session)
    checked = check_judgement(judgement)
    request = take_request(session, key)
    if request.kind != Kind.NEED.value:
        raise Conflict("Only a need is judged as a change.", code="no-change")
    _take_over(session, request.id)
    scope = scope_of(session)
    outcome = outcome_of(checked)
    row = RequestJudgement(
        account_id=request.account_id,
        request_id=request.id,
        outcome=outcome.value,
        current=True,
        by_id=scope.user_id,
        at=scope.now,
        **{one.value: answer for one, answer in checked.answers.items()},
        **{f"{one.value}_remark": checked.remarks.get(one, "") for one in Question},
    )
    session.add(row)
    finish(session, "request.judge", request, outcome=outcome.value)
    return outcome


def judgements_of(session: Session, request: Request) -> list[Judged]:
    """The newest, which counts, first. Raises TenancyError in a customer's session."""
    wanted = (
        select(
            *_ANSWERS.values(),
            *_REMARKS.values(),
            RequestJudgement.outcome,
            func.coalesce(User.name, "").label("who"),
            RequestJudgement.at,
        )
        .outerjoin(User, User.id == RequestJudgement.by_id)
        .where(RequestJudgement.request_id == request.id)
        .order_by(RequestJudgement.current.desc(), RequestJudgement.id.desc())
    )
    return [_judged(row) for row in session.execute(wanted)]


def remarks_of(session: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Request's number → what stands beside the answers of the judgement that counts, in the order
    of the questions. One statement. Raises TenancyError in a customer's session.
    """
    wanted = select(RequestJudgement.request_id, *_REMARKS.values()).where(
        RequestJudgement.current, RequestJudgement.request_id.in_(ids)
    )
    return {number: tuple(remarks) for number, *remarks in session.execute(wanted)}


def newest_judgement(session: Session, key: str) -> Judged | None:
    """The one that counts; None in a customer's session, whatever there is. Raises NotFound."""
    if scope_of(session).role.side == "customer":
        return None
    return next(iter(judgements_of(session, find_request(session, key))), None)


def _judged(row: Any) -> Judged:
    answers = {one: getattr(row, one.value) for one in Question}
    remarks = {one: getattr(row, f"{one.value}_remark") for one in Question}
    given = {one: text for one, text in remarks.items() if text}
    return Judged(Judgement(answers, given), Outcome(row.outcome), row.who, row.at)


def _take_over(session: Session, request_id: int) -> None:
    """The one that counted until now is history."""
    wanted = select(RequestJudgement).where(
        RequestJudgement.request_id == request_id, RequestJudgement.current
    )
    for row in session.scalars(wanted):
        row.current = False
    session.flush()
