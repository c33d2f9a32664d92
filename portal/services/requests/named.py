"""Requests by the words of a question, for the search: as names are, and as texts are."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.requests import Kind, State
from portal.models import Account, Request, RequestWord
from portal.services.requests.access import readable
from portal.services.requests.worded import worded
from portal.services.search_names import contains_word, words_of
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class NamedRequest:
    key: str
    code: str
    kind: Kind
    state: State
    title: str
    account: str


def find_named(
    session: Session, text: str, limit: int, offset: int = 0
) -> tuple[int, list[NamedRequest]]:
    """How many there are, and some of them, those that hold most of what is asked first; only what
    the reader may see. By telling words in whatever form, and where there are few requests, a
    customer's, by any part of what is told.
    """
    best = worded(session, RequestWord.word, RequestWord.request_id, text)
    named = _named(session, text)
    if best is None and named is None:
        return 0, []
    held = [false() if named is None else named]
    chosen = select(Request.id, Request.updated_at)
    if best is not None:
        chosen = chosen.add_columns(best.c.score).outerjoin(best, best.c.id == Request.id)
        held.append(best.c.id.is_not(None))
    wanted = and_(readable(session), Request.merged_into_id.is_(None), or_(*held))
    total = session.scalar(select(func.count()).select_from(chosen.where(wanted).subquery())) or 0
    return total, _rows(session, chosen.where(wanted), best, limit, offset) if limit else []


def _rows(session: Session, chosen: Any, best: Any, limit: int, offset: int) -> list[NamedRequest]:
    score = [] if best is None else [func.coalesce(best.c.score, 0).desc()]
    rows = session.execute(
        chosen.add_columns(
            *(Request.key, Request.code, Request.kind, Request.state, Request.title),
            Account.name.label("account"),
        )
        .join(Account, Account.id == Request.account_id)
        .order_by(*score, Request.updated_at.desc(), Request.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [
        NamedRequest(row.key, row.code, Kind(row.kind), State(row.state), row.title, row.account)
        for row in rows
    ]


def _named(session: Session, text: str) -> ColumnElement[bool] | None:
    """The vendor has too many to look for parts of words in each."""
    words = words_of(text)
    if not words:
        return None
    if scope_of(session).role.side == "vendor":
        return Request.code == text.strip().upper()
    return and_(
        *(
            or_(
                contains_word(Request.title, word),
                contains_word(Request.text, word),
                contains_word(Request.code, word),
            )
            for word in words
        )
    )
