"""Requests by the words of a question, for the search."""

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.requests import Kind, State
from portal.models import Request
from portal.services.requests.access import readable
from portal.services.search_names import contains_word, words_of


@dataclass(frozen=True, slots=True)
class NamedRequest:
    key: str
    code: str
    kind: Kind
    state: State
    title: str


def find_named(
    session: Session, text: str, limit: int, offset: int = 0
) -> tuple[int, list[NamedRequest]]:
    """How many hold all the words in what is told, or in their code, and some of them, the newest
    first; only what the reader may see.
    """
    words = words_of(text)
    if not words:
        return 0, []
    held = [
        or_(
            contains_word(Request.title, word),
            contains_word(Request.text, word),
            contains_word(Request.code, word),
        )
        for word in words
    ]
    wanted = and_(readable(session), Request.merged_into_id.is_(None), *held)
    rows = session.execute(
        select(Request.key, Request.code, Request.kind, Request.state, Request.title)
        .where(wanted)
        .order_by(Request.updated_at.desc(), Request.id.desc())
        .limit(limit)
        .offset(offset)
    )
    found = [
        NamedRequest(row.key, row.code, Kind(row.kind), State(row.state), row.title) for row in rows
    ]
    return session.scalar(select(func.count(Request.id)).where(wanted)) or 0, found
