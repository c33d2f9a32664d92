"""Requests by the words of a question, for the search: as names are, and as texts are."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, false, func, literal, or_, select
from sqlalchemy.orm import Session

from portal.domain.requests import Kind, State
from portal.models import Account, Request, RequestWord
from portal.services.counted_pages import CountedPages, counted_pages
from portal.services.requests.access import readable_by
from portal.services.requests.worded import worded
from portal.services.search_names import holding, patterns, ways, words_of
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
    words, scope = words_of(text), scope_of(session)
    if best is None and not words:
        return 0, []
    reader = _Reader(scope.role.side == "vendor", scope.user_id)
    make = _pages if best is not None else _kept_pages
    values = {**patterns(words), "code": text.strip().upper()}
    total, rows = make(reader, ways(words), best).read(session, values, limit, offset)
    return total, [
        NamedRequest(row.key, row.code, Kind(row.kind), State(row.state), row.title, row.account)
        for row in rows
    ]


class _Reader(NamedTuple):
    vendor: bool
    user_id: int | None


def _pages(reader: _Reader, spelled: tuple[int, ...], best: Any) -> CountedPages:
    """`best`: (id, score) of those that hold the telling words, if any does."""
    named = _named(spelled, vendor=reader.vendor)
    held = [named] if best is None else [named, best.c.id.is_not(None)]
    score = literal(0.0) if best is None else func.coalesce(best.c.score, 0)
    columns = (Request.key, Request.code, Request.kind, Request.state, Request.title)
    chosen = select(
        *(Request.id, Request.updated_at, *columns),
        *(Account.name.label("account"), score.label("score")),
    ).join(Account, Account.id == Request.account_id)
    if best is not None:
        chosen = chosen.outerjoin(best, best.c.id == Request.id)
    seen = readable_by(vendor=reader.vendor, user_id=reader.user_id)
    return counted_pages(
        chosen.where(seen, Request.merged_into_id.is_(None), or_(*held)),
        lambda row: (row.score.desc(), row.updated_at.desc(), row.id.desc()),
    )


_kept_pages = lru_cache(maxsize=256)(_pages)


def _named(spelled: tuple[int, ...], *, vendor: bool) -> ColumnElement[bool]:
    """The vendor has too many to look for parts of words in each."""
    if not spelled:
        return false()
    if vendor:
        return Request.code == bindparam("code")
    return and_(*holding((Request.title, Request.text, Request.code), spelled))
