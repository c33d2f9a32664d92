from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.live_sessions.forms import (
    LEVELS,
    CodeForm,
    HandOutForm,
    NeedsForm,
    SessionForm,
)
from portal.blueprints.live_sessions.searching import session_words
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.services.accounts import list_account_names
from portal.services.training.account_learners import learners_of
from portal.services.training.session_guests import invite_guests, not_invited, remove_guest
from portal.services.training.session_search import coming_sessions
from portal.services.training.session_views import SessionPage, list_sessions, read_session
from portal.services.training.sessions import (
    attend,
    cancel_session,
    change_session,
    hand_out,
    mark_attendance,
    plan_session,
    say_needs,
    session_account,
    session_file,
)
from portal.web.context import frame_of
from portal.web.guards import db, needs, scope
from portal.web.refusals import turn_back, turning_back
from portal.web.state import state

MOST_COMING = 4
blueprint = Blueprint(
    "live_sessions", __name__, url_prefix="/sessions", template_folder="templates"
)


@blueprint.get("")
@needs(Permission.PORTAL_USE)
def index() -> str:
    desk = scope().allows(Permission.ACCOUNT_DESK)
    return render_template(
        "live_sessions/index.html",
        frame=frame_of(scope()),
        lines=list_sessions(db()),
        accounts=list_account_names(db()) if desk else [],
    )


@blueprint.get("/coming")
@needs(Permission.PORTAL_USE)
def coming() -> str:
    """A part of the knowledge hub's first page, which is kept by its texts alone."""
    reader = scope()
    desk = reader.role.side == "vendor"
    lines = [
        (one, session_words(one, reader.time_zone, desk=desk))
        for one in coming_sessions(db(), MOST_COMING)
    ]
    return render_template("live_sessions/_coming.html", lines=lines)


@blueprint.get("/new/<account_key>")
@needs(Permission.ACCOUNT_DESK)
def new(account_key: str) -> str:
    return _form_page(SessionForm(formdata=None, data={"minutes": 60}), account_key)


@blueprint.post("/new/<account_key>")
@needs(Permission.ACCOUNT_DESK)
def plan(account_key: str) -> AnyResponse:
    account = session_account(db(), account_key)
    form = SessionForm()
    form.offer(learners_of(db(), account.id))
    if form.validate_on_submit():
        with form.refusing(_refusals()):
            people = form.people.data or []
            key = plan_session(db(), account_key, form.text(account.time_zone), people, _link)
            flash(_("The session is planned, and its guests are invited."), "good")
            return redirect(url_for("live_sessions.show", key=key))
    return make_response(_form_page(form, account_key), 422)


@blueprint.get("/<key>")
@needs(Permission.PORTAL_USE)
def show(key: str) -> str:
    return _page(read_session(db(), key))


