"""One request in hand: its page, and what is done on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.triage import blueprint
from portal.blueprints.triage.asking import queue_values, read_address
from portal.blueprints.triage.detail import Place, detail_page
from portal.blueprints.triage.forms import (
    AssignForm,
    GradeForm,
    MessageForm,
    MoveForm,
    NoteForm,
    RelayForm,
    SeenForm,
    SortForm,
    VoteForm,
)
from portal.blueprints.triage.happened import change_words
from portal.blueprints.triage.offering import Forms, offer
from portal.domain.errors import Conflict, DomainError, Invalid
from portal.domain.permissions import Permission
from portal.domain.requests import Answer, State
from portal.services.requests.acts import Sorting, assign, changes_since, sort_request
from portal.services.requests.confirming import relay_answer
from portal.services.requests.desk_page import show_desk
from portal.services.requests.files import files_of
from portal.services.requests.grading import clear_part, set_part
from portal.services.requests.labels import state_labels
from portal.services.requests.moving import move_request
from portal.services.requests.neighbours import neighbours
from portal.services.requests.replies import list_replies
from portal.services.requests.showing import RequestView, show_request
from portal.services.requests.talking import write_message, write_note
from portal.services.requests.voices import vote_for
from portal.tenancy import scope_of
from portal.web.clock import request_time
from portal.web.forms import PageForm, give_focus
from portal.web.guards import db, needs
from portal.web.locale import request_locale
from portal.web.request_files import scanner


@blueprint.get("/<key>")
@needs(Permission.REQUEST_DESK)
def show(key: str) -> str:
    return _page(key)


@blueprint.post("/<key>/message")
@needs(Permission.REQUEST_DESK)
def message(key: str) -> AnyResponse:
    form = MessageForm(prefix="message-")
    if "insert" in request.form:
        return _with_reply(key, form)
    return act(key, form, lambda: write_message(db(), key, form.body.data), _("Sent."))


@blueprint.post("/<key>/note")
@needs(Permission.REQUEST_DESK)
def note(key: str) -> AnyResponse:
    form = NoteForm(prefix="note-")
    return act(key, form, lambda: write_note(db(), key, form.body.data), _("Noted."))


@blueprint.post("/<key>/move")
@needs(Permission.REQUEST_DESK)
def move(key: str) -> AnyResponse:
    form = MoveForm(prefix="move-")
    form.to.data = request.form.get("to", "")

    def do() -> None:
        if form.to.data not in set(State):
            raise Invalid("Choose where it goes.", code="no-such-state")
        chosen = State(form.to.data)
        note_of = (form.release_note.data or "") if chosen is State.RELEASED else ""
        reason, version = form.reason.data or "", form.version.data
        move_request(db(), key, chosen, reason, version, release_note=note_of)

    return act(key, form, do, _("Moved. Those who follow it are told."))


@blueprint.post("/<key>/word")
@needs(Permission.REQUEST_DESK)
def relay(key: str) -> AnyResponse:
    """What somebody who cannot sign in says about the release."""
    form = RelayForm(prefix="relay-")

    def do() -> None:
        relay_answer(db(), key, Answer(form.word.data), form.reason.data or "")

    return act(key, form, do, _("Their word is kept, with your name beside it."))


@blueprint.post("/<key>/assign")
@needs(Permission.REQUEST_DESK)
def give(key: str) -> AnyResponse:
    form = AssignForm(prefix="assign-")

    def do() -> None:
        assign(db(), key, form.assignee.data or "", form.version.data)

    return act(key, form, do, _("Saved."))


@blueprint.post("/<key>/sorting")
@needs(Permission.REQUEST_TRIAGE)
def sort(key: str) -> AnyResponse:
    form = SortForm(prefix="sort-")

    def do() -> None:
        sorting = Sorting(
            form.kind.data, form.severity.data, form.effect.data, form.feature_key.data or ""
        )
        sort_request(db(), key, sorting, form.version.data)

    return act(key, form, do, _("Saved."))


@blueprint.post("/<key>/grade")
@needs(Permission.REQUEST_TRIAGE)
def grade(key: str) -> AnyResponse:
    form = GradeForm(prefix="grade-")

    def do() -> None:
        if "clear" in request.form:
            clear_part(db(), key, form.part.data)
        else:
            set_part(db(), key, form.part.data, int(form.value.data), form.reason.data or "")

    return act(key, form, do, _("Saved."))


@blueprint.post("/<key>/vote")
@needs(Permission.REQUEST_DESK)
def vote(key: str) -> AnyResponse:
    form = VoteForm(prefix="vote-")

    def do() -> None:
        if not form.user.data:
            raise Invalid("Choose for whom.", code="no-voter", fields={"user": "Choose for whom."})
        vote_for(db(), key, form.user.data, form.reason.data or "")

    return act(key, form, do, _("Their vote is kept, with your name beside it."))


def act(key: str, form: PageForm, do: Callable[[], object], said: str) -> AnyResponse:
    """Back to the page once it is done; else the page again, with what was typed and why not."""
    if form.validate_on_submit():
        try:
            with form.refusing(_refusals()):
                do()
                flash(said, "toast")
                asked = queue_values(read_address(request.args))
                return redirect(url_for("triage.show", key=key, **asked))
        except Conflict as conflict:
            db().rollback()
            return make_response(_page(key, form, conflict), conflict.status)
        db().rollback()
    return make_response(_page(key, form), form.answer)


def _page(key: str, form: PageForm | None = None, conflict: DomainError | None = None) -> str:
    view, desk = show_request(db(), key), show_desk(db(), key)
    labels, now = state_labels(db(), request_locale()), request_time()
    # Before the forms are offered again, by which what was sent counts as seen.
    changes = changes_since(db(), key, _seen(form, now)) if conflict is not None else []
    forms: Forms = offer(db(), view, desk, form, now)
    return render_template(
        "triage/show.html",
        page=detail_page(view, desk, labels, now, _place(view)),
        forms=forms,
        conflict=conflict,
        changes=change_words(changes, view.kind, labels),
        replies=list_replies(db()),
        files=files_of(db(), key, scanned=scanner().there),
    )


def _place(view: RequestView) -> Place:
    """A board shows one kind, so an address that names none means the request's own."""
    asked = read_address(request.args)
    if asked.board:
        asked = replace(asked, question=replace(asked.question, kind=view.kind.value))
    beside = neighbours(db(), asked.question, view.key)
    return Place(asked, beside, scope_of(db()).time_zone)


