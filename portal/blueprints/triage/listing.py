"""The queue: what an address asks for, chips, filters, cards and pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.blueprints.triage.words import Labels, Ticket, column_name, ticket
from portal.domain.request_grading import BY_TIER, priority
from portal.domain.requests import Kind, Phase, State
from portal.services.requests.choices import Choices
from portal.services.requests.queue import (
    ANY_STATE,
    Column,
    Mark,
    NextFirst,
    QueuePage,
    QueueQuestion,
    Sort,
    Tally,
    Whose,
)
from portal.services.requests.queue_rows import QueueRow
from portal.web.formats import num
from portal.web.listing import Link, kept
from portal.web.portfolio import tier_word
from portal.web.prose import joined, spelled
from portal.web.request_due import business_words, minutes_between
from portal.web.request_words import KINDS_MANY, STATES

LIST = "list"
LONGEST_TEXT = 100
SORT_WORDS = {
    Sort.DUE: _l("what is due next"),
    Sort.NEWEST: _l("newest"),
    Sort.PRIORITY: _l("grade"),
    Sort.VOTES: _l("votes"),
}
PHASE_WORDS = {
    Phase.OPEN: _l("All that is open"),
    Phase.ACTIVE: _l("All in the works"),
    Phase.DONE: _l("All released"),
    Phase.CLOSED: _l("All closed"),
}
COLUMNS = (
    *("code", "kind", "state", "title", "account_key", "account", "requester", "role", "feature"),
    *("votes", "accounts", "revenue", "fit", "tier", "role_grade", "effect", "priority"),
    *("assignee", "next_due_at", "created_at", "updated_at"),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice in the row of filters."""

    name: str
    label: str
    options: Choices
    chosen: str
    any: str


@dataclass(frozen=True, slots=True)
class BoardColumn:
    id: str
    name: str
    count: str
    tickets: list[Ticket]
    more: str


@dataclass(frozen=True, slots=True)
class QueueView:
    headline: str
    layouts: list[Link]
    kinds: list[Link]
    filters: list[Filter]
    hidden: list[tuple[str, str]]
    text: str
    filtered: bool
    csv_url: str
    reset_url: str
    here: str
    board: list[BoardColumn] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    sorts: list[Link] = field(default_factory=list)
    people: Choices = field(default_factory=list)
    states: Choices = field(default_factory=list)
    range: str = ""
    back: str = ""
    next: str = ""

    @property
    def shown(self) -> bool:
        return bool(self.tickets) or any(column.tickets for column in self.board)


@dataclass(frozen=True, slots=True)
class Asked:
    question: QueueQuestion
    board: bool


def read_address(asked: Mapping[str, str]) -> Asked:
    """Anything unknown counts as not asked. The board shows one kind, needs where none is named."""
    board = asked.get("layout") != LIST
    kind = asked.get("kind", "")
    state = asked.get("state", "")
    sort, whose = asked.get("sort", ""), asked.get("whose", "")
    known_kind = kind if kind in set(Kind) else ""
    return Asked(
        QueueQuestion(
            kind=known_kind or (Kind.NEED.value if board else ""),
            state="" if board or state not in {*State, *Phase, ANY_STATE} else state,
            feature=asked.get("feature", "")[:120],
            tier=asked["tier"] if asked.get("tier") in BY_TIER else "",
            account=asked.get("account", "")[:120],
            whose=Whose(whose) if whose in set(Whose) else Whose.ALL,
            text=asked.get("q", "").strip()[:LONGEST_TEXT].replace("\x00", ""),
            sort=Sort(sort) if sort in set(Sort) else Sort.DUE,
            mark=None if board else _read_mark(asked, sort),
        ),
        board,
    )


def _read_mark(asked: Mapping[str, str], sort: str) -> Mark | None:
    """“2026-11-21T09:00:00+00:00~17” or “12~17”"""
    back = "before" in asked
    value, _tilde, number = asked.get("before" if back else "after", "").partition("~")
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):  # noqa: PLR2004 # a BIGINT's digits
        return None
    if sort in {Sort.PRIORITY, Sort.VOTES}:
        fits = value.isascii() and value.isdecimal() and len(value) <= 9  # noqa: PLR2004 # an INTEGER's
        return Mark(int(value), int(number), back) if fits else None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return Mark(at, int(number), back) if at.tzinfo is not None else None


def _write_mark(mark: Mark | None) -> str:
    if mark is None:
        return ""
    value = mark.value.isoformat() if isinstance(mark.value, datetime) else str(mark.value)
    return f"{value}~{mark.id}"


def values_of(asked: Asked) -> dict[str, str]:
    """The address's parameters but for the page."""
    one = asked.question
    usual = Kind.NEED.value if asked.board else ""
    return {
        "layout": "" if asked.board else LIST,
        "kind": "" if one.kind == usual else one.kind,
        "state": one.state,
        "feature": one.feature,
        "tier": one.tier,
        "account": one.account,
        "whose": one.whose.value,
        "q": one.text,
        "sort": "" if one.sort is Sort.DUE else one.sort.value,
    }


def address(asked: Asked, endpoint: str = "triage.index", **changes: Any) -> str:
    return url_for(endpoint, **kept(values_of(asked), changes))


