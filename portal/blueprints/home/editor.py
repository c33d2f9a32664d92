"""The editor's first page: the texts by the date of their next review."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.home.greetings import greet
from portal.domain.audience import ACCOUNTS, CUSTOMERS, PUBLIC, SEGMENTS, VENDOR
from portal.domain.knowledge import ARCHIVED, DRAFT, PUBLISHED
from portal.locales import OWN_NAMES
from portal.services.editorial import KeptText, Shelf, keep_texts
from portal.web.formats import day_year
from portal.web.guards import db
from portal.web.prose import joined, row_of, spelled

MARKS = {PUBLISHED: "good", DRAFT: "half", ARCHIVED: "none"}


@dataclass(frozen=True, slots=True)
class TextLine:
    """`type` is the hub's word for its kind. `url` is empty for what is not published; `due` is
    watch or risk where the review is near or late. `missing` names languages.
    """

    title: str
    url: str
    type: str
    mark: str
    state: str
    audience: str
    missing: str
    review_by: str
    due: str


@dataclass(frozen=True, slots=True)
class EditorPage:
    kicker: str
    headline: str
    lead: str
    texts: list[TextLine]


def editor_page() -> EditorPage:
    shelf = keep_texts(db())
    return EditorPage(
        kicker=greet(),
        headline=headline(shelf),
        lead=_lead(shelf),
        texts=[_line(one, shelf) for one in shelf.texts],
    )


def headline(shelf: Shelf) -> str:
    """Fifteen texts. Three are due for review."""
    if not shelf.texts:
        return _("No text yet.")
    texts = ngettext(
        "%(count)s text.",
        "%(count)s texts.",
        len(shelf.texts),
        count=spelled(len(shelf.texts)),
    )
    if shelf.late:
        return joined(
            texts,
            ngettext(
                "%(count)s is overdue for review.",
                "%(count)s are overdue for review.",
                len(shelf.late),
                count=spelled(len(shelf.late)),
            ),
        )
    if shelf.soon:
        return joined(
            texts,
            ngettext(
                "%(count)s is due for review within 60 days.",
                "%(count)s are due for review within 60 days.",
                len(shelf.soon),
                count=spelled(len(shelf.soon)),
            ),
        )
    return joined(texts, _("No review is due within 60 days."))


def _lead(shelf: Shelf) -> str:
    if not shelf.texts:
        return _("As soon as a folder of texts is loaded, they stand here by their review date.")
    first: KeptText = shelf.texts[0]
    said = _(
        "The next review is “%(title)s”, by %(day)s.",
        title=first.title,
        day=day_year(first.review_by),
    )
    lacking = len(shelf.untranslated)
    if not lacking:
        return joined(said, _("Every text stands in all three languages."))
    return joined(
        said,
        ngettext(
            "%(count)s lacks a language.",
            "%(count)s lack a language.",
            lacking,
            count=spelled(lacking),
        ),
    )


def _line(text: KeptText, shelf: Shelf) -> TextLine:
    due = "risk" if text in shelf.late else "watch" if text in shelf.soon else ""
    return TextLine(
        title=text.title,
        url=url_for("knowledge.show", slug=text.slug) if text.readable else "",
        type=text.type,
        mark=MARKS.get(text.state, "none"),
        state=_state(text.state),
        audience=_audience(text.audience),
        missing=row_of(OWN_NAMES[one] for one in text.missing),
        review_by=day_year(text.review_by),
        due=due,
    )


def _state(state: str) -> str:
    return {
        PUBLISHED: _("published"),
        DRAFT: _("draft"),
        ARCHIVED: _("archived"),
    }.get(state, state)


def _audience(kind: str) -> str:
    return {
        PUBLIC: _("everybody"),
        CUSTOMERS: _("all customers"),
        VENDOR: _("our own team"),
        SEGMENTS: _("segments of customers"),
        ACCOUNTS: _("named accounts"),
    }.get(kind, kind)
