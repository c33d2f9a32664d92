"""Shared requests: their list, their texts, what customers see of them, and their way."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.blueprints.sharing import blueprint
from portal.blueprints.sharing.forms import (
    EditForm,
    MoveForm,
    NewForm,
    target_value,
    version_of,
)
from portal.blueprints.sharing.listing import list_page, read_question
from portal.blueprints.sharing.working import Forms, work_page
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.domain.requests import Kind
from portal.locales import LOCALES
from portal.services.requests.access import find_request
from portal.services.requests.choices import live_features
from portal.services.requests.labels import state_labels
from portal.services.requests.making_shared import share_requests
from portal.services.requests.release_notes import recent_release_notes
from portal.services.requests.shared_list import find_shared
from portal.services.requests.shared_page import SharedWork, work_on_shared
from portal.services.requests.sharing import (
    create_shared,
    edit_shared,
    move_shared,
    publish_shared,
)
from portal.services.requests.tracker import link_shared_tracker
from portal.web.forms import PageForm
from portal.web.guards import db, needs, scope
from portal.web.refusals import turning_back
from portal.web.request_words import state_words
from portal.web.trackers import TrackerForm

REFUSALS = {
    "incomplete": _l("Say in English what it is about, in at most 160 characters."),
    "bad-target": _l("Choose a month or a quarter, or neither."),
    "reason-missing": _l("Say why: those who asked will read it."),
    "no-such-note": _l("There is no such release note."),
    "changed-meanwhile": _l("Somebody has changed it meanwhile. Look again, then send once more."),
    "no-such-move": _l("From where it stands now it does not go there."),
    "in-family": _l("It belongs to a shared request already."),
    "other-kind": _l("They are of two kinds: change one first."),
    "same": _l("A request cannot be merged with itself."),
    "bad-address": _l("Give the issue’s whole address, such as https://github.com/…/issues/12."),
}


@blueprint.get("/shared")
@needs(Permission.REQUEST_TRIAGE)
def index() -> str:
    question = read_question(request.args)
    found = find_shared(db(), question)
    labels = state_labels(db(), scope().locale)
    return render_template("sharing/index.html", page=list_page(found, question, scope(), labels))


@blueprint.get("/shared/new")
@needs(Permission.REQUEST_TRIAGE)
def new() -> str:
    keys = [one for one in request.args.get("from", "").split(",") if one][:2]
    form = NewForm(formdata=None, origin=",".join(keys))
    if keys:
        origin = find_request(db(), keys[0])
        form.kind.data, form.feature.data = origin.kind, origin.feature_key
        form[f"title_{origin.locale if origin.locale in LOCALES else 'en'}"].data = origin.title
    return _new_page(form)


@blueprint.post("/shared/new")
@needs(Permission.REQUEST_TRIAGE)
def create() -> Response:
    form = NewForm()
    form.offer_features(live_features(db()))
    if form.validate_on_submit():
        with form.refusing(REFUSALS, Invalid, Conflict):
            key = _create(form)
            flash(_("Kept. Customers do not see it yet."), "good")
            return redirect(url_for("sharing.show", key=key))
    return make_response(_new_page(form), 422)


def _create(form: NewForm) -> str:
    feature = form.feature.data or ""
    if form.origins():
        return share_requests(db(), form.origins(), form.texts(), feature)
    return create_shared(db(), form.kind_chosen(), form.texts(), feature)


def _new_page(form: NewForm) -> str:
    form.offer_features(live_features(db()))
    origins = [find_request(db(), key) for key in form.origins()]
    return render_template("sharing/new.html", form=form, origins=origins)


@blueprint.get("/shared/<key>")
@needs(Permission.REQUEST_TRIAGE)
def show(key: str) -> Any:
    work = work_on_shared(db(), key)
    if work.key != key:
        # Another stands for it since they were merged.
        return redirect(url_for("sharing.show", key=work.key))
    return _page(work, _forms(work))


@blueprint.post("/shared/<key>")
@needs(Permission.REQUEST_TRIAGE)
def save(key: str) -> Response:
    work, form = work_on_shared(db(), key), EditForm()
    _offer(form, work)

    def act() -> None:
        edit_shared(db(), key, form.texts(), form.target_chosen(), version_of(form))
        flash(_("The texts are kept."), "toast")

    return _act(key, form, act, lambda: _forms(work, edit=form))


@blueprint.post("/shared/<key>/move")
@needs(Permission.REQUEST_TRIAGE)
def move(key: str) -> Response:
    work, form = work_on_shared(db(), key), MoveForm(prefix="move-")
    _offer_moves(form, work)

    def act() -> None:
        note = form.release_note.data or ""
        said = form.reason.data or ""
        along = move_shared(
            db(), key, form.state(), said, version=version_of(form), release_note=note
        )
        flash(
            ngettext(
                "Moved, and %(count)s request of its family with it.",
                "Moved, and %(count)s requests of its family with it.",
                along,
                count=along,
            ),
            "good",
        )

    return _act(key, form, act, lambda: _forms(work, move=form))


@blueprint.post("/shared/<key>/tracker")
@needs(Permission.REQUEST_TRIAGE)
def track(key: str) -> Response:
    work, form = work_on_shared(db(), key), TrackerForm(prefix="tracker-")

    def act() -> None:
        link_shared_tracker(db(), key, form.url.data or "", form.state.data or "")
        flash(_("Saved."), "toast")

    return _act(key, form, act, lambda: _forms(work, tracker=form))


@blueprint.post("/shared/<key>/publish")
@needs(Permission.REQUEST_TRIAGE)
@turning_back("sharing.show", Conflict)
def publish(key: str) -> Response:
    publish_shared(db(), key)
    flash(_("All customers read it now."), f"undo:{url_for('sharing.hide', key=key)}")
    return redirect(url_for("sharing.show", key=key))


@blueprint.post("/shared/<key>/hide")
@needs(Permission.REQUEST_TRIAGE)
@turning_back("sharing.show", Conflict)
def hide(key: str) -> Response:
    publish_shared(db(), key, published=False)
    undo = url_for("sharing.publish", key=key)
    flash(_("Customers no longer see it. Whose request belongs to it keeps that."), f"undo:{undo}")
    return redirect(url_for("sharing.show", key=key))


def _act(key: str, form: PageForm, act: Callable[[], None], forms: Callable[[], Forms]) -> Response:
    """Does it and comes back, or shows the page again with what was refused."""
    if form.validate_on_submit():
        with form.refusing(REFUSALS, Invalid, Conflict):
            act()
            return redirect(url_for("sharing.show", key=key))
        db().rollback()
    else:
        form.answer = Invalid.status
    return make_response(_page(work_on_shared(db(), key), forms()), form.answer)


def _page(work: SharedWork, forms: Forms) -> str:
    labels = state_labels(db(), scope().locale)
    return render_template("sharing/show.html", **work_page(db(), scope(), work, forms, labels))


def _forms(work: SharedWork, **sent: Any) -> Forms:
    """Those of the page, but for the one that was sent."""
    return Forms(
        sent.get("edit") or _edit_form(work),
        sent.get("move") or _move_form(work),
        sent.get("tracker") or _tracker_form(work),
    )


def _tracker_form(work: SharedWork) -> TrackerForm:
    form = TrackerForm(formdata=None, prefix="tracker-")
    if work.tracker is not None:
        form.url.data, form.state.data = work.tracker.url, work.tracker.state
    return form


def _edit_form(work: SharedWork) -> EditForm:
    form = EditForm(formdata=None, version=work.version, feature=work.feature_key)
    _offer(form, work)
    form.target.data = target_value(work.target)
    for code, text in work.texts.items():
        form[f"title_{code}"].data, form[f"body_{code}"].data = text.title, text.body
    return form


def _offer(form: EditForm, work: SharedWork) -> None:
    features = live_features(db())
    if work.feature_key and work.feature_key not in dict(features):
        features.append((work.feature_key, work.feature_key))
    form.offer_features(features)
    form.offer_targets(scope().now.date(), work.target)


def _move_form(work: SharedWork) -> MoveForm:
    form = MoveForm(formdata=None, prefix="move-", version=work.version)
    _offer_moves(form, work)
    form.release_note.data = work.release_note
    return form


def _offer_moves(form: MoveForm, work: SharedWork) -> None:
    labels = state_labels(db(), scope().locale)
    kind = Kind(work.kind)
    form.to.choices = [(one.to.value, state_words(kind, one.to, labels)) for one in work.moves]
    form.release_note.choices = [("", _("None")), *recent_release_notes(db())]
