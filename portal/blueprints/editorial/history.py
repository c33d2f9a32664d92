"""The revisions of a text in one language, what differs between two, and taking one up again."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from portal.blueprints.editorial.room import blueprint
from portal.domain.errors import Conflict
from portal.domain.permissions import Permission
from portal.locales import LOCALES, OWN_NAMES
from portal.services.knowledge_drafts import open_draft
from portal.services.knowledge_revisions import compare, list_revisions, restore
from portal.web.guards import db, needs
from portal.web.knowledge_words import FIELD_NAMES
from portal.web.listing import Link
from portal.web.refusals import turning_back
from portal.web.text_history import revision_pair, revision_words, text_trail


@blueprint.get("/texts/<slug>/revisions/<language>")
@needs(Permission.KNOWLEDGE_WRITE)
def revisions(slug: str, language: str) -> str:
    draft = open_draft(db(), slug, language)
    lines = list_revisions(db(), slug, language)
    one, other = revision_pair(lines)
    both = compare(db(), slug, language, one, other) if one and other else None
    return render_template(
        "editorial/revisions.html",
        draft=draft,
        lines=[revision_words(line, _restores(slug, language, line.number)) for line in lines],
        one=one,
        other=other,
        both=both,
        names=FIELD_NAMES,
        trail=text_trail(draft),
        here=url_for("editorial.revisions", slug=slug, language=language),
        versions=[
            Link(
                OWN_NAMES[code],
                url_for("editorial.revisions", slug=slug, language=code),
                code == language,
            )
            for code in LOCALES
        ],
    )


@blueprint.post("/texts/<slug>/revisions/<language>/<int:number>/restoration")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("editorial.back_to_revisions", Conflict)
def bring_up(slug: str, language: str, number: int) -> Any:
    restore(db(), slug, language, number)
    flash(_("Revision %(number)s is a draft now.", number=number), "toast")
    return redirect(url_for("knowledge_editor.edit", slug=slug, language=language))


@blueprint.get("/texts/<slug>/revisions/<language>/<int:number>/restoration")
@needs(Permission.KNOWLEDGE_WRITE)
def back_to_revisions(slug: str, language: str, number: int) -> Any:
    """Where a refused restoration leads: the list, with that revision compared."""
    return redirect(url_for("editorial.revisions", slug=slug, language=language, other=number))


def _restores(slug: str, language: str, number: int) -> str:
    return url_for("editorial.bring_up", slug=slug, language=language, number=number)
