"""Two that ask for the same become one, and are parted again."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sharing import blueprint
from portal.blueprints.sharing.views import REFUSALS
from portal.blueprints.sharing.working import candidate_line, merge_lines, request_url
from portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.services.requests.access import find_request
from portal.services.requests.candidates import others_than, request_named, shared_named
from portal.services.requests.labels import state_labels
from portal.services.requests.merging import join_family, merge_requests, merge_shared
from portal.services.requests.parting import undo_merge
from portal.services.requests.shared_page import merges_of_request
from portal.services.requests.showing import RequestView, show_request
from portal.web.guards import db, needs, scope
from portal.web.refusals import sentence
from portal.web.request_words import FIELD_LABELS
from portal.web.safe_next import own_address

KINDS_OF_REFUSAL = (Conflict, Invalid, NotFound)
LONGEST_ASKED = 100


@blueprint.get("/<key>/merge")
@needs(Permission.REQUEST_DESK)
def merging(key: str) -> str:
    """Find the other one; with `other` chosen both stand side by side."""
    own, view = find_request(db(), key), show_request(db(), key)
    asked = request.args.get("q", "")[:LONGEST_ASKED]
    other = _other(request.args.get("other", ""))
    labels = state_labels(db(), scope().locale)
    found = [] if other else others_than(db(), own, asked)
    return render_template(
        "sharing/merge.html",
        view=view,
        other=other,
        same_account=other is not None and other.account_key == view.account_key,
        asked=asked,
        found=[candidate_line(one, labels) for one in found],
        merges=merge_lines(merges_of_request(db(), own.id), scope().time_zone),
        back=request_url(key),
        field_labels=FIELD_LABELS,
    )


@blueprint.post("/<key>/merge")
@needs(Permission.REQUEST_DESK)
def merge(key: str) -> Response:
    """Of one account: merged. Of two: product makes a shared request of both."""
    find_request(db(), key)
    try:
        other = request_named(db(), request.form.get("into", ""))
        if other.account_id != find_request(db(), key).account_id:
            return _of_two_accounts(key, other.key)
        merged = merge_requests(db(), key, other.key)
    except KINDS_OF_REFUSAL as failure:
        return _told(key, failure)
    return _done(_("Merged."), merged, request_url(other.key) or _page_of(key))


@blueprint.post("/<key>/family")
@needs(Permission.REQUEST_TRIAGE)
def family(key: str) -> Response:
    find_request(db(), key)
    try:
        shared = shared_named(db(), request.form.get("shared", ""))
        linked = join_family(db(), key, shared)
    except KINDS_OF_REFUSAL as failure:
        return _told(key, failure)
    return _done(_("Linked."), linked, url_for("sharing.show", key=shared))


@blueprint.post("/shared/<key>/merge")
@needs(Permission.REQUEST_TRIAGE)
def merge_into(key: str) -> Response:
    try:
        into = shared_named(db(), request.form.get("into", ""))
        merged = merge_shared(db(), key, into)
    except KINDS_OF_REFUSAL as failure:
        db().rollback()
        flash(_said(failure), "watch")
        return redirect(url_for("sharing.show", key=key))
    return _done(_("Merged."), merged, url_for("sharing.show", key=into))


@blueprint.post("/merges/<key>/undo")
@needs(Permission.REQUEST_DESK)
def undo(key: str) -> Response:
    back = _back()
    try:
        undo_merge(db(), key)
    except Conflict as failure:
        db().rollback()
        flash(_said(failure), "watch")
        return redirect(back)
    flash(_("Taken apart again: everything stands as it did before."), "toast")
    return redirect(back)


def _back() -> str:
    """The page of ours that it was asked from, else where product looks at requests."""
    asked = own_address(request.form.get("next", ""))
    if asked:
        return asked
    triages = scope().allows(Permission.REQUEST_TRIAGE)
    return url_for("sharing.index" if triages else "home.home")


def _of_two_accounts(key: str, other: str) -> Response:
    if not scope().allows(Permission.REQUEST_TRIAGE):
        raise Forbidden
    flash(_("They are of two accounts: one shared request is made of both."), "info")
    return redirect(f"{url_for('sharing.new')}?from={key},{other}")


def _other(key: str) -> RequestView | None:
    return show_request(db(), request_named(db(), key).key) if key else None


def _page_of(key: str) -> str:
    return url_for("sharing.merging", key=key)


def _told(key: str, failure: Conflict | Invalid | NotFound) -> Response:
    db().rollback()
    flash(_said(failure), "watch")
    return redirect(_page_of(key))


def _said(failure: Conflict | Invalid | NotFound) -> str:
    return str(REFUSALS.get(failure.code) or sentence(failure))


def _done(words: str, merge_key: str, to: str) -> Response:
    flash(words, f"undo:{url_for('sharing.undo', key=merge_key)}")
    return redirect(to)
