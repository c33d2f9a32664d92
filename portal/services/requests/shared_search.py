"""Requests of all customers by the words of a question: the published ones; product finds all."""

from dataclasses import dataclass

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission
from portal.domain.requests import Kind, State
from portal.models import SharedRequest, SharedRequestText, SharedRequestWord
from portal.services.requests.roadmap import is_published, nearest_titles
from portal.services.requests.worded import worded
from portal.services.search_names import contains_word, words_of
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class Found:
    key: str
    kind: Kind
    state: State
    title: str


def search_shared(
    session: Session, text: str, limit: int, offset: int = 0
) -> tuple[int, list[Found]]:
    """How many there are, and some of them, those that most people want first. They hold each word
    as part of theirs, or enough of the question's telling words in whatever form.
    """
    words = words_of(text)
    best = worded(session, SharedRequestWord.word, SharedRequestWord.shared_id, text)
    if best is None and not words:
        return 0, []
    product = scope_of(session).allows(Permission.REQUEST_TRIAGE)
    seen = [SharedRequest.merged_into_id.is_(None)] if product else is_published()
    holds = exists().where(
        SharedRequestText.shared_id == SharedRequest.id,
        *(
            or_(
                contains_word(SharedRequestText.title, word),
                contains_word(SharedRequestText.body, word),
            )
            for word in words
        ),
    )
    held = [SharedRequest.code == text.strip().upper()]
    if words:
        held.append(holds)
    if best is not None:
        held.append(SharedRequest.id.in_(select(best.c.id)))
    wanted = and_(*seen, or_(*held))
    total = session.scalar(select(func.count(SharedRequest.id)).where(wanted)) or 0
    rows = session.execute(
        select(SharedRequest.id, SharedRequest.key, SharedRequest.kind, SharedRequest.state)
        .where(wanted)
        .order_by(SharedRequest.people.desc(), SharedRequest.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    titles = nearest_titles(session, [row.id for row in rows])
    found = [
        Found(row.key, Kind(row.kind), State(row.state), titles.get(row.id, ("", ""))[0])
        for row in rows
    ]
    return total, found
