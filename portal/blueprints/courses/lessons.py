"""Lessons of a course: begun, written with a preview, put in order, taken away."""

from functools import partial
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.blueprints.courses.forms import LessonForm, StartLessonForm, language
from portal.blueprints.courses.room import STEPS, blueprint
from portal.domain.errors import Conflict, DomainError, Invalid, NotFound
from portal.domain.knowledge_workflow import Stage
from portal.domain.permissions import Permission
from portal.locales import LOCALES, OWN_NAMES
from portal.services.knowledge_drafts import Draft, EditConflict
from portal.services.training.building import (
    keep_lesson,
    move_lesson,
    read_builder,
    remove_lesson,
)
from portal.services.training.lesson_drafts import (
    discard_lesson,
    open_lesson,
    save_lesson,
    start_lesson,
)
from portal.services.training.lesson_preview import preview_lesson
from portal.web.guards import db, needs
from portal.web.knowledge_words import FIELD_NAMES
from portal.web.lesson_files import LARGEST_LESSON, keep_sent_parts
from portal.web.locale import request_locale
from portal.web.prose import row_of
from portal.web.refusals import turning_back
from portal.web.requests import takes
from portal.web.text_editor import (
    conflict_answer,
    is_autosave,
    language_tab,
    other_writer,
    save_sent,
    saved_words,
    snippets,
    standing_answer,
    step_words,
    told_checks,
    wants,
)


@blueprint.get("/lessons/new")
@needs(Permission.KNOWLEDGE_WRITE)
def lesson_new(slug: str) -> str:
    source = read_builder(db(), slug).source
    return _start_page(slug, StartLessonForm(formdata=None, data={"language": source}))


@blueprint.post("/lessons")
@needs(Permission.KNOWLEDGE_WRITE)
def lesson_add(slug: str) -> Any:
    form = StartLessonForm()
    if form.validate_on_submit():
        locale = form.language.data
        with form.refusing({}, Invalid, Conflict):
            name = start_lesson(db(), slug, locale, form.title.data or "")
            return redirect(url_for("courses.lesson", slug=slug, lesson=name, language=locale))
    return _start_page(slug, form), form.answer


@blueprint.get("/lessons/<lesson>")
@needs(Permission.KNOWLEDGE_WRITE)
def lesson(slug: str, lesson: str) -> str:
    draft = _open(slug, lesson)
    shown = {**draft.fields, "minutes": draft.fields["minutes"] or None}
    form = LessonForm(formdata=None, data={**shown, "token": draft.token, "body": draft.body})
    return _page(slug, draft, form)


@blueprint.post("/lessons/<lesson>")
@needs(Permission.KNOWLEDGE_WRITE)
@takes(LARGEST_LESSON)
def lesson_save(slug: str, lesson: str) -> Any:
    form, draft = LessonForm(), _open(slug, lesson)
    # Looking at files and making a picture anew takes a while: nothing is held meanwhile.
    db().rollback()
    refusal = _refusal(form)
    if wants("preview"):
        return _page(slug, draft, form)
    if refusal is not None:
        return _refused(slug, draft, form, refusal)
    fields = form.fields()
    try:
        save = partial(save_lesson, db(), slug, lesson, draft.locale)
        saved = save_sent(draft, fields, form, save)
    except EditConflict as conflict:
        action = url_for("courses.lesson_save", slug=slug, lesson=lesson, language=draft.locale)
        return conflict_answer(conflict, fields, form.body.data or "", action)
    except DomainError as failure:
        return _refused(slug, draft, form, failure)
    if is_autosave():
        return jsonify(token=saved.token, said=saved_words(saved))
    flash(_("The lesson is saved."), "toast")
    return _to_lesson(slug, saved)


@blueprint.post("/lessons/<lesson>/preview")
@needs(Permission.KNOWLEDGE_WRITE)
@takes(LARGEST_LESSON)
def lesson_preview(slug: str, lesson: str) -> str:
    """What the page shows beside the text, of what is typed now."""
    form, draft = LessonForm(), _open(slug, lesson)
    return render_template("courses/_preview.html", **_preview(db(), slug, draft, form))


@blueprint.get("/lessons/<lesson>/standing")
@needs(Permission.KNOWLEDGE_WRITE)
def lesson_standing(slug: str, lesson: str) -> Any:
    """Whether somebody else has saved since: asked by the page while it is open."""
    return standing_answer(_open(slug, lesson))