def board_view(
    found: tuple[list[Column], Tally],
    asked: Asked,
    choices: Sequence[Choices],
    labels: Labels,
    now: datetime,
) -> QueueView:
    columns, tally = found
    kind = Kind(asked.question.kind)
    board = [
        BoardColumn(
            id=f"column-{one.state}",
            name=column_name(kind, one.state, labels),
            count=num(one.count),
            tickets=[ticket(row, labels, now) for row in one.rows],
            more=address(asked, layout=LIST, kind=kind.value, state=one.state.value)
            if one.count > len(one.rows)
            else "",
        )
        for one in columns
    ]
    return QueueView(**_common(tally, asked, choices, now), board=board)


def list_view(
    page: QueuePage,
    asked: Asked,
    choices: Sequence[Choices],
    labels: Labels,
    now: datetime,
) -> QueueView:
    """The third of the `choices` are the people whom requests may be given to."""
    question = asked.question
    total = page.tally.of(question.kind, question.state)
    return QueueView(
        **_common(page.tally, asked, choices, now),
        tickets=[ticket(row, labels, now) for row in page.rows],
        people=choices[2],
        states=[(state.value, str(words)) for state, words in STATES.items()],
        sorts=[
            Link(
                str(words),
                address(asked, sort="" if sort is Sort.DUE else sort.value),
                sort is question.sort,
            )
            for sort, words in SORT_WORDS.items()
        ],
        range=_("%(shown)s of %(total)s", shown=num(len(page.rows)), total=num(total)),
        back=address(asked, before=_write_mark(page.back)) if page.back else "",
        next=address(asked, after=_write_mark(page.following)) if page.following else "",
    )


def headline(tally: Tally, now: datetime) -> str:
    new = (
        ngettext("%(count)s is new.", "%(count)s are new.", tally.new, count=spelled(tally.new))
        if tally.new
        else _("Nothing new.")
    )
    return new if tally.first is None else joined(new, _first_answer(tally.first, now))


def _first_answer(first: NextFirst, now: datetime) -> str:
    """In business time, as the cards say it."""
    due = first.next_due_at
    if due < now:
        time = business_words(minutes_between(first, due, now))
        return _("A first answer has been due for %(time)s.", time=time)
    time = business_words(minutes_between(first, now, due))
    return _("The next first answer is due in %(time)s.", time=time)


def _common(
    tally: Tally, asked: Asked, choices: Sequence[Choices], now: datetime
) -> dict[str, Any]:
    question = asked.question
    values = values_of(asked)
    narrowing = ("state", "feature", "tier", "account", "whose", "q")
    return {
        "headline": headline(tally, now),
        "layouts": [
            Link(_("Board"), address(asked, layout="", state="", sort=""), asked.board),
            Link(_("List"), address(asked, layout=LIST, kind=question.kind), not asked.board),
        ],
        "kinds": _kinds(tally, asked),
        "filters": _filters(asked, choices),
        "hidden": [(name, values[name]) for name in ("layout", "kind", "sort") if values[name]],
        "text": question.text,
        "filtered": any(values[name] for name in narrowing),
        "csv_url": address(asked, "triage.index_csv"),
        "reset_url": address(asked, **dict.fromkeys(narrowing, "")),
        "here": address(asked),
    }


def _kinds(tally: Tally, asked: Asked) -> list[Link]:
    state = asked.question.state
    shown = [
        Link(
            str(words),
            address(asked, kind=kind.value),
            kind == asked.question.kind,
            num(tally.of(kind.value, state)),
        )
        for kind, words in KINDS_MANY.items()
    ]
    if asked.board:
        return shown
    every = Link(
        _("All kinds"), address(asked, kind=""), not asked.question.kind, num(tally.of("", state))
    )
    return [every, *shown]


def _filters(asked: Asked, choices: Sequence[Choices]) -> list[Filter]:
    question = asked.question
    accounts, features = choices[:2]
    whose = [(Whose.MINE.value, _("Mine")), (Whose.NOBODY.value, _("Nobody’s"))]
    tiers = [(tier, tier_word(tier)) for tier in BY_TIER]
    filters = [
        Filter("whose", _("Assigned to"), whose, question.whose.value, _("Anybody’s")),
        Filter("account", _("Account"), accounts, question.account, _("Any account")),
        Filter("tier", _("Tier"), tiers, question.tier, _("Any tier")),
        Filter("feature", _("Feature"), features, question.feature, _("Any feature")),
    ]
    if asked.board:
        return filters
    return [Filter("state", _("State"), _states(), question.state, _("Not closed")), *filters]


def _states() -> Choices:
    return [
        (ANY_STATE, _("Any state")),
        *((phase.value, str(words)) for phase, words in PHASE_WORDS.items()),
        *((state.value, str(words)) for state, words in STATES.items()),
    ]


def file_row(row: QueueRow) -> list[object]:
    """The cells of COLUMNS."""
    return [
        *(row.code, row.kind.value, row.state.value, row.title, row.account_key),
        *(row.account_name, row.requester, row.role, row.feature_key, row.people),
        row.accounts,
        " + ".join(f"{amount} {name}".strip() for name, amount in sorted(row.revenue.items())),
        *(part.value for part in row.grade),
        priority(row.grade),
        row.assignee,
        *(row.next_due_at, row.created_at, row.updated_at),
    ]
