"""What a customer's people do with a request: vote, follow, write, and say whether it works."""

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.requests import blueprint
from portal.blueprints.requests.forms import AnswerForm, MessageForm
from portal.blueprints.requests.views import page_of
from portal.domain.errors import Conflict, Forbidden, Invalid
from portal.domain.permissions import Permission
from portal.domain.requests import Answer, State
from portal.services.requests.access import find_request
from portal.services.requests.confirming import answer_request
from portal.services.requests.talking import write_message
from portal.services.requests.voices import follow as follow_request
from portal.services.requests.voices import take_vote_back
from portal.services.requests.voices import vote as vote_for_request
from portal.web.guards import customer_account_key, db, needs
from portal.web.refusals import turning_back
from portal.web.request_files import LARGEST_FORM, kept_keys, sent_files
from portal.web.requests import takes


@blueprint.post("/<key>/vote")
@needs(Permission.REQUEST_WRITE)
@turning_back("requests.show", Conflict)
def vote(key: str) -> Response:
    customer_account_key()
    vote_for_request(db(), key)
    flash(
        _("Your vote counts, and you are told of each step."),
        f"undo:{url_for('requests.unvote', key=key)}",
    )
    return _back(key)


@blueprint.post("/<key>/unvote")
@needs(Permission.REQUEST_WRITE)
@turning_back("requests.show", Conflict)
def unvote(key: str) -> Response:
    customer_account_key()
    take_vote_back(db(), key)
    flash(_("Your vote is taken back."), f"undo:{url_for('requests.vote', key=key)}")
    return _back(key)


@blueprint.post("/<key>/follow")
@needs(Permission.REQUEST_WRITE)
@turning_back("requests.show", Conflict)
def follow(key: str) -> Response:
    customer_account_key()
    follow_request(db(), key)
    flash(_("You are told of each step."), f"undo:{url_for('requests.unfollow', key=key)}")
    return _back(key)


@blueprint.post("/<key>/unfollow")
@needs(Permission.REQUEST_WRITE)
@turning_back("requests.show", Conflict)
def unfollow(key: str) -> Response:
    customer_account_key()
    follow_request(db(), key, active=False)
    said = _("You are no longer told of its steps.")
    flash(said, f"undo:{url_for('requests.follow', key=key)}")
    return _back(key)


@blueprint.post("/<key>/message")
@needs(Permission.REQUEST_WRITE)
@takes(LARGEST_FORM)
@turning_back("requests.show", Conflict)
def message(key: str) -> Response:
    customer_account_key()
    find_request(db(), key)
    form, files = MessageForm(), kept_keys()
    with form.refusing({}):
        # Before the form is held, which its message makes final.
        files = sent_files()
    if not form.form_errors and form.validate_on_submit():
        with form.refusing({"bad-message": _("Write something first.")}):
            write_message(db(), key, form.body.data or "", files=files)
            flash(_("Sent to those who follow."), "toast")
            return redirect(url_for("requests.show", key=key, _anchor="talk"))
    return make_response(page_of(key, form, AnswerForm(formdata=None), files), 422)


@blueprint.post("/<key>/answer")
@needs(Permission.REQUEST_WRITE)
@turning_back("requests.show", Conflict, Forbidden)
def answer(key: str) -> Response:
    """`answer`: works, not_yet with a reason, or not_tried."""
    customer_account_key()
    find_request(db(), key)
    form = AnswerForm()
    said = request.form.get("answer", "")
    if said not in set(Answer):
        raise Invalid("Say whether it works.")
    if form.validate_on_submit():
        with form.refusing({"reason-missing": _("Say what does not work yet: we build on it.")}):
            state = answer_request(db(), key, Answer(said), form.reason.data or "")
            flash(_thanks(Answer(said), state), "good")
            return _back(key)
    return make_response(page_of(key, MessageForm(formdata=None), form), 422)


def _thanks(answer: Answer, state: State) -> str:
    if answer is Answer.NOT_YET:
        return _("It is open again for your company. We read your reason and answer you here.")
    if answer is Answer.NOT_TRIED:
        return _("Noted. Tell us as soon as you have tried it.")
    if state is State.CONFIRMED:
        return _("The loop is closed: it works for you.")
    return _("Noted that it works for you. Whoever asked has the last word.")


def _back(key: str) -> Response:
    return redirect(url_for("requests.show", key=key))