@blueprint.post("/lessons/<lesson>/discard")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("courses.lesson", Conflict)
def lesson_discard(slug: str, lesson: str) -> Response:
    locale = _locale(slug)
    gone = discard_lesson(db(), slug, lesson, locale)
    flash(_("The draft is thrown away; a revision keeps it."), "toast")
    if gone:
        return redirect(url_for("courses.show", slug=slug))
    return redirect(url_for("courses.lesson", slug=slug, lesson=lesson, language=locale))


@blueprint.post("/lessons/<lesson>/<any('up', 'down'):way>")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("courses.show", Conflict)
def lesson_move(slug: str, lesson: str, way: str) -> Response:
    move_lesson(db(), slug, lesson, STEPS[way])
    return redirect(url_for("courses.show", slug=slug, _anchor=f"lesson-{lesson}"))


@blueprint.post("/lessons/<lesson>/removal")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("courses.show", Conflict)
def lesson_remove(slug: str, lesson: str) -> Response:
    if remove_lesson(db(), slug, lesson):
        flash(_("The lesson is gone."), "toast")
        return redirect(url_for("courses.show", slug=slug))
    flash(_("The lesson goes when the course is published."), "toast")
    return redirect(url_for("courses.show", slug=slug, _anchor=f"lesson-{lesson}"))


@blueprint.post("/lessons/<lesson>/keeping")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("courses.show", Conflict)
def lesson_keep(slug: str, lesson: str) -> Response:
    keep_lesson(db(), slug, lesson)
    flash(_("The lesson stays."), "toast")
    return redirect(url_for("courses.show", slug=slug, _anchor=f"lesson-{lesson}"))


def _locale(slug: str) -> str:
    """The language to write in: the one asked for, else the one others are translated from."""
    return language(request.args, "") or read_builder(db(), slug).source


def _open(slug: str, lesson: str) -> Draft:
    return open_lesson(db(), slug, lesson, _locale(slug))


def _to_lesson(slug: str, draft: Draft) -> Response:
    return redirect(url_for("courses.lesson", slug=slug, lesson=draft.slug, language=draft.locale))


def _start_page(slug: str, form: StartLessonForm) -> str:
    return render_template("courses/lesson_new.html", page=read_builder(db(), slug), form=form)


def _page(slug: str, draft: Draft, form: LessonForm) -> str:
    return render_template(
        "courses/lesson.html",
        course=read_builder(db(), slug),
        draft=draft,
        form=form,
        steps=step_words(draft),
        tabs=[language_tab(draft, code) for code in LOCALES],
        saved=saved_words(draft),
        other_writer=other_writer(db(), draft),
        snippets=snippets(),
        next_step=draft.state is not Stage.NONE,
        may={one.value for one in draft.may},
        own_names=OWN_NAMES,
        **_preview(db(), slug, draft, form),
    )


def _preview(session: Session, slug: str, draft: Draft, form: LessonForm) -> dict[str, Any]:
    said = {**draft.fields, **form.fields()}
    found = preview_lesson(session, slug, draft.slug, draft.locale, said, form.body.data or "")
    return {
        "line": {**found.fields, "number": found.number, "locale": draft.locale},
        "media": found.fields,
        "html": Markup(found.html),  # noqa: S704 # sanitised by domain/markdown_text.py
        "checks": told_checks(found.checks),
        "other": draft.locale != request_locale(),
    }


def _refusal(form: LessonForm) -> Invalid | None:
    """Of what was typed, or sent along; what was sent and is right is kept in any case."""
    good = form.validate()
    try:
        keep_sent_parts(form)
    except Invalid as refusal:
        return refusal
    return (
        None if good else Invalid("Not right.", fields={name: "" for name in form.errors if name})
    )


def _refused(slug: str, draft: Draft, form: LessonForm, failure: DomainError) -> Any:
    if isinstance(failure, NotFound):
        raise failure
    if isinstance(failure, Invalid) and "image" not in failure.fields:
        fresh = [name for name in failure.fields if name not in form.errors]
        left = dict.fromkeys(fresh, "")
        form.refuse_fields(Invalid(failure.message, code=failure.code, fields=left))
    else:
        form.refuse(failure, {"wrong-stage": _("The text is in review: take it back first.")})
    if is_autosave():
        named = [str(FIELD_NAMES.get(name, name)) for name in failure.fields]
        said = _("Not saved: %(fields)s", fields=row_of(named)) if named else form.form_errors[0]
        return jsonify(said=said), failure.status
    return _page(slug, draft, form), failure.status
