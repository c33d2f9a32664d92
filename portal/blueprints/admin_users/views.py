from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.blueprints.admin_users.forms import RoleForm
from portal.blueprints.admin_users.listing import ROLES, ListLinks, filters_of
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission, Role
from portal.services.accounts import list_account_names
from portal.services.user_access import change_role, deactivate, reactivate, revoke_sessions
from portal.services.users import UserView, list_users, show_user
from portal.web.context import role_label
from portal.web.forms import choices
from portal.web.guards import db, needs
from portal.web.pages import page_number
from portal.web.refusals import turning_back
from portal.web.sign_in import confirm_first

blueprint = Blueprint(
    "admin_users", __name__, url_prefix="/admin/users", template_folder="templates"
)
REFUSALS = {
    "other-side": _l("A customer's person cannot join your team, nor the other way round."),
    "oneself": _l("This is you. Ask another administrator to change it."),
}


@blueprint.get("")
@needs(Permission.USER_ADMIN)
def index() -> str:
    filters = filters_of(request.args)
    return render_template(
        "admin_users/index.html",
        page=list_users(db(), filters, page_number(request.args)),
        filters=filters,
        link=ListLinks(filters),
        roles=ROLES,
        role_label=role_label,
        accounts=list_account_names(db()),
    )


@blueprint.get("/<key>")
@needs(Permission.USER_ADMIN)
def show(key: str) -> str:
    user = show_user(db(), key)
    return _page(user, _form(user))


@blueprint.post("/<key>/role")
@needs(Permission.USER_ADMIN)
def give_role(key: str) -> Response:
    asked = confirm_first(url_for("admin_users.show", key=key))
    if asked:
        return asked
    user = show_user(db(), key)
    form = _form(user)
    if form.validate_on_submit():
        with form.refusing(REFUSALS, Conflict, Invalid):
            change_role(db(), key, Role(form.role.data))
            flash(_("The role is changed. It counts from the next page on."), "good")
            return redirect(url_for("admin_users.show", key=key))
    return make_response(_page(user, form), form.answer)


@blueprint.post("/<key>/deactivation")
@needs(Permission.USER_ADMIN)
@turning_back("admin_users.show", Conflict)
def shut_out(key: str) -> Response:
    asked = confirm_first(url_for("admin_users.show", key=key))
    if asked:
        return asked
    deactivate(db(), key)
    flash(_("This person is shut out, and signed out everywhere."), "good")
    return redirect(url_for("admin_users.show", key=key))


@blueprint.post("/<key>/activation")
@needs(Permission.USER_ADMIN)
@turning_back("admin_users.show", Conflict)
def let_in(key: str) -> Response:
    asked = confirm_first(url_for("admin_users.show", key=key))
    if asked:
        return asked
    reactivate(db(), key)
    flash(_("This person can sign in again."), "good")
    return redirect(url_for("admin_users.show", key=key))


@blueprint.post("/<key>/sessions/revocation")
@needs(Permission.USER_ADMIN)
@turning_back("admin_users.show", Conflict)
def sign_out_everywhere(key: str) -> Response:
    ended = revoke_sessions(db(), key)
    said = ngettext("%(num)s browser is signed out.", "%(num)s browsers are signed out.", ended)
    flash(said, "good")
    return redirect(url_for("admin_users.show", key=key))


def _form(user: UserView) -> RoleForm:
    form = RoleForm(role=user.role.value)
    form.role.choices = choices(
        (role.value, role_label(role)) for role in ROLES if role.side == user.role.side
    )
    return form


def _page(user: UserView, form: RoleForm) -> str:
    return render_template("admin_users/show.html", user=user, form=form, role_label=role_label)
