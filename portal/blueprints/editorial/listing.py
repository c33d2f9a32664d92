"""The list of texts as a page or a file tells it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.editorial.words import DUE_WORDS, SHELF_WORDS
from portal.domain.knowledge import PUBLISHED
from portal.domain.knowledge_workflow import Stage
from portal.locales import LOCALES, OWN_NAMES
from portal.services.editorial_list import (
    MINE,
    SHELVES,
    SORTS,
    EditorialPage,
    EditorialRow,
    TextQuestion,
)
from portal.web.formats import day_year, local_day, moment, num
from portal.web.guards import scope
from portal.web.knowledge_words import TYPE_WORDS
from portal.web.listing import Link, Paging, SortLink, kept, paging, sort_links
from portal.web.prose import row_of
from portal.web.text_editor import text_state

COLUMNS = (
    "slug",
    "type",
    "title",
    "state",
    "stage",
    "audience",
    "owner",
    "reviewer",
    "publish_at",
    "review_by",
    "changed_at",
    *(f"language_{one}" for one in LOCALES),
)


@dataclass(frozen=True, slots=True)
class Line:
    """`due` is watch or risk where a review is near or late; `more` who reviews it, or when it is
    published; `missing` names languages.
    """

    row: EditorialRow
    url: str
    type: str
    mark: str
    state: str
    more: str
    missing: str
    review_by: str
    due: str
    changed: str


@dataclass(frozen=True, slots=True)
class Page:
    headline: str
    lines: list[Line]
    shelves: list[Link]
    types: list[tuple[str, str]]
    dues: list[tuple[str, str]]
    lacking: list[tuple[str, str]]
    sorts: dict[str, SortLink]
    paging: Paging
    csv_url: str
    question: TextQuestion


def list_page(found: EditorialPage, question: TextQuestion) -> Page:
    def address(**changes: object) -> str:
        return url_for("editorial.index", **kept(_asked(question), changes))

    return Page(
        headline=_headline(found, question),
        lines=[_line(row) for row in found.rows],
        shelves=[
            Link(
                str(SHELF_WORDS[shelf]),
                address(shelf=shelf),
                shelf == question.shelf,
                num(found.counts[shelf]),
            )
            for shelf in SHELVES
            if shelf != MINE or found.counts[MINE] or question.shelf == MINE
        ],
        types=[(kind, str(words.many)) for kind, words in TYPE_WORDS.items()],
        dues=[(key, str(words)) for key, words in DUE_WORDS.items()],
        lacking=[(one, _("Without %(language)s", language=OWN_NAMES[one])) for one in LOCALES],
        sorts=sort_links(
            SORTS,
            question.sort,
            descending=question.descending,
            usual="",
            address=address,
            highest_first={"changed"},
        ),
        paging=paging(found, len(found.rows), address),
        csv_url=url_for("editorial.index_csv", **kept(_asked(question), {})),
        question=question,
    )


def cells(rows: Iterable[EditorialRow]) -> Iterator[list[object]]:
    for row in rows:
        languages = [
            "copy" if one in row.copies else "published" if one in row.published else ""
            for one in LOCALES
        ]
        at = row.publish_at.isoformat() if row.publish_at else None
        yield [
            row.slug,
            row.type,
            row.title,
            row.state,
            row.stage.value,
            row.audience,
            row.owner,
            row.reviewer,
            at,
            row.review_by if row.state == PUBLISHED else None,
            row.changed_at.isoformat(),
            *languages,
        ]


def _asked(question: TextQuestion) -> dict[str, object]:
    usual = question.sort == "changed" and question.descending
    return {
        "shelf": question.shelf,
        "type": question.kind,
        "q": question.words,
        "due": question.due,
        "lacks": question.lacks,
        "sort": "" if usual else question.sort,
        "dir": "desc" if question.descending and not usual else "",
    }


def _headline(found: EditorialPage, question: TextQuestion) -> str:
    if question.shelf == MINE:
        return ngettext(
            "%(num)s text waits for your review", "%(num)s texts wait for your review", found.total
        )
    waiting = found.counts[MINE]
    texts = ngettext("%(num)s text", "%(num)s texts", found.total)
    if not waiting:
        return texts
    return _(
        "%(texts)s; %(waiting)s",
        texts=texts,
        waiting=ngettext("%(num)s waits for your review", "%(num)s wait for your review", waiting),
    )


def _line(row: EditorialRow) -> Line:
    mark, words = text_state(row.state, row.stage)
    zone, today = scope().time_zone or "UTC", scope().now.date()
    days = (row.review_by - today).days
    live = row.state == PUBLISHED
    return Line(
        row=row,
        url=url_for("editorial.show", slug=row.slug),
        type=str(TYPE_WORDS[row.type].one),
        mark=mark,
        state=words,
        more=_more(row, zone),
        missing=row_of(OWN_NAMES[one] for one in row.missing),
        review_by=day_year(row.review_by) if live else "",
        due="risk" if live and days <= 0 else "watch" if live and days <= 60 else "",  # noqa: PLR2004 # days, as the filter says
        changed=local_day(row.changed_at, zone),
    )


def _more(row: EditorialRow, zone: str) -> str:
    if row.stage is Stage.SCHEDULED:
        return moment(row.publish_at, zone)
    return row.reviewer if row.stage is Stage.REVIEW else ""
