"""The list of a company's requests: what an address asks for, tabs, chips and columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from portal.domain.requests import PHASES, Kind, Phase, State
from portal.services.requests.listing import (
    SORTS,
    RequestPage,
    RequestQuestion,
    RequestRow,
    RequestTab,
)
from portal.web.formats import num
from portal.web.listing import DOWN, Link, Paging, SortLink, kept, sort_links
from portal.web.marks import marked_paging, read_mark
from portal.web.prose import joined, row_of, spelled
from portal.web.request_times import day_in, due_words, wait_words
from portal.web.request_words import KINDS, KINDS_MANY, small_ring, where_it_stands

USUAL = "waiting"
_HIGHEST_FIRST = frozenset({"votes", "asked"})
COLUMNS = (
    *("code", "kind", "state", "where_it_stands", "title", "requester", "private", "votes"),
    *("next_due_at", "created_at", "updated_at"),
)


@dataclass(frozen=True, slots=True)
class RequestLine:
    row: RequestRow
    url: str
    sub: str
    ring: Markup
    stands: str
    next: str
    asked: str


@dataclass(frozen=True, slots=True)
class ListPage:
    lead: str
    question: RequestQuestion
    lines: list[RequestLine]
    tabs: list[Link]
    kinds: list[Link]
    sorts: dict[str, SortLink]
    paging: Paging
    csv_url: str
    any: bool


def read_question(asked: Mapping[str, str]) -> RequestQuestion:
    """Anything unknown counts as not asked."""
    tab, kind, sort = asked.get("tab", ""), asked.get("kind", ""), asked.get("sort", "")
    return RequestQuestion(
        tab=RequestTab(tab) if tab in set(RequestTab) else RequestTab.COMPANY,
        kind=kind if kind in set(Kind) else "",
        sort=sort if sort in SORTS else USUAL,
        descending=asked.get("dir") == DOWN,
        mark=read_mark(asked),
    )


def list_page(
    found: RequestPage,
    question: RequestQuestion,
    labels: Mapping[tuple[str, str], str],
    wait: tuple[int, timedelta] | None,
) -> ListPage:
    def here(**changes: Any) -> str:
        return _address(question, **changes)

    return ListPage(
        lead=_lead(found, question, wait),
        question=question,
        lines=[_line(row, labels) for row in found.rows],
        tabs=_tabs(found, question, here),
        kinds=_kinds(question, here),
        sorts=sort_links(
            SORTS,
            question.sort,
            descending=question.descending,
            usual=USUAL,
            address=here,
            highest_first=_HIGHEST_FIRST,
        ),
        paging=marked_paging(found.place, len(found.rows), found.total, here),
        csv_url=_address(question, "requests.index_csv"),
        any=any(found.counts.values()),
    )


def list_rows(
    rows: Iterable[RequestRow], labels: Mapping[tuple[str, str], str]
) -> tuple[Sequence[str], list[list[object]]]:
    return COLUMNS, [
        [
            *(row.code, row.kind.value, row.state.value, _stands(row, labels), row.title),
            *(row.requester, row.private, row.votes),
            *(row.next_due_at, row.created_at, row.updated_at),
        ]
        for row in rows
    ]


def _address(question: RequestQuestion, endpoint: str = "requests.index", **changes: Any) -> str:
    values = {
        "tab": "" if question.tab is RequestTab.COMPANY else question.tab.value,
        "kind": question.kind,
        "sort": "" if question.sort == USUAL else question.sort,
        "dir": DOWN if question.descending else "",
    }
    return url_for(endpoint, **kept(values, changes))


def _lead(found: RequestPage, question: RequestQuestion, wait: tuple[int, timedelta] | None) -> str:
    """Six are open; one waits for your word. We answered the last ten within 19 hours."""
    several = _open(found.counts[RequestTab.COMPANY]) if not question.kind else ""
    waiting = ""
    if found.waiting:
        waiting = ngettext(
            "%(count)s waits for your word.",
            "%(count)s wait for your word.",
            found.waiting,
            count=spelled(found.waiting),
        )
    return joined(*(one for one in (several, waiting, _answered(wait)) if one))


def _open(count: int) -> str:
    if not count:
        return _("None is open.")
    return ngettext("%(count)s is open.", "%(count)s are open.", count, count=spelled(count))


def _answered(wait: tuple[int, timedelta] | None) -> str:
    if wait is None:
        return ""
    count, mean = wait
    return _(
        "We answered the last %(count)s within %(time)s on average.",
        count=num(count),
        time=wait_words(mean),
    )


def _line(row: RequestRow, labels: Mapping[tuple[str, str], str]) -> RequestLine:
    return RequestLine(
        row=row,
        url=url_for("requests.show", key=row.key),
        sub=row_of((f"{KINDS[row.kind]} {row.code}", row.requester)),
        ring=small_ring(row.kind, row.state),
        stands=_stands(row, labels),
        next=_next(row),
        asked=day_in(row.created_at),
    )


def _stands(row: RequestRow, labels: Mapping[tuple[str, str], str]) -> str:
    return where_it_stands(row.kind, row.state, labels, yours=row.mine)


def _next(row: RequestRow) -> str:
    """Who says the next word, or by when we do."""
    if row.mine:
        return _("Yours to close")
    if row.state is State.RELEASED:
        return (
            _("%(name)s’s to close", name=row.requester) if row.requester else _("Yours to close")
        )
    if PHASES[row.state] is Phase.CLOSED:
        return _("Closed on %(day)s", day=day_in(row.updated_at))
    return due_words(row.next_due_at) if row.next_due_at else "–"


def _tabs(found: RequestPage, question: RequestQuestion, here: Any) -> list[Link]:
    names = {
        RequestTab.COMPANY: _("Our company’s"),
        RequestTab.MINE: _("Mine"),
        RequestTab.CLOSED: _("Closed"),
    }
    own = [
        Link(
            name,
            here(tab="" if tab is RequestTab.COMPANY else tab.value, sort="", dir=""),
            tab is question.tab,
            num(found.counts[tab]),
        )
        for tab, name in names.items()
    ]
    return [*own, *views_of_all("")]


def views_of_all(current: str) -> list[Link]:
    """The tabs that show what is shared by all customers."""
    there = (("roadmap.index", _("Roadmap")), ("roadmap.whats_new", _("What is new")))
    return [
        Link(name, url_for(endpoint), endpoint == current)
        for endpoint, name in there
        if endpoint in current_app.view_functions
    ]


def _kinds(question: RequestQuestion, here: Any) -> list[Link]:
    every = Link(_("All kinds"), here(kind=""), not question.kind)
    return [
        every,
        *(
            Link(str(name), here(kind=kind.value), question.kind == kind)
            for kind, name in KINDS_MANY.items()
        ),
    ]
