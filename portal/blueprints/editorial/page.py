"""What the page of one text shows."""

from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from portal.locales import LOCALES, OWN_NAMES
from portal.services.knowledge_drafts import Draft, open_draft
from portal.services.knowledge_languages import LanguageState, language_states
from portal.services.knowledge_preview import preview_text
from portal.services.knowledge_revisions import compare
from portal.services.training.lesson_changes import lesson_changes
from portal.services.training.shape_changes import shape_changes
from portal.web.formats import moment, zone_city
from portal.web.guards import scope
from portal.web.knowledge_page import article_of
from portal.web.knowledge_words import FIELD_NAMES, RULE_NAMES
from portal.web.listing import Link
from portal.web.locale import request_locale
from portal.web.prose import listed
from portal.web.text_editor import text_state
from portal.web.text_history import LANGUAGE_STATES


def show_page(session: Session, slug: str) -> dict[str, Any]:
    """In the language asked for, or the first with a working copy, or the source."""
    states = language_states(session, slug)
    draft = open_draft(session, slug, _language(states))
    mark, words = text_state(draft.item_state, draft.state)
    zone = scope().time_zone or "UTC"
    shape = shape_changes(session, slug)
    found = preview_text(session, slug, draft.type, draft.locale, draft.fields, draft.body, "")
    return {
        "draft": draft,
        "mark": mark,
        "state": words,
        "publish_at": moment(draft.publish_at, zone) if draft.publish_at else "",
        "zone": zone_city(zone),
        "may": {one.value for one in draft.may},
        "versions": [_tab(slug, one, draft.locale) for one in states],
        "language_lines": [_language_line(slug, one) for one in states],
        "copies": [(one.locale, OWN_NAMES[one.locale]) for one in states if one.copy],
        "ready": [one.locale for one in states if one.copy and not one.converted],
        "changes": _changes(session, draft),
        "names": FIELD_NAMES,
        "lessons": lesson_changes(session, slug, draft.locale),
        "shape": shape,
        "going": listed(shape.removed) if shape else "",
        "rule_names": RULE_NAMES,
        "page": found.page,
        "article": article_of(found.page, scope().now, zone),
        "other": draft.locale != request_locale(),
        "readable": bool(draft.body.strip()),
    }


def _language(states: list[LanguageState]) -> str:
    asked = request.args.get("language", "")
    if asked in LOCALES:
        return asked
    return next((one.locale for one in states if one.copy), states[0].locale)


def _tab(slug: str, state: LanguageState, current: str) -> Link:
    url = url_for("editorial.show", slug=slug, language=state.locale)
    return Link(OWN_NAMES[state.locale], url, state.locale == current)


def _language_line(slug: str, state: LanguageState) -> dict[str, Any]:
    mark, words = LANGUAGE_STATES[state.state]
    zone = scope().time_zone or "UTC"
    return {
        "locale": state.locale,
        "name": OWN_NAMES[state.locale],
        "mark": mark,
        "state": str(words),
        "since": state.since,
        "at": moment(state.at, zone) if state.at else "",
        "has_copy": state.copy,
        "converted": state.converted,
        "published": state.published,
        "source": state.state == "source",
        "beside": url_for("editorial.beside", slug=slug, language=state.locale),
        "revisions": url_for("editorial.revisions", slug=slug, language=state.locale),
    }


def _changes(session: Session, draft: Draft) -> Any:
    """From what is published to the working copy; None where there is only one of them."""
    if not draft.published or draft.saved_at is None:
        return None
    return compare(session, draft.slug, draft.locale, draft.published, 0)
