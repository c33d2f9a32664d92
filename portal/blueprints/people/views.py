from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.blueprints.people.forms import InviteForm
from portal.domain.errors import Conflict, Invalid
from portal.domain.invitations import roles_to_invite
from portal.domain.permissions import Permission, Role
from portal.services.accounts import list_account_names
from portal.services.invitations import invite, list_invitations, resend, withdraw
from portal.services.rate_limits import take
from portal.services.users import UserFilters, list_users
from portal.web.clock import request_time
from portal.web.context import role_label
from portal.web.forms import choices
from portal.web.guards import db, needs, scope
from portal.web.locale import request_locale
from portal.web.pages import page_number
from portal.web.sign_in import current_member
from portal.web.sign_in_mails import public_link
from portal.web.state import state

blueprint = Blueprint("people", __name__, url_prefix="/people", template_folder="templates")
REFUSALS = {
    "signs-in-already": _l("This person can sign in already."),
    "invited-already": _l("This person is invited already. Send it again from the list below."),
    "account-missing": _l("A member, champion or executive belongs to an account: choose it."),
    "account-not-wanted": _l("People of your own team belong to no account: choose none."),
    "invitation-settled": _l("This invitation is settled already."),
}


@blueprint.get("")
@needs(Permission.PEOPLE_INVITE)
def index() -> str:
    return _page(_form())


@blueprint.post("/invitations")
@needs(Permission.PEOPLE_INVITE)
def send() -> Response:
    _limit()
    form = _form()
    if form.validate_on_submit():
        with form.refusing(REFUSALS, Conflict, Invalid):
            invite(
                db(),
                email=form.email.data,
                name=form.name.data or "",
                role=Role(form.role.data),
                account_key=_account_key(form),
                locale=form.locale.data,
                link=_link,
            )
            said = _("The invitation to %(address)s is on its way.", address=form.email.data)
            flash(said, "good")
            return redirect(url_for("people.index"))
    return make_response(_page(form), 422)


@blueprint.post("/invitations/<key>/mail")
@needs(Permission.PEOPLE_INVITE)
def send_again(key: str) -> Response:
    _limit()
    try:
        resend(db(), key, _link)
        flash(_("A new link is on its way. The one before works no more."), "good")
    except Conflict as failure:
        flash(str(REFUSALS[failure.code]), "watch")
    return redirect(url_for("people.index"))


@blueprint.post("/invitations/<key>/withdrawal")
@needs(Permission.PEOPLE_INVITE)
def take_back(key: str) -> Response:
    try:
        withdraw(db(), key)
        flash(_("The invitation is withdrawn. Its link works no more."), "good")
    except Conflict as failure:
        flash(str(REFUSALS[failure.code]), "watch")
    return redirect(url_for("people.index"))


def _limit() -> None:
    take(state().database, "invitation", str(scope().user_id), request_time())


def _link(secret: str, locale: str) -> str:
    return public_link("sign_in.invitation", secret=secret, locale=locale)


def _form() -> InviteForm:
    form = InviteForm(locale=request_locale())
    roles = roles_to_invite(scope().role)
    form.role.choices = choices((role.value, role_label(role)) for role in roles)
    accounts = list_account_names(db())
    if Role.ADMIN in roles:
        accounts = [("", _("None: our own team")), *accounts]
    form.account.choices = choices(accounts)
    if scope().role.side == "customer":
        del form.account
    return form


def _account_key(form: InviteForm) -> str | None:
    """A customer invites for their own account, whatever is sent."""
    member = current_member()
    if "account" in form:
        return form.account.data or None
    return member.account_key if member else None


def _page(form: InviteForm) -> str:
    return render_template(
        "people/index.html",
        form=form,
        people=list_users(db(), UserFilters(), page_number(request.args)),
        invitations=list_invitations(db()),
        role_label=role_label,
    )
