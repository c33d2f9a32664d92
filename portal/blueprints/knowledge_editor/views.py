from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.knowledge_editor.forms import StartForm, TextForm, filled, wants
from portal.blueprints.knowledge_editor.page import editor_facts, preview_facts, saved_words
from portal.blueprints.knowledge_editor.words import FIELDS, WRONG
from portal.domain.errors import Conflict, DomainError, Invalid, NotFound
from portal.domain.knowledge_files import file_address
from portal.domain.permissions import Permission
from portal.domain.text_merge import merged
from portal.locales import LOCALES
from portal.services.images import LARGEST_BYTES, make_anew
from portal.services.knowledge_drafts import (
    Draft,
    DraftInput,
    EditConflict,
    open_draft,
    save_draft,
    start_item,
)
from portal.services.knowledge_files import store_picture
from portal.services.knowledge_revisions import difference
from portal.web.files import file_store
from portal.web.forms import choices
from portal.web.guards import db, needs
from portal.web.knowledge_words import TYPE_WORDS
from portal.web.locale import request_locale
from portal.web.requests import takes

blueprint = Blueprint("knowledge_editor", __name__, template_folder="templates")
LARGEST_SENT = LARGEST_BYTES + 1024 * 1024
# What the form sends beside the text itself.
OF_THE_FORM = frozenset({"csrf_token", "token", "body", "ours", "step", "words"})


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
    try:
        saved = _save(draft, form, _picture(form))
    except EditConflict as conflict:
        return _conflict(form, conflict)
    except DomainError as failure:
        return _refused(draft, form, failure)
    if "X-Autosave" in request.headers:
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
def standing(slug: str, language: str) -> Response:
    """Whether somebody else has saved since: asked by the page while it is open."""
    draft = open_draft(db(), slug, language)
    said = _("%(name)s has saved this text meanwhile.", name=draft.editor or _("Somebody else"))
    response = jsonify(token=draft.token, said=said)
    response.headers["Cache-Control"] = "no-store"
    return response


def _start_form(data: Mapping[str, str] | None = None) -> StartForm:
    form = StartForm(data=data)
    form.type.choices = choices((kind, words.one) for kind, words in TYPE_WORDS.items())
    return form


def _start_page(form: StartForm) -> str:
    return render_template("knowledge_editor/new.html", form=form)


def _page(draft: Draft, form: TextForm) -> str:
    return render_template("knowledge_editor/edit.html", **editor_facts(db(), draft, form))


def _picture(form: TextForm) -> str:
    """Without script a picture comes with the form: what is to stand at the text's end."""
    sent = form.picture.data
    if not sent:
        return ""
    key = store_picture(db(), file_store(), make_anew(sent.stream.read(LARGEST_BYTES + 1)))
    return f"\n\n![{(form.words.data or '').strip()}]({file_address(key)})\n"


def _save(draft: Draft, form: TextForm, picture: str) -> Draft:
    automatic = "X-Autosave" in request.headers
    ours = (request.form.get("ours") if wants("ours") else form.body.data) or ""
    given = DraftInput(form.fields(draft), ours + picture, autosave=automatic)
    if not wants("theirs"):
        return save_draft(db(), draft.slug, draft.locale, given, form.token.data or "")
    # Taken back by whoever wrote it: it stays as a revision, and what stood there stands again.
    mine = DraftInput(form.fields(draft), request.form.get("ours") or "")
    kept = save_draft(db(), draft.slug, draft.locale, mine, form.token.data or "")
    again = DraftInput(draft.fields, draft.body)
    return save_draft(db(), draft.slug, draft.locale, again, kept.token)


def _conflict(form: TextForm, conflict: EditConflict) -> Any:
    theirs = conflict.theirs
    if "X-Autosave" in request.headers:
        said = _("%(name)s has saved this text meanwhile.", name=conflict.by or _("Somebody else"))
        return jsonify(said=said), Conflict.status
    ours, fields = form.body.data or "", form.fields(theirs)
    both = difference(theirs.fields, theirs.body, {**theirs.fields, **fields}, ours)
    typed = [one for one in request.form.items(multi=True) if one[0] not in OF_THE_FORM]
    page = render_template(
        "knowledge_editor/conflict.html",
        draft=theirs,
        by=conflict.by or _("Somebody else"),
        both=both,
        names=FIELDS,
        typed=typed,
        ours=ours,
        merged=merged(theirs.body, ours),
    )
    return page, Conflict.status


def _refused(draft: Draft, form: TextForm, failure: DomainError) -> Any:
    if isinstance(failure, NotFound):
        raise failure
    if isinstance(failure, Invalid) and "image" not in failure.fields:
        form.refuse_fields(failure)
    else:
        form.refuse(failure, {"wrong-stage": _("The text is in review: take it back first.")})
    if "X-Autosave" in request.headers:
        named = [str(FIELDS.get(name, name)) for name in failure.fields]
        said = _("Not saved: %(fields)s", fields=", ".join(named)) if named else form.form_errors[0]
        return jsonify(said=said), failure.status
    return _page(draft, form), failure.status
