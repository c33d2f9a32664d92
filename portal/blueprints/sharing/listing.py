"""The list of shared requests: what an address asks for, tabs, filters and columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup

from portal.domain.requests import Kind
from portal.services.requests.shared_list import (
    SORTS,
    SharedPage,
    SharedQuestion,
    SharedRow,
    SharedTab,
)
from portal.tenancy import Scope
from portal.web.formats import local_day, num
from portal.web.listing import DOWN, Link, Paging, SortLink, kept, sort_links
from portal.web.marks import marked_paging, read_mark
from portal.web.prose import spelled
from portal.web.request_words import KINDS, KINDS_MANY, small_ring, state_words
from portal.web.revenue import money_words
from portal.web.roadmap import Labels, target_words

TABS = {
    SharedTab.WEIGHED: _l("Under consideration"),
    SharedTab.PLANNED: _l("Planned"),
    SharedTab.BUILDING: _l("In development"),
    SharedTab.RELEASED: _l("Released"),
    SharedTab.DECLINED: _l("Declined"),
}


@dataclass(frozen=True, slots=True)
class Line:
    url: str
    title: str
    lang: str
    sub: str
    ring: Markup
    state: str
    people: str
    accounts: str
    revenue: str
    target: str
    published: bool
    changed: str


@dataclass(frozen=True, slots=True)
class ListPage:
    headline: str
    question: SharedQuestion
    lines: list[Line]
    tabs: list[Link]
    kinds: list[Link]
    sorts: dict[str, SortLink]
    paging: Paging
    filtered: bool


def read_question(asked: Mapping[str, str]) -> SharedQuestion:
    """Anything unknown counts as not asked."""
    tab, kind, sort = (asked.get(name, "") for name in ("tab", "kind", "sort"))
    shown = asked.get("shown", "")
    chosen = sort if sort in SORTS else "people"
    return SharedQuestion(
        tab=SharedTab(tab) if tab in set(SharedTab) else None,
        kind=kind if kind in set(Kind) else "",
        shown=shown if shown in {"published", "hidden"} else "",
        sort=chosen,
        descending=asked.get("dir", DOWN if chosen == "people" else "") == DOWN,
        mark=read_mark(asked),
    )


def list_page(
    found: SharedPage, question: SharedQuestion, scope: Scope, labels: Labels
) -> ListPage:
    def here(**changes: Any) -> str:
        values = {
            "tab": question.tab.value if question.tab else "",
            "kind": question.kind,
            "shown": question.shown,
            "sort": question.sort,
            "dir": DOWN if question.descending else "up",
        }
        return url_for("sharing.index", **kept(values, changes))

    tabs = [
        Link(str(name), here(tab=tab.value), tab is found.tab, num(found.counts[tab]))
        for tab, name in TABS.items()
    ]
    kinds = [Link(_("All kinds"), here(kind=""), not question.kind)]
    kinds += [
        Link(str(KINDS_MANY[one]), here(kind=one.value), one == question.kind) for one in Kind
    ]
    return ListPage(
        headline=_headline(found),
        question=question,
        lines=[_line(row, scope, labels) for row in found.rows],
        tabs=tabs,
        kinds=kinds,
        sorts=sort_links(
            SORTS,
            question.sort,
            descending=question.descending,
            usual="people",
            address=here,
            highest_first=("people", "accounts", "changed"),
        ),
        paging=marked_paging(found.place, len(found.rows), found.total, here),
        filtered=bool(question.kind or question.shown),
    )


def _headline(found: SharedPage) -> str:
    going = found.counts[SharedTab.PLANNED] + found.counts[SharedTab.BUILDING]
    return ngettext(
        "%(count)s shared request is under way.",
        "%(count)s shared requests are under way.",
        going,
        count=spelled(going),
    )


def _line(row: SharedRow, scope: Scope, labels: Labels) -> Line:
    return Line(
        url=url_for("sharing.show", key=row.key),
        title=row.title,
        lang="" if row.locale == scope.locale else row.locale,
        sub=f"{KINDS[row.kind]} {row.code}",
        ring=small_ring(row.kind, row.state),
        state=state_words(row.kind, row.state, labels),
        people=num(row.people),
        accounts=num(row.accounts),
        revenue=money_words(row.revenue) or "–",
        target=target_words(row.target),
        published=row.published,
        changed=local_day(row.updated_at, scope.time_zone),
    )
