"""A translation beside its source."""

import re
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.blueprints.editorial.room import blueprint
from portal.domain.errors import Conflict, Invalid
from portal.domain.markdown_text import preview
from portal.domain.permissions import Permission
from portal.locales import LOCALES, OWN_NAMES
from portal.services.knowledge_languages import (
    SIMPLIFIED,
    TRADITIONAL,
    draft_traditional,
    mark_current,
    side_by_side,
)
from portal.web.formats import moment
from portal.web.guards import db, needs, scope
from portal.web.knowledge_words import FIELD_NAMES
from portal.web.listing import Link
from portal.web.refusals import turning_back
from portal.web.text_history import LANGUAGE_STATES, text_trail


@blueprint.app_template_filter("shown")
def shown(body: str, locale: str) -> Markup:
    """A part of a text as it reads, without the ids of its headings: two languages share them."""
    try:
        html = preview(body, locale)[0].html
    except Invalid:
        return escape(body)
    return Markup(re.sub(r' id="[^"]*"', "", html))  # noqa: S704 # sanitised by preview


@blueprint.get("/texts/<slug>/languages/<language>")
@needs(Permission.KNOWLEDGE_WRITE)
def beside(slug: str, language: str) -> str:
    found = side_by_side(db(), slug, language)
    mark, words = LANGUAGE_STATES[found.state.state]
    zone = scope().time_zone or "UTC"
    source = found.source.locale
    return render_template(
        "editorial/beside.html",
        found=found,
        mark=mark,
        state=str(words),
        at=moment(found.state.at, zone) if found.state.at else "",
        names=FIELD_NAMES,
        trail=text_trail(found.source),
        agrees=url_for("editorial.agree", slug=slug, language=language),
        edits=url_for("knowledge_editor.edit", slug=slug, language=language),
        own_names=OWN_NAMES,
        converts=language == TRADITIONAL
        and SIMPLIFIED in {*found.source.locales, *found.source.published_locales}
        and (found.target.saved_at is None or found.target.converted),
        versions=[
            Link(
                OWN_NAMES[code],
                url_for("editorial.beside", slug=slug, language=code),
                code == language,
            )
            for code in LOCALES
            if code != source
        ],
    )


@blueprint.post("/texts/<slug>/languages/<language>/agreement")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("editorial.beside", Conflict)
def agree(slug: str, language: str) -> Any:
    mark_current(db(), slug, language)
    flash(_("Marked as current."), "toast")
    return redirect(url_for("editorial.beside", slug=slug, language=language))


@blueprint.post("/texts/<slug>/languages/<language>/conversion")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("editorial.beside", Conflict, Invalid)
def convert(slug: str, language: str) -> Any:
    """Only traditional Chinese is made by machine, whichever language the page is of."""
    del language
    draft_traditional(db(), slug)
    flash(_("A draft was made by machine. Look at it before it is published."), "toast")
    return redirect(url_for("knowledge_editor.edit", slug=slug, language=TRADITIONAL))
