"""The same done to many requests, with a way back."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.triage import blueprint
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import State
from portal.services.requests.bulk import Outcome, assign_all, merge_all, move_all, undo_all
from portal.web.formats import num
from portal.web.guards import db, needs
from portal.web.prose import joined, labelled
from portal.web.refusals import sentence
from portal.web.safe_next import own_address

MOST_TOLD, LONGEST_CODE = 10, 40


@blueprint.post("/bulk")
@needs(Permission.REQUEST_DESK)
def bulk() -> AnyResponse:
    keys = request.form.getlist("chosen")
    to = request.form.get("to", "")
    if not keys:
        flash(_("Tick the requests first."), "watch")
    elif request.form.get("do") == "assign":
        _tell(assign_all(db(), keys, request.form.get("assignee", "")))
    elif request.form.get("do") == "merge":
        _merge(keys, request.form.get("into", ""))
    elif to in set(State):
        _tell(move_all(db(), keys, State(to), request.form.get("reason", "")))
    else:
        flash(_("Choose where they go."), "watch")
    return redirect(_back())


@blueprint.post("/bulk/<key>/undo")
@needs(Permission.REQUEST_DESK)
def bulk_undo(key: str) -> AnyResponse:
    outcome = undo_all(db(), key)
    if outcome.done:
        said = ngettext(
            "%(count)s request is as it was.",
            "%(count)s requests are as they were.",
            outcome.done,
            count=num(outcome.done),
        )
        flash(joined(said, _heard(outcome)) if outcome.heard else said, "toast")
    _tell_left(outcome)
    return redirect(_back())


def _heard(outcome: Outcome) -> str:
    """What has left is said."""
    return ngettext(
        "%(count)s had been told of already: whoever follows it hears that it was taken back.",
        "%(count)s had been told of already: whoever follows them hears that they were taken back.",
        outcome.heard,
        count=num(outcome.heard),
    )


def _merge(keys: list[str], into: str) -> None:
    if not into.strip():
        flash(_("Give the code of the one that stands for them."), "watch")
        return
    try:
        _tell(merge_all(db(), keys, into[:LONGEST_CODE]))
    except NotFound:
        flash(_("There is no request of this code."), "watch")


def _tell(outcome: Outcome) -> None:
    if outcome.done:
        said = ngettext(
            "%(count)s request done.",
            "%(count)s requests done.",
            outcome.done,
            count=num(outcome.done),
        )
        undo = url_for("triage.bulk_undo", key=outcome.key, next=_back())
        flash(said, f"undo:{undo}")
    _tell_left(outcome)


def _tell_left(outcome: Outcome) -> None:
    if not outcome.left:
        return
    said = ngettext(
        "%(count)s was left as it is.",
        "%(count)s were left as they are.",
        len(outcome.left),
        count=num(len(outcome.left)),
    )
    lines = [labelled(one.code, sentence(one.failure)) for one in outcome.left[:MOST_TOLD]]
    flash(joined(said, *lines), "watch")


def _back() -> str:
    """Where the reader came from, if that is a page of ours."""
    said = request.form.get("next") or request.args.get("next", "")
    return own_address(said) or url_for("triage.index", layout="list")
