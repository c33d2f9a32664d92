"""Requests that say much the same as what somebody types, of their company and of all customers.

Found by the words that both have; a rare word tells more than one that many have. What is frequent
is left out, so that the rows to be read stay few however many requests there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import log
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from portal.domain.requests import PHASES, Kind, Phase, State
from portal.models import (
    Request,
    RequestVote,
    RequestWord,
    SharedRequest,
    SharedRequestText,
    SharedRequestWord,
)
from portal.services.requests.access import readable
from portal.services.requests.words import words_of
from portal.tenancy import scope_of

MOST_ASKED = 16
"""Words of a question that are looked up."""
MOST_ROWS = 1500
"""Words of requests that are read for one answer."""
FEWEST = 0.34
"""Of the weight of all the question's words that are known, so much has to be there."""
_CLOSED = [state.value for state, phase in PHASES.items() if phase is Phase.CLOSED]


@dataclass(frozen=True, slots=True)
class Similar:
    """`shared`: one of all customers, whose `key` is that of the shared request; else of the
    company. `mine`: the reader has voted for it. `told` and `body` are to be read in place.
    `score` is the share of the weight of what was asked, from 0 to 1.
    """

    key: str
    code: str
    kind: Kind
    state: State
    title: str
    votes: int
    shared: bool
    mine: bool
    score: float
    told: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


def find_similar(
    session: Session, text: str, most: int = 4, kind: Kind | None = None
) -> list[Similar]:
    """The most similar first, those of the `kind` before the others: open or released ones that the
    reader may see. Four statements.
    """
    words = list(words_of(text))[:MOST_ASKED]
    if not words:
        return []
    own = _own(session, words, most, kind)
    shared = _shared(session, words, most, kind)
    return sorted([*own, *shared], key=lambda one: (one.kind is not kind, -one.score))[:most]


def weigh(counts: Mapping[str, int]) -> dict[str, float]:
    """Each word's weight by how many requests have it; the rarest, and no more of the others than
    may be read together.
    """
    weights: dict[str, float] = {}
    rows = 0
    for word, count in sorted(counts.items(), key=lambda one: (one[1], one[0])):
        rows += count
        if weights and rows > MOST_ROWS:
            break
        weights[word] = 1 / (1 + log(1 + count))
    return weights


def _own(session: Session, words: list[str], most: int, kind: Kind | None) -> list[Similar]:
    weights = weigh(counts_of(session, RequestWord.word, words))
    if not weights:
        return []
    rows = session.execute(_own_alike(session, weights, kind).limit(most))
    return [
        Similar(
            *(row.key, row.code, Kind(row.kind), State(row.state), row.title, row.votes),
            shared=False,
            mine=bool(row.mine),
            score=float(row.score) / sum(weights.values()),
            told=row.told,
        )
        for row in rows
    ]


def _own_alike(session: Session, weights: dict[str, float], kind: Kind | None) -> Any:
    score = score_of(RequestWord.word, weights)
    user_id = scope_of(session).user_id
    mine = (
        select(RequestVote.user_id)
        .where(RequestVote.request_id == Request.id, RequestVote.user_id == user_id)
        .exists()
    )
    # As its page tells them: of all companies where a published one stands for it.
    people = (
        select(SharedRequest.people)
        .where(SharedRequest.id == Request.shared_id, SharedRequest.published_at.is_not(None))
        .scalar_subquery()
    )
    return (
        select(
            *(Request.key, Request.code, Request.kind, Request.state, Request.title),
            *(func.coalesce(people, Request.voters).label("votes"), Request.told),
            mine.label("mine"),
            score.label("score"),
        )
        .join(RequestWord, RequestWord.request_id == Request.id)
        .where(
            RequestWord.word.in_(weights),
            readable(session),
            Request.merged_into_id.is_(None),
            Request.state.not_in(_CLOSED),
        )
        .group_by(Request.id)
        .having(score >= FEWEST * sum(weights.values()))
        .order_by(*_of_kind(Request.kind, kind), score.desc(), Request.id.desc())
    )


