from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.blueprints.sign_in.forms import AcceptForm
from portal.domain.errors import DomainError, NotFound
from portal.domain.invitations import InvitationState
from portal.services.acceptances import OpenedInvitation, accept_invitation, open_invitation
from portal.services.rate_limits import take
from portal.web.clock import request_time
from portal.web.guards import public
from portal.web.sign_in import enter
from portal.web.sign_in_store import door_session
from portal.web.sign_in_words import PASSWORD_WORDS
from portal.web.state import state

blueprint = Blueprint("sign_in", __name__, template_folder="templates")


@blueprint.get("/invitations/<secret>")
@public
def invitation(secret: str) -> Response:
    opened = _open(secret)
    if _is_settled(opened):
        return _settled(opened)
    return _page(opened, AcceptForm(name=opened.name if opened else ""), 200)


@blueprint.post("/invitations/<secret>")
@public
def accept(secret: str) -> Response:
    take(state().database, "token-address", request.remote_addr or "", request_time())
    opened = _open(secret)
    if _is_settled(opened):
        return _settled(opened)
    form = AcceptForm()
    if not form.validate_on_submit():
        return _page(opened, form, 422)
    try:
        with door_session(writes=True) as session:
            user_id = accept_invitation(
                session, secret, name=form.name.data, password=form.password.data
            )
    except DomainError as failure:
        form.refuse(failure, PASSWORD_WORDS)
        return _page(opened, form, failure.status)
    enter(user_id, "invitation")
    return redirect("/")


def _open(secret: str) -> OpenedInvitation | None:
    """None for a link that nobody was sent, or that a newer one replaced."""
    try:
        with door_session() as session:
            return open_invitation(session, secret)
    except NotFound:
        return None


def _is_settled(opened: OpenedInvitation | None) -> bool:
    return opened is None or opened.taken or opened.state is not InvitationState.OPEN


def _settled(opened: OpenedInvitation | None) -> Response:
    status = 404 if opened is None else 410
    page = render_template("sign_in/invitation_settled.html", invitation=opened)
    return _kept_nowhere(make_response(page, status))


def _page(opened: OpenedInvitation | None, form: AcceptForm, status: int) -> Response:
    page = render_template("sign_in/invitation.html", invitation=opened, form=form)
    return _kept_nowhere(make_response(page, status))


def _kept_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
