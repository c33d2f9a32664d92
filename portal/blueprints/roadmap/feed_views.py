"""What is new for feed readers, by an address that stands for its owner."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.roadmap.feed_entries import atom, entries, read_news
from portal.blueprints.roadmap.views import blueprint
from portal.domain.errors import Conflict, NotFound
from portal.domain.permissions import Permission
from portal.locales import babel_locale
from portal.services.requests.feeds import (
    LONGEST_NAME,
    find_feed_reader,
    list_feeds,
    make_feed,
    note_use,
    revoke_feed,
)
from portal.services.requests.labels import state_labels
from portal.services.sign_in import accounts_in_reach, assigned_accounts
from portal.tenancy import Scope, system_scope
from portal.web.addresses import of_portal
from portal.web.clock import request_time
from portal.web.context import frame_of
from portal.web.guards import db, needs, public, scope
from portal.web.state import state


@blueprint.get("/roadmap/feed")
@needs(Permission.KNOWLEDGE_READ)
def feed_page() -> Response:
    return _page("")


@blueprint.post("/roadmap/feed")
@needs(Permission.KNOWLEDGE_READ)
def feed_make() -> AnyResponse:
    try:
        secret = make_feed(db(), request.form.get("name", ""))
    except Conflict:
        flash(_("Revoke one that you do not use any more first."), "watch")
        return redirect(url_for("roadmap.feed_page"))
    return _page(of_portal(url_for("roadmap.feed", token=secret)))


@blueprint.post("/roadmap/feed/<key>/revocation")
@needs(Permission.KNOWLEDGE_READ)
def feed_revoke(key: str) -> AnyResponse:
    revoke_feed(db(), key)
    flash(_("The address no longer answers."), "good")
    return redirect(url_for("roadmap.feed_page"))


@blueprint.get("/roadmap/feed/<token>.atom")
@public
def feed(token: str) -> Response:
    """What the owner of the address may read now; 404 once it is revoked or they are shut out."""
    with state().database.session(system_scope(request_time(), "feed")) as session:
        reader = find_feed_reader(session, token)
        if reader is None:
            raise NotFound
        reach = accounts_in_reach(reader, lambda one: assigned_accounts(session, one))
    if reader.unnoted:
        with state().database.session(system_scope(request_time(), "feed"), writes=True) as session:
            note_use(session, reader)
    own = Scope(
        user_id=reader.id,
        role=reader.role,
        accounts=reach,
        now=request_time(),
        locale=reader.locale,
        time_zone=reader.time_zone,
        origin=request.remote_addr or "",
        actor=reader.email,
    )
    with state().database.session(own) as session:
        news, labels = read_news(session), state_labels(session, reader.locale)
    with force_locale(str(babel_locale(reader.locale))):
        response = make_response(atom(entries(news, labels, reader), reader.locale))
    response.content_type = "application/atom+xml; charset=utf-8"
    response.headers["X-Robots-Tag"] = "noindex"
    return _private(response)


def _page(address: str) -> Response:
    made = render_template(
        "roadmap/feed.html",
        frame=frame_of(scope()),
        feeds=list_feeds(db()),
        longest=LONGEST_NAME,
        address=address,
        zone=scope().time_zone,
    )
    return _private(make_response(made))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
