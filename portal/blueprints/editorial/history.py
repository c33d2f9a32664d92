"""The revisions of a text in one language, what differs between two, and taking one up again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from portal.blueprints.editorial.room import blueprint
from portal.blueprints.editorial.words import ORIGINS
from portal.domain.errors import Conflict, NotFound
from portal.domain.permissions import Permission
from portal.locales import LOCALES, OWN_NAMES
from portal.services.knowledge_drafts import open_draft
from portal.services.knowledge_revisions import RevisionLine, compare, list_revisions, restore
from portal.web.formats import moment
from portal.web.guards import db, needs, scope
from portal.web.knowledge_words import FIELD_NAMES
from portal.web.listing import Link
from portal.web.refusals import turning_back


@blueprint.get("/texts/<slug>/revisions/<language>")
@needs(Permission.KNOWLEDGE_WRITE)
def revisions(slug: str, language: str) -> str:
    draft = open_draft(db(), slug, language)
    lines = list_revisions(db(), slug, language)
    one, other = _pair(lines)
    both = compare(db(), slug, language, one, other) if one and other else None
    return render_template(
        "editorial/revisions.html",
        draft=draft,
        lines=[_line(line) for line in lines],
        one=one,
        other=other,
        both=both,
        names=FIELD_NAMES,
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


def _pair(lines: list[RevisionLine]) -> tuple[int, int]:
    """The revisions to compare: those asked for, else the newest with the one before it."""
    numbers = [line.number for line in lines]
    other = _asked("other", numbers) or (numbers[0] if numbers else 0)
    one = _asked("one", numbers) or next((each for each in numbers if each < other), 0)
    return one, other


def _asked(name: str, numbers: list[int]) -> int:
    said = request.args.get(name, "")
    if not said:
        return 0
    if said not in map(str, numbers):
        raise NotFound
    return int(said)


def _line(line: RevisionLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "author": line.author,
        "at": moment(line.at, scope().time_zone or "UTC"),
        "origin": str(ORIGINS.get(line.origin, line.origin)),
        "note": line.note if line.origin != "restore" else "",
        "from": line.note if line.origin == "restore" else "",
        "title": line.title,
        "current": line.current,
    }
