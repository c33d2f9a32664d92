"""Figures of the loop account by account: as a table that sorts, and as a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.blueprints.loop_figures.page import cells
from portal.services.requests.figures import FEWEST, FigureBook, LoopFigures, Middle
from portal.web.listing import DOWN, SortLink, sort_links

NAME = "account"
COLUMNS = {
    "answer": _l("First answer"),
    "business": _l("in business hours"),
    "decision": _l("Decision (days)"),
    "release": _l("Release (days)"),
    "confirmation": _l("Confirmation (days)"),
    "confirmed": _l("Confirmed"),
    "reopened": _l("Reopened"),
    "unconfirmed": _l("Unconfirmed"),
    "answered": _l("Answered"),
    "outcomes": _l("Outcomes"),
}
"""In the order of page.cells."""
HIGH = frozenset(COLUMNS)
Measured = tuple[str, str, LoopFigures]


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    link: SortLink


@dataclass(frozen=True, slots=True)
class AccountLine:
    key: str
    name: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class AccountTable:
    head: SortLink
    columns: list[Column]
    lines: list[AccountLine]


def sort_of(args: Mapping[str, str]) -> tuple[str, bool]:
    """The column, and whether the highest come first."""
    said = args.get("sort", "")
    return (said if said in COLUMNS else NAME), args.get("dir") == DOWN


def sorted_accounts(
    book: FigureBook, sort: str, *, down: bool, address: Callable[..., str]
) -> AccountTable:
    """Those of whom too little is known come last, either way."""
    rows = book.by_account
    if sort == NAME:
        rows = rows[::-1] if down else rows
    else:
        known = [one for one in rows if _value(one, sort) is not None]
        known.sort(key=lambda one: _value(one, sort) or 0.0, reverse=down)
        rows = known + [one for one in rows if _value(one, sort) is None]
    links = sort_links(
        (NAME, *COLUMNS), sort, descending=down, usual=NAME, address=address, highest_first=HIGH
    )
    return AccountTable(
        head=links[NAME],
        columns=[Column(str(label), links[name]) for name, label in COLUMNS.items()],
        lines=[AccountLine(key, name, cells(figures)) for key, name, figures in rows],
    )


def _value(one: Measured, sort: str) -> float | None:
    return dict(zip(COLUMNS, _values(one[2]), strict=True))[sort]


def _values(figures: LoopFigures) -> list[float | None]:
    """Hours, days and shares as numbers; None where too little is known."""
    shares = (figures.confirmed, figures.reopened, figures.unconfirmed)
    few = figures.outcomes < FEWEST
    return [
        _known(figures.answer_hours),
        _known(figures.answer_business_hours),
        _known(figures.decision_days),
        _known(figures.release_days),
        _known(figures.confirmation_days),
        *(None if few else figures.share(count) for count in shares),
        figures.answer_hours.n,
        figures.outcomes,
    ]


def _known(middle: Middle) -> float | None:
    return middle.value if middle.enough else None


def account_rows(book: FigureBook) -> tuple[Sequence[str], list[Sequence[object]]]:
    """Numbers, rounded; empty where too little is known."""
    units = (_("Account"), _("First answer (hours)"), _("First answer (business hours)"))
    columns = [*units, *(str(label) for label in list(COLUMNS.values())[2:])]
    rows = [(_("All"), book.all), *((name, figures) for _key, name, figures in book.by_account)]
    return columns, [
        [name, *(None if one is None else round(one, 3) for one in _values(figures))]
        for name, figures in rows
    ]
