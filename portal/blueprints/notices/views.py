from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.notices.forms import preferences_form
from portal.domain.errors import NotFound
from portal.domain.notices import Notified, Way, kinds_for, ways_for
from portal.domain.permissions import Permission
from portal.services.notices.bell import (
    MOST_COUNTED,
    list_notices,
    mark_all_read,
    mark_read,
    unread,
)
from portal.services.notices.choices import choose, unsubscribe, ways
from portal.services.notices.links import links_of
from portal.services.notices.readers import Reader
from portal.services.requests.labels import state_labels
from portal.web.addressed import known_by_link
from portal.web.closed import closed
from portal.web.context import frame_of
from portal.web.guards import db, needs, public, scope
from portal.web.listing import kept, paging
from portal.web.notice_words import KINDS, bell_label, icon_of, sentence, shown
from portal.web.pages import page_number
from portal.web.state import state

blueprint = Blueprint("notices", __name__, url_prefix="/notices", template_folder="templates")
_PARTS = 2


@blueprint.get("")
@needs(Permission.PORTAL_USE)
def index() -> str:
    only_unread = request.args.get("show") == "unread"
    found = list_notices(db(), page_number(request.args), only_unread=only_unread)
    asked = {"show": "unread" if only_unread else ""}
    me, labels = scope(), state_labels(db(), scope().locale)
    lines = [
        {
            "row": row,
            "icon": icon_of(row.kind),
            "words": sentence(row.kind, row.values, labels, me.time_zone),
        }
        for row in found.rows
    ]
    return render_template(
        "notices/index.html",
        frame=frame_of(me),
        zone=me.time_zone,
        lines=lines,
        unread=unread(db()),
        only_unread=only_unread,
        paging=paging(found, len(lines), lambda **new: url_for(".index", **kept(asked, new))),
    )


@blueprint.get("/unread")
@needs(Permission.PORTAL_USE)
def count() -> Response:
    """What the bell says: asked for after the page has come, which may be a kept one."""
    number = unread(db())
    told = jsonify(number=shown(number, MOST_COUNTED), label=bell_label(number, MOST_COUNTED))
    told.headers["Cache-Control"] = "no-store"
    return told


@blueprint.get("/<key>")
@needs(Permission.PORTAL_USE)
def show(key: str) -> AnyResponse:
    """On to what it is about. Whoever has opened it has read it: their own mark, and no other
    change, so that a link does.
    """
    with state().database.session(scope(), writes=True) as session:
        return redirect(mark_read(session, key), 303)


@blueprint.post("/read")
@needs(Permission.PORTAL_USE)
def read_all() -> AnyResponse:
    done = mark_all_read(db())
    flash(ngettext("%(num)s notice is read.", "%(num)s notices are read.", done), "toast")
    return redirect(url_for(".index"), 303)


@blueprint.get("/preferences")
@needs(Permission.PORTAL_USE)
def preferences() -> str:
    chosen = {kind.value: way.value for kind, way in ways(db()).items()}
    return _preferences(preferences_form(scope().role, data=chosen))


@blueprint.post("/preferences")
@needs(Permission.PORTAL_USE)
def prefer() -> Response | AnyResponse:
    form = preferences_form(scope().role)
    if not form.validate_on_submit():
        return make_response(_preferences(form), 422)
    choose(db(), {kind: Way(form[kind.value].data) for kind in kinds_for(scope().role)})
    flash(_("Saved."), "toast")
    return redirect(url_for(".preferences"), 303)


@blueprint.get("/unsubscribe/<token>")
@public
def leave(token: str) -> Response:
    """A page with a button: looking changes nothing."""
    what, reader = _claim(token)
    return _leaving(what, reader, done=False)


@blueprint.post("/unsubscribe/<token>")
@public
def left(token: str) -> Response:
    """One click of a mail program (RFC 8058), or of the page's button."""
    what, reader = _claim(token)
    with state().database.session(reader.scope, writes=True) as session:
        unsubscribe(session, what)
    return _leaving(what, reader, done=True)


def _claim(token: str) -> tuple[str, Reader]:
    """Raises NotFound where the link is not ours, or whom it was sent to has left."""
    found = links_of(state().settings).read("unsubscribe", token)
    if found is None or len(found) != _PARTS:
        raise NotFound
    reader = known_by_link(str(found[0]))
    if reader is None:
        raise NotFound
    return str(found[1]), reader


def _leaving(what: str, reader: Reader, *, done: bool) -> Response:
    known = Notified(what) if what in set(Notified) else None
    kind, bell = (KINDS[known], Way.BELL in ways_for(known)) if known else ("", True)
    page = render_template("notices/leave.html", kind=kind, bell=bell, reader=reader, done=done)
    return closed(make_response(page))


def _preferences(form: FlaskForm) -> str:
    return render_template("notices/preferences.html", frame=frame_of(scope()), form=form)


def _without_form_token(setup: BlueprintSetupState) -> None:
    """A mail program has no form's token; what the address carries is the proof."""
    setup.app.extensions["csrf"].exempt(left)


blueprint.record_once(_without_form_token)
