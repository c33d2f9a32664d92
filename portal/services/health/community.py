"""Who of accounts takes part (DOMAIN §3): reads, votes, learns, comes to events; on given days, in
two statements. Of a text's visits the first and the last are known.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, union_all
from sqlalchemy.orm import Session

from portal.models import (
    Enrolment,
    KnowledgeReading,
    QuizAttempt,
    RequestVote,
    SessionGuest,
    TrainingProgress,
)
from portal.services.health.service import Ends

WINDOW = timedelta(days=90)


def taking_part(session: Session, ends: Ends) -> dict[tuple[int, date], int]:
    """How many persons did so in the 90 days up to the end of the day. No entry before the first
    time that anybody of the account did.
    """
    moments = [end for run in ends.values() for end in run.values()]
    if not moments:
        return {}
    acts = _acts(sorted(ends))
    begins: dict[int, datetime] = dict(
        session.execute(
            select(acts.c.account_id, func.min(acts.c.at)).group_by(acts.c.account_id)
        ).all()
    )
    done: dict[int, list[tuple[int, datetime]]] = {}
    wanted = select(acts).where(acts.c.at >= min(moments) - WINDOW, acts.c.at < max(moments))
    for account, person, at in session.execute(wanted.distinct()):
        done.setdefault(account, []).append((person, at))
    return {
        (account, day): len(
            {person for person, at in done.get(account, ()) if end - WINDOW <= at < end}
        )
        for account, run in ends.items()
        for day, end in run.items()
        if account in begins and begins[account] < end
    }


def _acts(ids: list[int]) -> Any:
    """(account, person, moment)."""
    own = or_(RequestVote.by_id.is_(None), RequestVote.by_id == RequestVote.user_id)
    return union_all(
        _of(KnowledgeReading, KnowledgeReading.first_at, ids),
        _of(KnowledgeReading, KnowledgeReading.last_at, ids),
        _of(RequestVote, RequestVote.at, ids).where(own),
        _of(Enrolment, Enrolment.started_at, ids),
        _of(Enrolment, Enrolment.seen_at, ids),
        _of(TrainingProgress, TrainingProgress.done_at, ids),
        _of(QuizAttempt, QuizAttempt.started_at, ids),
        _of(SessionGuest, SessionGuest.attended_at, ids),
    ).subquery()


def _of(model: Any, at: Any, ids: list[int]) -> Any:
    known: ColumnElement[bool] = at.is_not(None)
    return select(model.account_id, model.user_id, at.label("at")).where(
        model.account_id.in_(ids), known
    )
