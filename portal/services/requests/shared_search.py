"""Requests of all customers by the words of a question: the published ones; product finds all."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission
from portal.domain.requests import Kind, State
from portal.models import SharedRequest, SharedRequestText, SharedRequestWord
from portal.services.counted_pages import CountedPages, counted_pages
from portal.services.requests.roadmap import is_published, nearest_titles
from portal.services.requests.worded import worded
from portal.services.search_names import holding, patterns, ways, words_of
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
    make = _pages if best is not None else _kept_pages
    values = {**patterns(words), "code": text.strip().upper()}
    total, rows = make(product, ways(words), best).read(session, values, limit, offset)
    titles = nearest_titles(session, [row.id for row in rows]) if rows else {}
    found = [
        Found(row.key, Kind(row.kind), State(row.state), titles.get(row.id, ("", ""))[0])
        for row in rows
    ]
    return total, found


def _pages(product: bool, spelled: tuple[int, ...], best: Any) -> CountedPages:  # noqa: FBT001 - part of a cache's key
    """`best`: (id, score) of those that hold the telling words, if any does."""
    seen = [SharedRequest.merged_into_id.is_(None)] if product else is_published()
    parts = (SharedRequestText.title, SharedRequestText.body)
    held = [SharedRequest.code == bindparam("code")]
    if spelled:
        held.append(
            exists().where(
                SharedRequestText.shared_id == SharedRequest.id, *holding(parts, spelled)
            )
        )
    if best is not None:
        held.append(SharedRequest.id.in_(select(best.c.id)))
    chosen = select(
        *(SharedRequest.id, SharedRequest.key, SharedRequest.kind, SharedRequest.state),
        SharedRequest.people,
    ).where(*seen, or_(*held))
    return counted_pages(chosen, lambda row: (row.people.desc(), row.id.desc()))


_kept_pages = lru_cache(maxsize=64)(_pages)
