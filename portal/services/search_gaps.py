"""Questions without a good answer: listed by how often they are asked, and dealt with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission
from portal.domain.search_gaps import (
    COUNTED_DAYS,
    LEAST_ASKED,
    Asked,
    GapKind,
    GapState,
    gap_kind,
)
from portal.models import Account, KnowledgeItem, SearchGap, SearchQuestion
from portal.services.audience import readable
from portal.services.audit import record
from portal.services.search_questions import folded_question
from portal.tenancy import scope_of, unscoped

MOST = 2000
MOST_NAMES = 5
SORTS = ("asked", "accounts", "last")


@dataclass(frozen=True, slots=True)
class GapFilter:
    """Empty means any. `account` is a key; `side` customer, vendor, visitor or api."""

    state: GapState = GapState.OPEN
    kind: str = ""
    locale: str = ""
    side: str = ""
    account: str = ""
    text: str = ""
    sort: str = "asked"


@dataclass(frozen=True, slots=True)
class GapLine:
    """`accounts`: so many different ones asked; `names` of them, as far as the reader may know."""

    question: str
    folded: str
    locale: str
    kind: GapKind
    counts: Asked
    accounts: int
    last: date
    state: GapState
    slug: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GapList:
    """`states` counts them by state, the other filters applied."""

    lines: list[GapLine]
    states: dict[GapState, int]


def list_gaps(session: Session, wanted: GapFilter) -> GapList:
    """Of the last ninety days, at most 2,000 of each look. Those who see accounts see what was
    asked in theirs, by visitors and by the vendor's own; an editor, who sees no account, reads what
    was asked everywhere, without names.
    """
    with _reach(session) as wide:
        lines = _lines(wide, wanted)
    fitting = [one for one in lines if not wanted.kind or one.kind == wanted.kind]
    states = {state: sum(one.state is state for one in fitting) for state in GapState}
    shown = [one for one in fitting if one.state is wanted.state]
    return GapList(sorted(shown, key=_order(wanted.sort)), states)


def with_names(session: Session, lines: Sequence[GapLine]) -> list[GapLine]:
    """The lines of a page with the accounts in reach that asked: one statement for all."""
    if not scope_of(session).allows(Permission.ACCOUNT_DESK) or not lines:
        return list(lines)
    rows = session.execute(
        select(SearchQuestion.folded, SearchQuestion.locale, Account.name)
        .join(Account, Account.id == SearchQuestion.account_id)
        .where(
            SearchQuestion.folded.in_([one.folded for one in lines]),
            SearchQuestion.day >= _since(session),
        )
        .distinct()
        .order_by(Account.name)
    ).all()
    names: dict[tuple[str, str], list[str]] = {}
    for folded, locale, name in rows:
        names.setdefault((folded, locale), []).append(name)
    return [
        replace(one, names=tuple(names.get((one.folded, one.locale), ())[:MOST_NAMES]))
        for one in lines
    ]


def settle_gap(
    session: Session, question: str, locale: str, state: GapState, slug: str = ""
) -> None:
    """Drafted, answered by the text `slug`, ignored, or open again. Raises NotFound for what
    nobody asked, and Invalid where an answer names no text.
    """
    folded = folded_question(question)
    with _reach(session) as wide:
        asked = wide.scalar(select(SearchQuestion.id).where(*_same(folded, locale)).limit(1))
    if asked is None:
        raise NotFound
    if state is GapState.ANSWERED:
        _hold_text(session, slug)
    scope = scope_of(session)
    gap = session.scalars(
        select(SearchGap).where(SearchGap.folded == folded, SearchGap.locale == locale)
    ).one_or_none()
    if gap is None:
        gap = SearchGap(key=new_key(), folded=folded, locale=locale)
        session.add(gap)
    gap.state, gap.slug = state.value, slug
    gap.changed_at, gap.changed_by = scope.now, scope.user_id
    record(
        session, f"search-gap.{state.value}", "search gap", folded[:200], locale=locale, slug=slug
    )
    session.commit()


def _hold_text(session: Session, slug: str) -> None:
    wanted = select(KnowledgeItem.id).where(KnowledgeItem.slug == slug, readable(session))
    if session.scalar(wanted) is None:
        said = "Name a published text: the last part of its address."
        raise Invalid(said, code="no-such-text", fields={"slug": said})


@contextmanager
def _reach(session: Session) -> Iterator[Session]:
    if scope_of(session).allows(Permission.ACCOUNT_DESK):
        yield session
    else:
        with unscoped(session, "editors read what is asked, without accounts") as wide:
            yield wide


def _lines(session: Session, wanted: GapFilter) -> list[GapLine]:
    asked, empty, opened = (
        func.sum(column)
        for column in (SearchQuestion.asked, SearchQuestion.empty, SearchQuestion.opened)
    )
    # The rule of domain/search_gaps.py, roughly: what is left is looked at one by one.
    rows = session.execute(
        select(
            func.max(SearchQuestion.question),
            SearchQuestion.folded,
            SearchQuestion.locale,
            asked,
            empty,
            opened,
            func.count(SearchQuestion.account_id.distinct()),
            func.max(SearchQuestion.day),
        )
        .where(*_conditions(session, wanted))
        .group_by(SearchQuestion.folded, SearchQuestion.locale)
        .having(or_(empty > 0, and_(asked >= LEAST_ASKED, opened < asked)))
        .order_by(asked.desc(), SearchQuestion.folded)
        .limit(MOST)
    ).all()
    settled = _settled(session)
    return [line for row in rows if (line := _line(row, settled)) is not None]


def _line(row: Any, settled: dict[tuple[str, str], tuple[str, str, date]]) -> GapLine | None:
    question, folded, locale, asked, empty, opened, accounts, last = row
    counts = Asked(int(asked), int(empty), int(opened))
    kind = gap_kind(counts)
    if kind is None:
        return None
    state, slug, since = settled.get((folded, locale), (GapState.OPEN.value, "", date.min))
    found = GapState(state)
    # Answered, and asked again without an answer: it is open as before.
    if found is GapState.ANSWERED and last > since:
        found = GapState.OPEN
    return GapLine(question, folded, locale, kind, counts, int(accounts), last, found, slug)


def _settled(session: Session) -> dict[tuple[str, str], tuple[str, str, date]]:
    rows = session.execute(
        select(
            SearchGap.folded,
            SearchGap.locale,
            SearchGap.state,
            SearchGap.slug,
            SearchGap.changed_at,
        )
    )
    return {(folded, locale): (state, slug, at.date()) for folded, locale, state, slug, at in rows}


def _conditions(session: Session, wanted: GapFilter) -> list[ColumnElement[bool]]:
    conditions = [SearchQuestion.day >= _since(session)]
    if wanted.locale:
        conditions.append(SearchQuestion.locale == wanted.locale)
    if wanted.side:
        conditions.append(SearchQuestion.side == wanted.side)
    if wanted.text:
        held = folded_question(wanted.text)
        conditions.append(SearchQuestion.folded.contains(held, autoescape=True))
    if wanted.account:
        account = select(Account.id).where(Account.key == wanted.account).scalar_subquery()
        conditions.append(SearchQuestion.account_id == account)
    return conditions


def _since(session: Session) -> date:
    return scope_of(session).now.date() - timedelta(days=COUNTED_DAYS)


def _same(folded: str, locale: str) -> tuple[ColumnElement[bool], ...]:
    return SearchQuestion.folded == folded, SearchQuestion.locale == locale


def _order(sort: str) -> Any:
    if sort == "last":
        return lambda one: (-one.last.toordinal(), -one.counts.asked, one.folded)
    if sort == "accounts":
        return lambda one: (-one.accounts, -one.counts.asked, one.folded)
    return lambda one: (-one.counts.asked, -one.accounts, one.folded)
