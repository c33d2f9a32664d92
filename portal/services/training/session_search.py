"""Live sessions by the words of a question, and those that are coming: of the accounts in reach to
the vendor's desk, and to a customer's person those that they are invited to.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission
from portal.models import Account, SessionGuest, TrainingSession
from portal.services.search_names import holding, patterns, ways, words_of
from portal.services.training.learners import learner_of
from portal.services.training.session_views import SessionLine, lines_of
from portal.tenancy import scope_of


def find_sessions(
    session: Session, text: str, limit: int, offset: int = 0
) -> tuple[int, list[SessionLine]]:
    """How many hold all the words in their title, note, place, trainer or account, and some of
    them, the latest first.
    """
    words, reach = words_of(text), _reach(session)
    if not words or reach is None:
        return 0, []
    learner = learner_of(session)
    wanted, count = _wanted(learner and learner.user_id, ways(words))
    values = patterns(words)
    total = session.scalar(count, values) or 0
    if not total or not limit:
        return total, []
    latest = TrainingSession.starts_at.desc()
    return total, lines_of(session, wanted, latest, values, limit=limit, offset=offset)


@lru_cache(maxsize=256)
def _wanted(invited: int | None, spelled: tuple[int, ...]) -> tuple[Any, Any]:
    """The condition, and the statement that counts what it holds for."""
    reach = _invited(invited) if invited else TrainingSession.id.is_not(None)
    parts = (
        *(TrainingSession.title, TrainingSession.note, TrainingSession.place),
        *(TrainingSession.trainer, Account.name),
    )
    wanted = and_(reach, *holding(parts, spelled))
    held = select(TrainingSession.id).join(Account, Account.id == TrainingSession.account_id)
    return wanted, select(func.count()).select_from(held.where(wanted).subquery())


def coming_sessions(session: Session, most: int) -> list[SessionLine]:
    """Those that begin from now on and are not cancelled, the next first."""
    reach = _reach(session)
    if reach is None:
        return []
    wanted = and_(
        reach,
        TrainingSession.starts_at >= scope_of(session).now,
        TrainingSession.cancelled_at.is_(None),
    )
    return lines_of(session, wanted, TrainingSession.starts_at, limit=most)


def _reach(session: Session) -> ColumnElement[bool] | None:
    """Beside that of the account; None for who has to do with no session."""
    learner = learner_of(session)
    if learner is not None:
        return _invited(learner.user_id)
    if scope_of(session).allows(Permission.ACCOUNT_DESK):
        return TrainingSession.id.is_not(None)
    return None


def _invited(user_id: int) -> ColumnElement[bool]:
    invited = select(SessionGuest.session_id).where(SessionGuest.user_id == user_id)
    return TrainingSession.id.in_(invited)
