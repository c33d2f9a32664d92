from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.knowledge_editor.forms import StartForm, TextForm, filled
from portal.blueprints.knowledge_editor.page import editor_facts, preview_facts
from portal.blueprints.knowledge_editor.words import FIELDS, WRONG
from portal.domain.errors import Conflict, DomainError, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.locales import LOCALES
from portal.services.knowledge_drafts import (
    Draft,
    EditConflict,
    open_draft,
    save_draft,
    start_item,
)
from portal.web.forms import choices
from portal.web.guards import db, needs
from portal.web.knowledge_words import TYPE_WORDS
from portal.web.locale import request_locale
from portal.web.prose import row_of
from portal.web.requests import takes
from portal.web.text_editor import (
    LARGEST_SENT,
    conflict_answer,
    is_autosave,
    save_sent,
    saved_words,
    standing_answer,
    wants,
)

blueprint = Blueprint("knowledge_editor", __name__, template_folder="templates")


@blueprint.get("/knowledge/new")
@needs(Permission.KNOWLEDGE_WRITE)
def start() -> str:
    asked = {name: request.args.get(name, "")[:300] for name in ("type", "title", "language")}
    asked["language"] = asked["language"] or request_locale()
    return _start_page(_start_form(data=asked))


@blueprint.post("/knowledge/new")
@needs(Permission.KNOWLEDGE_WRITE)
def create() -> AnyResponse | tuple[str, int]:
    form = _start_form()
    if form.validate_on_submit():
        kind, language = form.type.data, form.language.data
        fields = {"title": form.title.data}
        with form.refusing(WRONG, Invalid, Conflict):
            slug = start_item(db(), kind, (form.slug.data or "").strip(), language, fields)
            return redirect(url_for("knowledge_editor.edit", slug=slug, language=language))
    return _start_page(form), form.answer


@blueprint.get("/knowledge/<slug>/edit")
@needs(Permission.KNOWLEDGE_WRITE)
def choose(slug: str) -> AnyResponse:
    """In the language that the others are translated from."""
    draft = open_draft(db(), slug, LOCALES[0])
    return redirect(url_for("knowledge_editor.edit", slug=slug, language=draft.source_locale))


@blueprint.get("/knowledge/<slug>/edit/<language>")
@needs(Permission.KNOWLEDGE_WRITE)
def edit(slug: str, language: str) -> str:
    draft = open_draft(db(), slug, language)
    return _page(draft, filled(draft))


@blueprint.post("/knowledge/<slug>/edit/<language>")
@needs(Permission.KNOWLEDGE_WRITE)
@takes(LARGEST_SENT)
def save(slug: str, language: str) -> Any:
    form = TextForm()
    draft = open_draft(db(), slug, language)
    if wants("preview"):
        return _page(draft, form)
    # Making a picture anew takes a while: nothing is held meanwhile.
    db().rollback()
    fields = form.fields(draft)
    try:
        saved = save_sent(draft, fields, form, partial(save_draft, db(), slug, language))
    except EditConflict as conflict:
        mine, action = form.fields(conflict.theirs), request.path
        return conflict_answer(conflict, mine, form.body.data or "", action)
    except DomainError as failure:
        return _refused(draft, form, failure)
    if is_autosave():
        return jsonify(token=saved.token, said=saved_words(saved))
    flash(_("The text is saved."), "toast")
    return redirect(url_for("knowledge_editor.edit", slug=slug, language=language))


@blueprint.post("/knowledge/<slug>/edit/<language>/preview")
@needs(Permission.KNOWLEDGE_WRITE)
@takes(LARGEST_SENT)
def preview(slug: str, language: str) -> str:
    """What the page shows beside the text, of what is typed now."""
    draft, form = open_draft(db(), slug, language), TextForm()
    facts = preview_facts(db(), draft, form.fields(draft), form.body.data or "")
    return render_template("knowledge_editor/_preview.html", **facts)


@blueprint.get("/knowledge/<slug>/edit/<language>/standing")
@needs(Permission.KNOWLEDGE_WRITE)
def standing(slug: str, language: str) -> Any:
    """Whether somebody else has saved since: asked by the page while it is open."""
    return standing_answer(open_draft(db(), slug, language))


def _start_form(data: Mapping[str, str] | None = None) -> StartForm:
    form = StartForm(data=data)
    form.type.choices = choices((kind, words.one) for kind, words in TYPE_WORDS.items())
    return form


def _start_page(form: StartForm) -> str:
    return render_template("knowledge_editor/new.html", form=form)


def _page(draft: Draft, form: TextForm) -> str:
    return render_template("knowledge_editor/edit.html", **editor_facts(db(), draft, form))


def _refused(draft: Draft, form: TextForm, failure: DomainError) -> Any:
    if isinstance(failure, NotFound):
        raise failure
    if isinstance(failure, Invalid) and "image" not in failure.fields:
        form.refuse_fields(failure)
    else:
        form.refuse(failure, {"wrong-stage": _("The text is in review: take it back first.")})
    if is_autosave():
        named = [str(FIELDS.get(name, name)) for name in failure.fields]
        said = _("Not saved: %(fields)s", fields=row_of(named)) if named else form.form_errors[0]
        return jsonify(said=said), failure.status
    return _page(draft, form), failure.status
