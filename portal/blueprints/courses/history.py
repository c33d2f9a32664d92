"""A lesson's revisions, and a translation of it beside its source."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from portal.blueprints.courses.forms import language
from portal.blueprints.courses.room import blueprint
from portal.domain.errors import Conflict, NotFound
from portal.domain.permissions import Permission
from portal.locales import LOCALES, OWN_NAMES
from portal.services.knowledge_drafts import Draft
from portal.services.training.building import read_builder
from portal.services.training.lesson_drafts import open_lesson
from portal.services.training.lesson_languages import lesson_side_by_side, mark_lesson_current
from portal.services.training.lesson_revisions import (
    compare_lessons,
    list_lesson_revisions,
    restore_lesson,
)
from portal.web.formats import moment
from portal.web.guards import db, needs, scope
from portal.web.knowledge_words import FIELD_NAMES
from portal.web.listing import Link
from portal.web.refusals import turning_back
from portal.web.text_history import LANGUAGE_STATES, revision_pair, revision_words


@blueprint.get("/lessons/<lesson>/revisions")
@needs(Permission.KNOWLEDGE_WRITE)
def lesson_revisions(slug: str, lesson: str) -> str:
    locale = language(request.args, "") or read_builder(db(), slug).source
    draft = open_lesson(db(), slug, lesson, locale)
    lines = list_lesson_revisions(db(), slug, lesson, locale)
    one, other = revision_pair(lines)
    both = compare_lessons(db(), slug, lesson, locale, one, other) if one and other else None
    return render_template(
        "editorial/revisions.html",
        draft=draft,
        lines=[
            revision_words(
                line,
                url_for(
                    "courses.lesson_restore",
                    slug=slug,
                    lesson=lesson,
                    language=locale,
                    number=line.number,
                ),
            )
            for line in lines
        ],
        one=one,
        other=other,
        both=both,
        names=FIELD_NAMES,
        trail=_trail(slug, draft),
        here=url_for("courses.lesson_revisions", slug=slug, lesson=lesson),
        asked=locale,
        versions=_tabs("courses.lesson_revisions", slug, draft),
    )


@blueprint.post("/lessons/<lesson>/revisions/<language>/<int:number>/restoration")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("courses.lesson_revisions", Conflict)
def lesson_restore(slug: str, lesson: str, language: str, number: int) -> Any:
    restore_lesson(db(), slug, lesson, language, number)
    flash(_("Revision %(number)s is a draft now.", number=number), "toast")
    return redirect(url_for("courses.lesson", slug=slug, lesson=lesson, language=language))


@blueprint.get("/lessons/<lesson>/languages/<language>")
@needs(Permission.KNOWLEDGE_WRITE)
def lesson_beside(slug: str, lesson: str, language: str) -> str:
    found = lesson_side_by_side(db(), slug, lesson, language)
    mark, words = LANGUAGE_STATES[found.state.state]
    others = [one for one in LOCALES if one != found.source.locale]
    return render_template(
        "editorial/beside.html",
        found=found,
        mark=mark,
        state=str(words),
        at=moment(found.state.at, scope().time_zone or "UTC") if found.state.at else "",
        names=FIELD_NAMES,
        own_names=OWN_NAMES,
        converts=False,
        trail=_trail(slug, found.source),
        agrees=url_for("courses.lesson_agree", slug=slug, lesson=lesson, language=language),
        edits=url_for("courses.lesson", slug=slug, lesson=lesson, language=language),
        versions=_tabs("courses.lesson_beside", slug, found.target, others),
    )


@blueprint.post("/lessons/<lesson>/languages/<language>/agreement")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("courses.lesson_beside", Conflict)
def lesson_agree(slug: str, lesson: str, language: str) -> Any:
    if language not in LOCALES:
        raise NotFound
    mark_lesson_current(db(), slug, lesson, language)
    flash(_("Marked as current."), "toast")
    return redirect(url_for("courses.lesson_beside", slug=slug, lesson=lesson, language=language))


def _trail(slug: str, draft: Draft) -> list[dict[str, str]]:
    course = read_builder(db(), slug)
    here = url_for("courses.lesson", slug=slug, lesson=draft.slug, language=draft.locale)
    return [
        {"label": _("Training"), "url": url_for("training.index")},
        {"label": course.title, "url": url_for("courses.show", slug=slug)},
        {"label": draft.fields["title"] or draft.slug, "url": here},
    ]


def _tabs(
    endpoint: str, slug: str, draft: Draft, codes: list[str] | tuple[str, ...] = LOCALES
) -> list[Link]:
    return [
        Link(
            OWN_NAMES[code],
            url_for(endpoint, slug=slug, lesson=draft.slug, language=code),
            code == draft.locale,
        )
        for code in codes
    ]
