"""The list of accounts in words: headline, filters, columns that sort, pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.desk.filters import Filter, filters_of
from portal.blueprints.desk.map import MapPage
from portal.blueprints.desk.question import MAP, address_of, filtered
from portal.services.account_book import NO_ENTRY, Book, BookEntry
from portal.services.desk import ORDERS, TIERS, AccountPage, AccountQuestion
from portal.services.health import HealthRow, Scores
from portal.services.portfolio import PortfolioRow
from portal.web.listing import Link, Paging, SortLink, paging, sort_links
from portal.web.portfolio import Line, lines, tier_word
from portal.web.portfolio_definitions import define_desk, define_table
from portal.web.prose import joined, spelled
from portal.web.terms import term_name

COLUMNS = (
    "key",
    "name",
    "tier",
    "industry",
    "region",
    "time_zone",
    "seats",
    "provisioned",
    "mau",
    "mau_before",
    "login_ratio_30d",
    "contract_end",
    "last_event_at",
    "as_of",
)
MORE_COLUMNS = (
    "health_score",
    "health_band",
    "segment",
    "stage",
    "open_alerts",
    "success_manager",
    "industry_name",
    "region_name",
)
# The first click on these shows the highest first.
HIGHEST_FIRST = frozenset({"mau", "login", "last", "alerts"})


@dataclass(frozen=True, slots=True)
class ListPage:
    headline: str
    lead: str
    question: AccountQuestion
    lines: list[Line]
    sorts: dict[str, SortLink]
    tiers: list[Link]
    paging: Paging
    csv_url: str
    empty: bool
    filtered: bool
    filters: list[Filter]
    csms: bool
    views: list[Link]
    near: str
    map: MapPage | None
    defined: list[dict[str, str]]
    health_defined: dict[str, str]
    basis: str


def list_page(
    found: AccountPage,
    question: AccountQuestion,
    *,
    csms: bool = False,
    drawn: MapPage | None = None,
) -> ListPage:
    """`csms`: the reader sees accounts of several success managers. `drawn`: as a map, and no
    table.
    """
    view = "" if drawn is None else MAP
    sorts, pages = _table_links(found, question)
    return ListPage(
        headline=headline(found, question),
        lead=_("Active people, login ratio and weeks are of each account’s last full day."),
        question=question,
        lines=[] if view == MAP else lines(found.rows, found.scores, found.book),
        sorts=sorts,
        tiers=_tiers(question, view),
        paging=pages,
        csv_url=url_for("desk.accounts_csv", **address_of(question)),
        empty=found.all == 0,
        filtered=filtered(question),
        filters=filters_of(question, found.book, csms=csms),
        csms=csms,
        views=_views(question, view),
        near=_near(question, view),
        map=drawn,
        defined=define_table("alerts", without=("weeks",) if csms else ()),
        health_defined=define_desk("health"),
        basis=_(
            "Each account’s figures rest on its own events: the last of them stands in its row. "
            "A dash says that too little is known."
        ),
    )


def _table_links(
    found: AccountPage, question: AccountQuestion
) -> tuple[dict[str, SortLink], Paging]:
    """What sorts the table, and what leads to its other pages."""

    def here(**changes: object) -> str:
        return url_for("desk.accounts", **address_of(question, **changes))

    sorts = sort_links(
        ORDERS,
        question.sort,
        descending=question.descending,
        usual="name",
        address=here,
        highest_first=HIGHEST_FIRST,
    )
    return sorts, paging(found, len(found.rows), here)


def headline(found: AccountPage, question: AccountQuestion) -> str:
    """Twelve accounts. Three of them fit."""
    everyone = ngettext(
        "%(count)s account.", "%(count)s accounts.", found.all, count=spelled(found.all)
    )
    if not found.all:
        return _("No account is in your hands yet.")
    if not filtered(question):
        return joined(everyone, _renewals(found.renewing))
    if not found.total:
        return everyone  # the empty list says so itself
    fits = ngettext(
        "%(count)s of them fits.", "%(count)s of them fit.", found.total, count=spelled(found.total)
    )
    return joined(everyone, fits)


def _renewals(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)s renews within 90 days.",
        "%(count)s renew within 90 days.",
        count,
        count=spelled(count),
    )


def _views(question: AccountQuestion, view: str) -> list[Link]:
    return [
        Link(words, url_for("desk.accounts", **address_of(question, view=one)), one == view)
        for one, words in (("", _("Table")), (MAP, _("Map")))
    ]


def _near(question: AccountQuestion, view: str) -> str:
    """The same accounts, also those whose renewal is further away."""
    if not question.near:
        return ""
    return url_for("desk.accounts", **address_of(question, near="", view=view))


def _tiers(question: AccountQuestion, view: str) -> list[Link]:
    choices = [("", _("All")), *((tier, tier_word(tier)) for tier in TIERS)]
    return [
        Link(
            words,
            url_for("desk.accounts", **address_of(question, tier=tier, view=view)),
            question.tier == tier,
        )
        for tier, words in choices
    ]


def list_rows(
    rows: Iterable[PortfolioRow], scores: Scores, book: Book
) -> tuple[Sequence[str], list[list[object]]]:
    return (*COLUMNS, *MORE_COLUMNS), [
        [
            *(_cell(getattr(row, name)) for name in COLUMNS),
            *_health_cells(scores.get(row.key)),
            *_book_cells(book.entries.get(row.key, NO_ENTRY)),
            term_name(row.industry, "industry"),
            term_name(row.region, "region"),
        ]
        for row in rows
    ]


def _health_cells(found: HealthRow | None) -> tuple[object, object]:
    return (None, None) if found is None else (found.score, found.band)


def _book_cells(entry: BookEntry) -> tuple[object, ...]:
    return entry.segment, entry.stage, entry.alerts, entry.csm


def _cell(value: object) -> object:
    """Ratios to four digits."""
    return round(value, 4) if isinstance(value, float) else value
