"""The queue: chips, filters, cards and pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.blueprints.triage.asking import (
    LIST,
    Asked,
    address,
    queue_values,
    values_of,
    write_mark,
)
from portal.blueprints.triage.words import Labels, Ticket, column_name, tickets
from portal.domain.request_grading import BY_TIER, priority
from portal.domain.request_judging import Question
from portal.domain.requests import Kind, Phase
from portal.services.requests.choices import Choices
from portal.services.requests.queue import Column, NextFirst, QueuePage, Tally
from portal.services.requests.queue_question import ANY_STATE, UNJUDGED, Sort, Whose
from portal.services.requests.queue_rows import QueueRow
from portal.web.formats import num
from portal.web.judging_words import OUTCOMES
from portal.web.listing import Link
from portal.web.portfolio import tier_word
from portal.web.prose import joined, spelled
from portal.web.request_due import business_words, minutes_between
from portal.web.request_words import KINDS_MANY, STATES

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
    *("assignee", "next_due_at", "created_at", "updated_at", "judged"),
    *(f"judged_{question.value}" for question in Question),
    *(f"judged_{question.value}_remark" for question in Question),
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
    asked: dict[str, Any]
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


def board_view(
    found: tuple[list[Column], Tally],
    asked: Asked,
    choices: Sequence[Choices],
    labels: Labels,
    now: datetime,
) -> QueueView:
    """The third of the `choices` are the people whom requests may be given to."""
    columns, tally = found
    kind, values = Kind(asked.question.kind), queue_values(asked)
    board = [
        BoardColumn(
            id=f"column-{one.state}",
            name=column_name(kind, one.state, labels),
            count=num(one.count),
            tickets=tickets(one.rows, labels, now, values),
            more=address(asked, layout=LIST, kind=kind.value, state=one.state.value)
            if one.count > len(one.rows)
            else "",
        )
        for one in columns
    ]
    return QueueView(
        **_common(tally, asked, choices, now), board=board, people=choices[2], states=_every_state()
    )


def list_view(
    page: QueuePage,
    asked: Asked,
    choices: Sequence[Choices],
    labels: Labels,
    now: datetime,
) -> QueueView:
    question = asked.question
    total = page.tally.of(question.kind, question.state)
    return QueueView(
        **_common(page.tally, asked, choices, now),
        tickets=tickets(page.rows, labels, now, queue_values(asked)),
        people=choices[2],
        states=_every_state(),
        sorts=[
            Link(
                str(words),
                address(asked, sort="" if sort is Sort.DUE else sort.value),
                sort is question.sort,
            )
            for sort, words in SORT_WORDS.items()
        ],
        range=_("%(shown)s of %(total)s", shown=num(len(page.rows)), total=num(total)),
        back=address(asked, before=write_mark(page.back)) if page.back else "",
        next=address(asked, after=write_mark(page.following)) if page.following else "",
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
    narrowing = ("state", "feature", "tier", "account", "judged", "whose", "q")
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
        "asked": queue_values(asked),
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
        Filter("judged", _("Judged"), _outcomes(), question.judged, _("Judged or not")),
    ]
    if asked.board:
        return filters
    return [Filter("state", _("State"), _states(), question.state, _("Not closed")), *filters]


def _every_state() -> Choices:
    return [(state.value, str(words)) for state, words in STATES.items()]


def _outcomes() -> Choices:
    judged = [(one.value, str(words)) for one, words in OUTCOMES.items()]
    return [*judged, (UNJUDGED, _("Not judged yet"))]


def _states() -> Choices:
    return [
        (ANY_STATE, _("Any state")),
        *((phase.value, str(words)) for phase, words in PHASE_WORDS.items()),
        *_every_state(),
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
        *(row.next_due_at, row.created_at, row.updated_at, row.judged, *row.answers),
        *row.remarks,
    ]
