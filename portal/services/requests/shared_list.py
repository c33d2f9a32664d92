"""Requests of all customers as product lists them, with the revenue behind each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from portal.domain.requests import Kind, State
from portal.models import SharedRequest
from portal.services.keyset import Mark, Page, Part, day, moment, number, page_of
from portal.services.requests.behind import Money, revenue_of
from portal.services.requests.roadmap import STAGES, nearest_titles
from portal.services.requests.sharing import Target, needs_product

PAGE_SIZE = 25


class SharedTab(StrEnum):
    WEIGHED = "weighed"
    PLANNED = "planned"
    BUILDING = "building"
    RELEASED = "released"
    DECLINED = "declined"


_STATES = {
    **{SharedTab(stage.value): states for stage, states in STAGES.items()},
    SharedTab.DECLINED: (State.DECLINED,),
}


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    """`tab` None: the first in which anything stands. `kind` a value of Kind, `shown` "published"
    or "hidden"; empty for any. `sort`: of SORTS.
    """

    tab: SharedTab | None = None
    kind: str = ""
    shown: str = ""
    sort: str = "people"
    descending: bool = True
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class SharedRow:
    """`revenue`: of the distinct accounts behind it, by currency; never added up over them."""

    key: str
    code: str
    kind: Kind
    state: State
    title: str
    locale: str
    people: int
    accounts: int
    revenue: Money
    target: Target
    published: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SharedPage:
    tab: SharedTab
    rows: list[SharedRow]
    counts: dict[SharedTab, int]
    total: int
    place: Page


SORTS: dict[str, tuple[Callable[..., Part], Any]] = {
    "people": (number, SharedRequest.people),
    "accounts": (number, SharedRequest.accounts),
    "target": (day, SharedRequest.target_on),
    "changed": (moment, SharedRequest.updated_at),
}


def find_shared(session: Session, question: SharedQuestion) -> SharedPage:
    """One keyset page; five statements, however many there are. Raises Forbidden."""
    needs_product(session)
    seen = [SharedRequest.merged_into_id.is_(None), *_chosen(question)]
    counts = _counts(session, seen)
    tab = question.tab or next((one for one in SharedTab if counts[one]), SharedTab.WEIGHED)
    states = [one.value for one in _STATES[tab]]
    wanted = select(SharedRequest).where(*seen, SharedRequest.state.in_(states))
    kind, column = SORTS[question.sort]
    order = [kind(column, down=question.descending), number(SharedRequest.id, down=True)]
    place = page_of(session, wanted, order, question.mark, PAGE_SIZE)
    rows = _rows(session, [one[0] for one in place.rows])
    return SharedPage(tab, rows, counts, counts[tab], place)


def _chosen(question: SharedQuestion) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if question.kind:
        chosen.append(SharedRequest.kind == question.kind)
    if question.shown == "published":
        chosen.append(SharedRequest.published_at.is_not(None))
    if question.shown == "hidden":
        chosen.append(SharedRequest.published_at.is_(None))
    return chosen


def _counts(session: Session, seen: Sequence[ColumnElement[bool]]) -> dict[SharedTab, int]:
    sums = [
        func.sum(case((SharedRequest.state.in_([one.value for one in _STATES[tab]]), 1), else_=0))
        for tab in SharedTab
    ]
    row = session.execute(select(*sums).select_from(SharedRequest).where(*seen)).one()
    return {tab: int(number or 0) for tab, number in zip(SharedTab, row, strict=True)}


def _rows(session: Session, found: Sequence[SharedRequest]) -> list[SharedRow]:
    ids = [one.id for one in found]
    titles, revenue = nearest_titles(session, ids), revenue_of(session, ids)
    return [
        SharedRow(
            key=one.key,
            code=one.code,
            kind=Kind(one.kind),
            state=State(one.state),
            title=titles.get(one.id, ("", "en"))[0],
            locale=titles.get(one.id, ("", "en"))[1],
            people=one.people,
            accounts=one.accounts,
            revenue=revenue.get(one.id, {}),
            target=Target(one.target_on, one.target_unit),
            published=one.published_at is not None,
            updated_at=one.updated_at,
        )
        for one in found
    ]