@blueprint.get("/<key>/calendar.ics")
@needs(Permission.PORTAL_USE)
def calendar(key: str) -> Response:
    host = urlsplit(str(state().settings.public_url)).netloc
    text = session_file(db(), key, _link, host)
    response = Response(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="session.ics"'
    return response


@blueprint.get("/<key>/edit")
@needs(Permission.ACCOUNT_DESK)
def edit(key: str) -> str:
    page = read_session(db(), key)
    form = SessionForm(formdata=None, obj=page.line, note=page.note, link=page.link)
    local = page.line.starts_at.astimezone(ZoneInfo(page.line.time_zone))
    form.starts_at.data = local.replace(tzinfo=None)
    return _form_page(form, page.line.account_key, page)


@blueprint.post("/<key>/edit")
@needs(Permission.ACCOUNT_DESK)
@turning_back("live_sessions.show", Conflict)
def change(key: str) -> AnyResponse:
    page, form = read_session(db(), key), SessionForm()
    form.offer([])
    if form.validate_on_submit():
        with form.refusing(_refusals()):
            change_session(db(), key, form.text(page.line.time_zone), _link)
            flash(_("Saved. The guests are told, and so are their calendars."), "good")
            return redirect(url_for("live_sessions.show", key=key))
    return make_response(_form_page(form, page.line.account_key, page), 422)


@blueprint.post("/<key>/cancellation")
@needs(Permission.ACCOUNT_DESK)
@turning_back("live_sessions.show", Conflict)
def cancel(key: str) -> AnyResponse:
    cancel_session(db(), key, _link)
    flash(_("The session is cancelled. The guests are told, and so are their calendars."), "good")
    return redirect(url_for("live_sessions.show", key=key))


@blueprint.post("/<key>/materials")
@needs(Permission.ACCOUNT_DESK)
@turning_back("live_sessions.show", Conflict)
def materials(key: str) -> AnyResponse:
    page, form = read_session(db(), key), HandOutForm()
    if form.validate_on_submit():
        hand_out(db(), key, form.recording.data or "", form.materials.data or "", _link)
        flash(_("Saved."), "toast")
        return redirect(url_for("live_sessions.show", key=key))
    return make_response(_page(page, handing=form), 422)


@blueprint.post("/<key>/guests")
@needs(Permission.ACCOUNT_DESK)
@turning_back("live_sessions.show", Conflict, Invalid)
def invite(key: str) -> AnyResponse:
    count = invite_guests(db(), key, request.form.getlist("people"), _link)
    flash(ngettext("%(num)s guest is invited.", "%(num)s guests are invited.", count), "good")
    return redirect(url_for("live_sessions.show", key=key, _anchor="guests"))


@blueprint.post("/<key>/guests/<user>/removal")
@needs(Permission.ACCOUNT_DESK)
def remove(key: str, user: str) -> AnyResponse:
    try:
        remove_guest(db(), key, user, _link)
    except Conflict as failure:
        return turn_back(failure, url_for("live_sessions.show", key=key))
    flash(_("The guest is told, and so is their calendar."), "toast")
    return redirect(url_for("live_sessions.show", key=key, _anchor="guests"))


@blueprint.post("/<key>/guests/<user>/attendance")
@needs(Permission.ACCOUNT_DESK)
def mark(key: str, user: str) -> AnyResponse:
    mark_attendance(db(), key, user, came=request.form.get("came") == "1")
    return redirect(url_for("live_sessions.show", key=key, _anchor="guests"))


@blueprint.post("/<key>/needs")
@needs(Permission.TRAINING_TAKE)
@turning_back("live_sessions.show", Conflict)
def tell_needs(key: str) -> AnyResponse:
    page, form = read_session(db(), key), NeedsForm()
    if form.validate_on_submit():
        say_needs(db(), key, form.level.data or "", (form.needs.data or "").strip())
        flash(_("Thank you. The trainer reads it before the session."), "good")
        return redirect(url_for("live_sessions.show", key=key))
    return make_response(_page(page, telling=form), 422)


@blueprint.post("/<key>/attendance")
@needs(Permission.TRAINING_TAKE)
@turning_back("live_sessions.show", Conflict)
def attendance(key: str) -> AnyResponse:
    page, form = read_session(db(), key), CodeForm()
    with form.refusing({"wrong-code": _("This is not the code that is shown in the room.")}):
        attend(db(), key, form.code.data or "")
        flash(_("You are signed in. Welcome."), "good")
        return redirect(url_for("live_sessions.show", key=key))
    return make_response(_page(page, signing=form), 422)


def _link(path: str) -> str:
    return str(state().settings.public_url).rstrip("/") + path


def _refusals() -> dict[str, str]:
    return {
        "no-guests": _("Invite somebody."),
        "bad-start": _("Choose a moment that is still to come."),
    }


def _page(
    page: SessionPage,
    telling: NeedsForm | None = None,
    signing: CodeForm | None = None,
    handing: HandOutForm | None = None,
) -> str:
    mine = page.mine
    told = {"level": mine.level, "needs": mine.needs} if mine else {}
    given = {"recording": page.recording, "materials": page.materials}
    return render_template(
        "live_sessions/show.html",
        frame=frame_of(scope()),
        page=page,
        more_guests=[(one.key, one.name) for one in not_invited(db(), page.line.key)]
        if mine is None and not page.over
        else [],
        levels={key: str(words) for key, words in LEVELS.items()},
        telling=telling or NeedsForm(formdata=None, data=told),
        signing=signing or CodeForm(formdata=None),
        handing=handing or HandOutForm(formdata=None, data=given),
    )


def _form_page(form: SessionForm, account_key: str, page: SessionPage | None = None) -> str:
    account = session_account(db(), account_key)
    people = learners_of(db(), account.id)
    form.offer(people)
    return render_template(
        "live_sessions/edit.html",
        form=form,
        account=account,
        page=page,
        people=[(one.key, one.name) for one in people],
    )
