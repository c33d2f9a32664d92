"""One text on its way: what it says, what may be done with it, and the doing."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.blueprints.editorial.forms import AskForm, OwnerForm, ReturnForm, ScheduleForm
from portal.blueprints.editorial.page import show_page
from portal.blueprints.editorial.room import blueprint
from portal.blueprints.editorial.words import REFUSALS, problems
from portal.domain.errors import Conflict, DomainError, Invalid, NotFound
from portal.domain.knowledge_workflow import Action
from portal.domain.permissions import Permission
from portal.locales import LOCALES
from portal.services.knowledge_drafts import discard_draft
from portal.services.knowledge_owner import give_text, may_give, owner_of
from portal.services.knowledge_people import reviewers, writers
from portal.services.knowledge_review import confirm_review, next_review, review_of
from portal.services.knowledge_workflow import (
    approve,
    archive,
    ask_for_review,
    bring_back,
    publish_now,
    schedule,
    send_back,
    take_back,
    unschedule,
)
from portal.web.formats import day_year
from portal.web.forms import choices
from portal.web.guards import db, needs, scope

Step = Callable[..., None]
SIMPLE: dict[str, tuple[Step, Any]] = {
    Action.APPROVE: (approve, _l("The text is published.")),
    Action.PUBLISH: (publish_now, _l("The text is published.")),
    Action.TAKE_BACK: (take_back, _l("The review is taken back: write on.")),
    Action.UNSCHEDULE: (unschedule, _l("It is no longer scheduled.")),
    Action.BRING_BACK: (bring_back, _l("The text is back.")),
}


LOOKED_AT = {Action.APPROVE, Action.PUBLISH}
"""Steps that hold for the text as the page showed it."""


@blueprint.get("/texts/<slug>")
@needs(Permission.KNOWLEDGE_WRITE)
def show(slug: str) -> str:
    return _page(slug)


@blueprint.post("/texts/<slug>/review")
@needs(Permission.KNOWLEDGE_WRITE)
def ask(slug: str) -> Any:
    form = _ask_form()
    if form.validate_on_submit():
        return _try(slug, form, lambda: ask_for_review(db(), slug, form.reviewer.data, _chosen()))
    return _page(slug, ask=form), form.answer


@blueprint.post("/texts/<slug>/return")
@needs(Permission.KNOWLEDGE_PUBLISH)
def give_back(slug: str) -> Any:
    form = ReturnForm()
    if form.validate_on_submit():
        return _try(slug, form, lambda: send_back(db(), slug, form.reason.data))
    return _page(slug, back=form), form.answer


@blueprint.post("/texts/<slug>/schedule")
@needs(Permission.KNOWLEDGE_PUBLISH)
def plan(slug: str) -> Any:
    form = ScheduleForm()
    if form.validate_on_submit():
        at = form.moment(scope().time_zone or "UTC")
        return _try(slug, form, lambda: schedule(db(), slug, at, _chosen()))
    return _page(slug, plan=form), form.answer


@blueprint.post("/texts/<slug>/owner")
@needs(Permission.KNOWLEDGE_WRITE)
def give(slug: str) -> Any:
    form = _owner_form(slug)
    if form.validate_on_submit():
        return _try(slug, form, lambda: give_text(db(), slug, form.owner.data or ""))
    return _page(slug, owning=form), form.answer


@blueprint.post("/texts/<slug>/steps/<step>")
@needs(Permission.KNOWLEDGE_WRITE)
def take(slug: str, step: str) -> Any:
    """A step that needs nothing said. The service knows who may take it."""
    if step not in SIMPLE:
        raise NotFound
    act, words = SIMPLE[step]
    seen = {"seen": request.args.get("seen", "")} if step in LOOKED_AT else {}
    try:
        act(db(), slug, **seen)
    except (Invalid, Conflict) as failure:
        return _refused(slug, failure)
    flash(str(words), "toast")
    return redirect(url_for("editorial.show", slug=slug))


@blueprint.post("/texts/<slug>/review-date")
@needs(Permission.KNOWLEDGE_WRITE)
def still_right(slug: str) -> Any:
    """Looked at, and nothing to change; `until` takes that back."""
    until = request.args.get("until", "")
    try:
        before = confirm_review(db(), slug, date.fromisoformat(until) if until else None)
    except ValueError:
        raise NotFound from None
    except (Invalid, Conflict) as failure:
        return _refused(slug, failure)
    if until:
        flash(_("It is back."), "toast")
    else:
        undo = url_for("editorial.still_right", slug=slug, until=before.isoformat())
        flash(_("Looked at. It is due again on %(day)s.", day=_next_review()), f"undo:{undo}")
    late = request.args.get("from") == "list"
    if late:
        return redirect(url_for("editorial.index", due="late"))
    return redirect(url_for("editorial.show", slug=slug))


def _next_review() -> str:
    return day_year(next_review(db()))


@blueprint.post("/texts/<slug>/archive")
@needs(Permission.KNOWLEDGE_WRITE)
def put_away(slug: str) -> Any:
    try:
        archive(db(), slug)
    except Conflict as failure:
        return _refused(slug, failure)
    undo = url_for("editorial.take", slug=slug, step=Action.BRING_BACK.value)
    flash(_("The text is archived."), f"undo:{undo}")
    return redirect(url_for("editorial.show", slug=slug))


@blueprint.post("/texts/<slug>/copies/<language>/discard")
@needs(Permission.KNOWLEDGE_WRITE)
def discard(slug: str, language: str) -> Any:
    try:
        discard_draft(db(), slug, language)
    except Conflict as failure:
        return _refused(slug, failure)
    flash(_("The draft is thrown away; a revision keeps it."), "toast")
    return redirect(url_for("editorial.show", slug=slug))


def _try(slug: str, form: Any, act: Callable[[], None]) -> Any:
    """What is refused stands beside its field, or above with what is missing."""
    try:
        act()
    except (Invalid, Conflict) as failure:
        if not set(failure.fields) & set(form.data):
            return _refused(slug, failure)
        db().rollback()
        form.refuse(failure, {failure.code: form_words(form)})
        return _page(slug, **{_NAMES[type(form)]: form}), failure.status
    flash(_("Done."), "toast")
    return redirect(url_for("editorial.show", slug=slug))


_NAMES = {AskForm: "ask", ReturnForm: "back", ScheduleForm: "plan", OwnerForm: "owning"}


def form_words(form: Any) -> str:
    return {
        AskForm: _("Choose somebody else who may publish."),
        OwnerForm: _("Choose somebody who writes texts."),
        ReturnForm: _("Say what is to be changed."),
        ScheduleForm: _("Choose a moment in the future, or publish it now."),
    }[type(form)]


def _refused(slug: str, failure: DomainError) -> Any:
    db().rollback()
    if "HX-Request" in request.headers:
        raise failure
    said = str(REFUSALS.get(failure.code, failure.message))
    return _page(slug, refusal=said, lacking=problems(failure.fields)), failure.status


def _ask_form() -> AskForm:
    form = AskForm()
    form.reviewer.choices = choices((one.key, one.name) for one in reviewers(db()))
    return form


def _owner_form(slug: str) -> OwnerForm:
    owner = owner_of(db(), slug)
    form = OwnerForm(data={"owner": owner.key if owner else ""})
    named = [(one.key, one.name) for one in writers(db())]
    if owner and owner.key not in dict(named):
        named.append((owner.key, owner.name))
    form.owner.choices = choices([("", _("Nobody")), *named])
    return form


def _chosen() -> Sequence[str] | None:
    """The languages that were ticked; None where none was offered."""
    ticked = [one for one in request.form.getlist("language") if one in LOCALES]
    return ticked or None


def _page(slug: str, **forms: Any) -> str:
    given = {"ask": _ask_form(), "back": ReturnForm(), "plan": ScheduleForm(), **forms}
    if may_give(db(), slug):
        given.setdefault("owning", _owner_form(slug))
    return render_template(
        "editorial/show.html",
        **show_page(db(), slug),
        **given,
        review=review_of(db(), slug),
    )
