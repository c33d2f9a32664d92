"""What might be the same: requests and shared ones that hold the words of another, or its code."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, literal, or_, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import Kind, State
from portal.models import Account, Request, SharedRequest, SharedRequestText
from portal.search.folding import fold, normalise
from portal.services.requests.roadmap import nearest_titles
from portal.services.search_names import contains_word
from portal.tenancy import scope_of

MOST, MOST_WORDS, SHORTEST = 8, 10, 4
CODE = re.compile(r"[RS]-[0-9A-Z]{2,10}", re.IGNORECASE)
_CLOSED = [State.DECLINED.value, State.CONFIRMED.value]


@dataclass(frozen=True, slots=True)
class Candidate:
    """`shared`: a request of all customers, without account; else of `account`. `own`: of the same
    account as the one that it might be the same as.
    """

    key: str
    code: str
    title: str
    state: State
    kind: Kind
    account: str
    own: bool
    shared: bool
    people: int


def unlinked_like(session: Session, kind: Kind, text: str) -> list[Candidate]:
    """Requests of the kind of all accounts in reach that belong to no shared one, by how many of
    the words they hold.
    """
    words = _words(text)
    if not words:
        return []
    free = and_(
        Request.kind == kind.value,
        Request.shared_id.is_(None),
        Request.merged_into_id.is_(None),
        Request.state.not_in(_CLOSED),
    )
    return _requests(session, free, _score(Request.text, words), 0)


def others_than(session: Session, request: Request, text: str) -> list[Candidate]:
    """What a request might be merged into: by code, or by words; without any, by its own. Shared
    ones are for those who may link to them.
    """
    code = text.strip().upper()
    by_code = CODE.fullmatch(code) is not None
    words = _words(text or request.title)
    other = and_(
        Request.id != request.id, Request.kind == request.kind, Request.merged_into_id.is_(None)
    )
    if by_code:
        found = _requests(
            session, and_(other, Request.code == code), literal(1), request.account_id
        )
    else:
        score = _score(Request.text, words)
        found = _requests(session, other, score, request.account_id) if words else []
    if not scope_of(session).allows(Permission.REQUEST_TRIAGE) or request.shared_id is not None:
        return [one for one in found if one.own]
    return [*_shared(session, request, code if by_code else "", words), *found]


def request_named(session: Session, said: str) -> Request:
    """By key or code, in reach. Raises NotFound."""
    said = said.strip()
    found = session.scalar(
        select(Request).where(or_(Request.key == said, Request.code == said.upper()))
    )
    if found is None:
        raise NotFound("There is no request of this code.")
    return found


def shared_named(session: Session, said: str) -> str:
    """The key of a shared request, by key or code. Raises NotFound."""
    said = said.strip()
    found = session.scalar(
        select(SharedRequest.key).where(
            or_(SharedRequest.key == said, SharedRequest.code == said.upper())
        )
    )
    if found is None:
        raise NotFound("There is no shared request of this code.")
    return found


def _requests(
    session: Session, where: ColumnElement[bool], score: ColumnElement[int], account_id: int
) -> list[Candidate]:
    wanted = (
        select(
            Request.key,
            Request.code,
            Request.title,
            Request.state,
            Request.kind,
            Account.name,
            Request.account_id,
            Request.voters,
        )
        .join(Account, Account.id == Request.account_id)
        .where(where, score > 0)
        .order_by(score.desc(), Request.voters.desc(), Request.id.desc())
        .limit(MOST)
    )
    return [
        Candidate(
            key=row.key,
            code=row.code,
            title=row.title,
            state=State(row.state),
            kind=Kind(row.kind),
            account=row.name,
            own=row.account_id == account_id,
            shared=False,
            people=row.voters,
        )
        for row in session.execute(wanted)
    ]


def _shared(session: Session, request: Request, code: str, words: list[str]) -> list[Candidate]:
    wanted = select(
        SharedRequest.id,
        SharedRequest.key,
        SharedRequest.code,
        SharedRequest.state,
        SharedRequest.kind,
        SharedRequest.people,
    ).where(SharedRequest.kind == request.kind, SharedRequest.merged_into_id.is_(None))
    if code:
        wanted = wanted.where(SharedRequest.code == code)
    elif words:
        holds = exists().where(
            SharedRequestText.shared_id == SharedRequest.id,
            _score(SharedRequestText.title, words) + _score(SharedRequestText.body, words) > 0,
        )
        wanted = wanted.where(holds)
    else:
        return []
    rows = session.execute(wanted.order_by(SharedRequest.people.desc()).limit(MOST)).all()
    titles = nearest_titles(session, [row.id for row in rows])
    return [
        Candidate(
            key=row.key,
            code=row.code,
            title=titles.get(row.id, ("", ""))[0],
            state=State(row.state),
            kind=Kind(row.kind),
            account="",
            own=False,
            shared=True,
            people=row.people,
        )
        for row in rows
    ]


def _words(text: str) -> list[str]:
    """The distinct words that may tell things apart: without short ones of Latin letters."""
    folded = fold(normalise(text[:400])).split()
    telling = [one for one in folded if not one.isascii() or len(one) >= SHORTEST]
    return list(dict.fromkeys(telling))[:MOST_WORDS]


def _score(column: Any, words: list[str]) -> ColumnElement[int]:
    score: ColumnElement[int] = literal(0)
    for word in words:
        score = score + case((contains_word(column, word), 1), else_=0)
    return score