def _with_reply(key: str, form: MessageForm) -> AnyResponse:
    """The page again with a canned reply behind what is typed, for whoever has no scripts."""
    chosen = request.form.get("reply", "")
    reply = next((one for one in list_replies(db()) if one.key == chosen), None)
    if reply is None:
        form.form_errors.append(_("Choose a reply first."))
        return make_response(_page(key, form), form.answer)
    said = reply.said(show_desk(db(), key).asker_locale)
    form.body.data = "\n\n".join(one for one in ((form.body.data or "").rstrip(), said) if one)
    give_focus(form.body)
    return make_response(_page(key, form))


def _seen(form: PageForm | None, now: datetime) -> datetime:
    """When the page was read that the form stood on."""
    if isinstance(form, SeenForm):
        try:
            seen = datetime.fromisoformat(form.seen.data or "")
        except ValueError:
            return now
        return seen if seen.tzinfo is not None else now
    return now


def _refusals() -> dict[str, str]:
    return {
        "bad-message": _("Write something, in at most 8,000 characters."),
        "reason-missing": _("Say why: those who asked will read it."),
        "too-long": _("Keep it under 2,000 characters."),
        "no-such-state": _("Choose where it goes."),
        "no-such-assignee": _("Choose somebody who reaches this account’s requests."),
        "no-such-choice": _("Choose one of the list."),
        "no-such-note": _("Choose a release note of the list."),
        "bad-judgement": _("Answer each question; keep remarks under 500 characters."),
        "bad-grade": _("Choose 1 to 5, and say why it is set by hand."),
        "no-voter": _("Choose for whom."),
        "bad-address": _("Give the issue’s whole address, such as https://github.com/…/issues/12."),
    }
