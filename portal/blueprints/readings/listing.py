"""The texts of the hub with what readers made of them, as a page or a file tells it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.readings.forms import DAYS, Wish
from portal.services.reading_counts import TextRow
from portal.services.reading_list import READERS, SORTS, ReadingPage, ReadingSums
from portal.web.formats import num, pct
from portal.web.listing import Link, Paging, SortLink, paging, sort_links

COLUMNS = ("slug", "type", "title", "persons", "accounts", "visits", "answers", "helped", "share")


@dataclass(frozen=True, slots=True)
class Page:
    headline: str
    rows: Sequence[TextRow]
    windows: list[Link]
    sorts: dict[str, SortLink]
    paging: Paging
    csv_url: str
    wish: Wish


def list_page(found: ReadingPage, wish: Wish) -> Page:
    def address(**changes: object) -> str:
        return url_for("readings.index", **wish.address(**changes))  # type: ignore[arg-type] # values are text or numbers

    return Page(
        headline=_headline(found.sums, wish),
        rows=found.rows,
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
            highest_first={READERS},
        ),
        paging=paging(found, len(found.rows), address),
        csv_url=url_for("readings.index_csv", **wish.address()),  # type: ignore[arg-type] # as above
        wish=wish,
    )


def days_words(days: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", days)


def _headline(sums: ReadingSums, wish: Wish) -> str:
    if not sums.read:
        return _("Nobody has read these texts within %(days)s days", days=num(wish.days))
    if not sums.answers:
        return ngettext(
            "%(num)s text was read within %(days)s days; nobody has said whether it helped",
            "%(num)s texts were read within %(days)s days; nobody has said whether they helped",
            sums.read,
            days=num(wish.days),
        )
    return _(
        "%(read)s of %(all)s texts were read within %(days)s days; "
        "%(share)s of the answers say that they helped",
        read=num(sums.read),
        all=num(sums.texts),
        days=num(wish.days),
        share=pct(sums.helped / sums.answers),
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