def _shared(session: Session, words: list[str], most: int, kind: Kind | None) -> list[Similar]:
    """Published ones in whose family the reader's company has no request that they could vote for:
    that one is found by its own words.
    """
    weights = weigh(counts_of(session, SharedRequestWord.word, words))
    if not weights:
        return []
    best = _best_shared(session, weights, kind).limit(most).subquery()
    whole = sum(weights.values())
    return [
        Similar(
            *(row.key, row.code, Kind(row.kind), State(row.state), row.title, row.people),
            shared=True,
            mine=bool(row.mine),
            score=float(row.score) / whole,
            body=row.body,
        )
        for row in session.execute(_told_of(session, best))
    ]


def _best_shared(session: Session, weights: Mapping[str, float], kind: Kind | None) -> Any:
    """Numbers and scores, the most similar first."""
    score = score_of(SharedRequestWord.word, weights)
    own = select(Request.shared_id).where(
        Request.shared_id.is_not(None), readable(session), Request.joined.is_(False)
    )
    return (
        select(SharedRequest.id, score.label("score"))
        .join(SharedRequestWord, SharedRequestWord.shared_id == SharedRequest.id)
        .where(
            SharedRequestWord.word.in_(weights),
            SharedRequest.published_at.is_not(None),
            SharedRequest.merged_into_id.is_(None),
            SharedRequest.state != State.DECLINED.value,
            SharedRequest.id.not_in(own),
        )
        .group_by(SharedRequest.id)
        .having(score >= FEWEST * sum(weights.values()))
        .order_by(*_of_kind(SharedRequest.kind, kind), score.desc(), SharedRequest.id.desc())
    )


def _told_of(session: Session, best: Any) -> Any:
    """What is shown of each, in the reader's language or in English."""
    text, english = aliased(SharedRequestText), aliased(SharedRequestText)
    locale = scope_of(session).locale
    return (
        select(
            *(SharedRequest.key, SharedRequest.code, SharedRequest.kind, SharedRequest.state),
            *(SharedRequest.people, best.c.score, _joined_by_reader(session).label("mine")),
            func.coalesce(text.title, english.title, "").label("title"),
            func.coalesce(text.body, english.body, "").label("body"),
        )
        .join(best, best.c.id == SharedRequest.id)
        .outerjoin(text, and_(text.shared_id == SharedRequest.id, text.locale == locale))
        .outerjoin(english, and_(english.shared_id == SharedRequest.id, english.locale == "en"))
    )


def _joined_by_reader(session: Session) -> ColumnElement[bool]:
    voted = RequestVote.request_id == Request.id
    return (
        select(Request.id)
        .join(RequestVote, voted)
        .where(
            Request.shared_id == SharedRequest.id,
            RequestVote.user_id == scope_of(session).user_id,
        )
        .exists()
    )


def _of_kind(column: Any, kind: Kind | None) -> list[Any]:
    return [] if kind is None else [case((column == kind.value, 0), else_=1)]


def counts_of(session: Session, column: Any, words: list[str]) -> dict[str, int]:
    """How many requests in the session's reach have each word; those that none has are left out."""
    return {row[0]: row[1] for row in session.execute(_counts(column), {"words": words})}


@cache
def _counts(column: Any) -> Select[Any]:
    asked: Any = bindparam("words", expanding=True)
    return select(column, func.count(column)).where(column.in_(asked)).group_by(column)


def score_of(column: Any, weights: Mapping[str, float]) -> ColumnElement[float]:
    """Of one shape however many words there are, so that the statement is compiled once."""
    spare = {f" {number}": 0.0 for number in range(MOST_ASKED - len(weights))}
    return func.sum(case({**weights, **spare}, value=column, else_=0.0))
