"""Accounts, features and value reports by the words of a question, in the reader's own scope: what
is out of reach is neither found nor counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    cast,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from portal.domain.chinese_scripts import rewritten
from portal.domain.feature_names import feature_name
from portal.domain.short_names import asked_words, holds_all
from portal.domain.terms import TermKind
from portal.models import Account, Feature, ValueReport
from portal.search.folding import fold, normalise
from portal.services.counted_pages import CountedPages, counted_pages
from portal.services.terms import read_terms
from portal.tenancy import scope_of

LONGEST = 200
_ESCAPE = "/"
_LAST_MONTH_OF = {"q1": 3, "q2": 6, "q3": 9, "q4": 12}


@dataclass(frozen=True, slots=True)
class Named:
    """How many there are, and some of them as (key, name, aside)."""

    total: int
    rows: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class ReportName:
    key: str
    account: str
    first: date
    last: date


def words_of(text: str) -> tuple[str, ...]:
    """The words that a name must hold; () where the question is none for names."""
    return asked_words(fold(normalise(text[:LONGEST])))


def find_accounts(session: Session, text: str, limit: int, offset: int = 0) -> Named:
    """By name or key; those whose name begins as asked come first. The aside is the industry."""
    words = words_of(text)
    if not words:
        return Named(0, [])
    wanted = and_(
        *(
            or_(contains_word(Account.name, word), contains_word(Account.key, word))
            for word in words
        )
    )
    begins = case((_begins(Account.name, words[0]), 0), else_=1)
    rows = session.execute(
        select(Account.key, Account.name, Account.industry)
        .where(wanted)
        .order_by(begins, Account.name, Account.key)
        .limit(limit)
        .offset(offset)
    )
    total = session.scalar(select(func.count(Account.id)).where(wanted))
    terms = read_terms(session)
    found = [(key, name, terms.name(TermKind.INDUSTRY, aside)) for key, name, aside in rows]
    return Named(total or 0, found)


def find_features(session: Session, text: str, limit: int, offset: int = 0) -> Named:
    """Of the catalogue, without what is archived. The aside is the module."""
    words = words_of(text)
    if not words:
        return Named(0, [])
    rows = session.execute(
        select(Feature.key, Feature.name_en, Feature.name_zh, Feature.module)
        .where(Feature.archived_at.is_(None))
        .order_by(Feature.position, Feature.key)
    )
    locale, terms = scope_of(session).locale, read_terms(session)
    found = [
        (key, feature_name(locale, english, chinese), terms.name(TermKind.MODULE, module))
        for key, english, chinese, module in rows
        if holds_all(words, fold(f"{english} {chinese} {key}"))
    ]
    return Named(len(found), found[offset : offset + limit])


def find_reports(
    session: Session, text: str, called: str, limit: int, offset: int = 0
) -> tuple[int, list[ReportName]]:
    """Published ones, the newest first. `called`: what a report is called in the reader's
    language; its words are in each, the others must name the account or the time.
    """
    words = words_of(text)
    if not words:
        return 0, []
    general = fold(normalise(called))
    telling = tuple(word for word in words if word not in general)
    months = {f"month_{at}": _LAST_MONTH_OF.get(word, 0) for at, word in enumerate(telling)}
    values = {**patterns(telling), **months}
    total, rows = _reports(ways(telling)).read(session, values, limit, offset)
    return total, [ReportName(row.key, row.name, row.first, row.last) for row in rows]


@lru_cache(maxsize=64)
def _reports(spelled: tuple[int, ...]) -> CountedPages:
    """A word names the account or the time: 2026, 2026-09, q3"""
    parts = (Account.name, cast(ValueReport.last, String))
    month = extract("month", ValueReport.last)
    named = (
        or_(held, month == bindparam(f"month_{at}"))
        for at, held in enumerate(holding(parts, spelled))
    )
    chosen = (
        select(
            *(ValueReport.key, Account.name, ValueReport.first, ValueReport.last),
            ValueReport.version,
        )
        .join(Account, Account.id == ValueReport.account_id)
        .where(ValueReport.published_at.is_not(None), *named)
    )
    return counted_pages(chosen, lambda row: (row.last.desc(), row.name, row.version.desc()))


def ways(words: Sequence[str]) -> tuple[int, ...]:
    """In how many ways each word is spelt: all that a statement need know of them."""
    return tuple(len(_spellings(word)) for word in words)


def patterns(words: Sequence[str]) -> dict[str, str]:
    """The values of what `holding` asks for."""
    return {
        f"word_{at}_{way}": f"%{_escaped(one)}%"
        for at, word in enumerate(words)
        for way, one in enumerate(_spellings(word))
    }


def holding(columns: Sequence[Any], spelled: Sequence[int]) -> list[ColumnElement[bool]]:
    """For each word, that one of the columns holds it; the words themselves are the values of the
    statement, so that it is made once for all questions of as many words.
    """
    return [
        or_(
            *(
                column.ilike(bindparam(f"word_{at}_{way}", type_=String), escape=_ESCAPE)
                for column in columns
                for way in range(count)
            )
        )
        for at, count in enumerate(spelled)
    ]


def _escaped(word: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        word = word.replace(special, _ESCAPE + special)
    return word


def contains_word(column: Any, word: str) -> ColumnElement[bool]:
    """Of a folded question; in either of the Chinese scripts."""
    spelled = [column.icontains(one, autoescape=True) for one in _spellings(word)]
    return or_(*spelled)


def _begins(column: Any, word: str) -> ColumnElement[bool]:
    return or_(*(column.istartswith(one, autoescape=True) for one in _spellings(word)))


def _spellings(word: str) -> Sequence[str]:
    """A name may stand in traditional characters, and the question is folded to simplified."""
    if word.isascii():
        return (word,)
    return tuple(dict.fromkeys((word, *(rewritten(word, one) for one in ("s2t", "s2tw")))))
