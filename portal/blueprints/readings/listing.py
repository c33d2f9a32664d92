"""The texts of the hub with what readers made of them, as a page or a file tells it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.readings.forms import DAYS, PAGE_SIZE, SORTS, Wish
from portal.services.reading_statistics import TextRow
from portal.web.formats import num, pct
from portal.web.listing import Link, Paging, SortLink, paging, sort_links

COLUMNS = ("slug", "type", "title", "persons", "accounts", "visits", "answers", "helped", "share")
ORDERS: dict[str, Callable[[TextRow], Any]] = {
    "readers": lambda row: row.counts.persons,
    # What too few have answered stands behind what helped.
    "helped": lambda row: 2 if row.counts.share is None else row.counts.share,
    "title": lambda row: row.title,
}


@dataclass(frozen=True, slots=True)
class Page:
    headline: str
    rows: Sequence[TextRow]
    windows: list[Link]
    sorts: dict[str, SortLink]
    paging: Paging
    csv_url: str
    wish: Wish


@dataclass(frozen=True, slots=True)
class _Place:
    page: int
    pages: int
    first: int
    total: int


def chosen(rows: Iterable[TextRow], wish: Wish) -> list[TextRow]:
    """Those of the type asked for, in the order asked for."""
    fitting = [row for row in rows if wish.kind in {None, row.type}]
    named = sorted(fitting, key=ORDERS["title"])
    return sorted(named, key=ORDERS[wish.sort], reverse=wish.descending)


def list_page(rows: Sequence[TextRow], wish: Wish) -> Page:
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    page = min(wish.page, pages)
    first = (page - 1) * PAGE_SIZE
    shown = rows[first : first + PAGE_SIZE]

    def address(**changes: object) -> str:
        return url_for("readings.index", **wish.address(**changes))  # type: ignore[arg-type] # values are text or numbers

    return Page(
        headline=_headline(rows, wish),
        rows=shown,
        windows=[
            Link(
                ngettext("%(num)s day", "%(num)s days", days), address(days=days), days == wish.days
            )
            for days in DAYS
        ],
        sorts=sort_links(
            SORTS,
            wish.sort,
            descending=wish.descending,
            usual="",
            address=address,
            highest_first={"readers"},
        ),
        paging=paging(_Place(page, pages, first + 1, len(rows)), len(shown), address),
        csv_url=url_for("readings.index_csv", **wish.address()),  # type: ignore[arg-type] # as above
        wish=wish,
    )


def days_words(days: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", days)


def _headline(rows: Sequence[TextRow], wish: Wish) -> str:
    read = [row for row in rows if row.counts.persons]
    helped = sum(row.counts.helped for row in read)
    answers = sum(row.counts.answers for row in read)
    if not read:
        return _("Nobody has read these texts within %(days)s days", days=num(wish.days))
    if not answers:
        return ngettext(
            "%(num)s text was read within %(days)s days; nobody has said whether it helped",
            "%(num)s texts were read within %(days)s days; nobody has said whether they helped",
            len(read),
            days=num(wish.days),
        )
    return _(
        "%(read)s of %(all)s texts were read within %(days)s days; "
        "%(share)s of the answers say that they helped",
        read=num(len(read)),
        all=num(len(rows)),
        days=num(wish.days),
        share=pct(helped / answers),
    )


def cells(rows: Iterable[TextRow]) -> Iterator[list[object]]:
    for row in rows:
        counts = row.counts
        share = None if counts.share is None else round(counts.share, 4)
        yield [
            row.slug,
            row.type,
            row.title,
            counts.persons,
            counts.accounts,
            counts.visits,
            counts.answers,
            counts.helped,
            share,
        ]
