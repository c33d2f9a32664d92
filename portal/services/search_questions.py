"""Counting what is asked of the search: by day, account and language, and by no person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.permissions import Role
from portal.domain.search_gaps import KEPT_DAYS, question_key, tidy_question
from portal.models import SearchQuestion
from portal.search.folding import fold, normalise
from portal.tenancy import Scope, scope_of


@dataclass(frozen=True, slots=True)
class Note:
    """One answer that somebody got: whether it held anything good, and whether any was opened."""

    day: date
    side: str
    account_id: int | None
    locale: str
    question: str
    found: bool
    opened: bool = False


def side_of(scope: Scope) -> str:
    if scope.user_id is None and scope.role is not Role.VISITOR:
        return "api"
    return {"nobody": "visitor"}.get(scope.role.side, scope.role.side)


def note_of(scope: Scope, question: str, locale: str, *, found: bool, opened: bool = False) -> Note:
    """What is kept of it: the account, where the reader is of just one; nothing else."""
    one = scope.accounts is not None and len(scope.accounts) == 1 and side_of(scope) != "vendor"
    return Note(
        day=scope.now.date(),
        side=side_of(scope),
        account_id=scope.account_id if one else None,
        locale=locale,
        question=question,
        found=found,
        opened=opened,
    )


def keep_notes(session: Session, notes: Iterable[Note]) -> int:
    """Adds them to the counts and commits; how many were worth it. Needs a session over all
    accounts.
    """
    kept = Counter(note for note in notes if _key(note))
    for note, times in kept.items():
        _add(session, note, times)
    session.commit()
    return kept.total()


def forget_questions(session: Session) -> int:
    """Of days that are kept no longer."""
    oldest = scope_of(session).now.date() - timedelta(days=KEPT_DAYS)
    gone: Any = session.execute(
        delete(SearchQuestion)
        .where(SearchQuestion.day < oldest)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)


def folded_question(text: str) -> str:
    """What makes two questions one; "" where there is nothing to be asked."""
    return question_key(fold(normalise(tidy_question(text))))


def _key(note: Note) -> str:
    folded = folded_question(note.question)
    return folded if len(folded) > 1 or not folded.isascii() else ""


def _add(session: Session, note: Note, times: int) -> None:
    """A row may stand twice where two came at once: whoever reads adds them up."""
    folded = _key(note)
    row = session.scalars(
        select(SearchQuestion)
        .where(
            SearchQuestion.day == note.day,
            SearchQuestion.folded == folded,
            SearchQuestion.locale == note.locale,
            SearchQuestion.side == note.side,
            SearchQuestion.account_id == note.account_id,
        )
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if row is None:
        row = SearchQuestion(
            day=note.day,
            folded=folded,
            locale=note.locale,
            side=note.side,
            account_id=note.account_id,
            asked=0,
            empty=0,
            opened=0,
        )
        session.add(row)
    row.question = tidy_question(note.question)
    row.asked += times
    row.empty += 0 if note.found else times
    row.opened += times if note.opened else 0
    session.flush()
