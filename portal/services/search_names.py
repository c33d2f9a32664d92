"""Accounts, features and value reports by the words of a question, in the reader's own scope: what
is out of reach is neither found nor counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from opencc import OpenCC
from sqlalchemy import ColumnElement, String, and_, case, cast, extract, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.feature_names import feature_name
from portal.domain.short_names import asked_words, holds_all
from portal.domain.terms import TermKind
from portal.models import Account, Feature, ValueReport
from portal.search.folding import fold, normalise
from portal.services.terms import read_terms
from portal.tenancy import scope_of

LONGEST = 200
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
    telling = [word for word in words if word not in general]
    wanted = and_(
        ValueReport.published_at.is_not(None),
        *(or_(contains_word(Account.name, word), _in_time(word)) for word in telling),
    )
    joined = Account.id == ValueReport.account_id
    rows = session.execute(
        select(ValueReport.key, Account.name, ValueReport.first, ValueReport.last)
        .join(Account, joined)
        .where(wanted)
        .order_by(ValueReport.last.desc(), Account.name, ValueReport.version.desc())
        .limit(limit)
        .offset(offset)
    )
    found = [ReportName(*row) for row in rows]
    total = session.scalar(select(func.count(ValueReport.id)).join(Account, joined).where(wanted))
    return total or 0, found


def _in_time(word: str) -> ColumnElement[bool]:
    """2026, 2026-09, q3"""
    if word in _LAST_MONTH_OF:
        return extract("month", ValueReport.last) == _LAST_MONTH_OF[word]
    return cast(ValueReport.last, String).contains(word, autoescape=True)


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
    return tuple(dict.fromkeys((word, *(one.convert(word) for one in _converters()))))


@cache
def _converters() -> tuple[OpenCC, ...]:
    return OpenCC("s2t"), OpenCC("s2tw")
