from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.blueprints.profile.forms import ProfileForm
from portal.domain.errors import Forbidden
from portal.domain.permissions import Permission, Role
from portal.services.alerts.mails import wants_daily_mail
from portal.services.sessions import list_sessions, revoke_other_sessions, revoke_own_session
from portal.services.step_mails import choose_step_mail, wants_step_mail
from portal.services.users import set_preferences
from portal.web.guards import db, needs, scope
from portal.web.locale import LOCALE_COOKIE
from portal.web.sign_in import Member, current_member

blueprint = Blueprint("profile", __name__, url_prefix="/me", template_folder="templates")


@blueprint.get("")
@needs(Permission.PORTAL_USE)
def show() -> str:
    me = _me()
    form = ProfileForm(
        name=me.name,
        locale=me.locale or "",
        time_zone=me.own_time_zone or "",
        theme=me.theme,
        letter_keys=me.letter_keys,
        daily_mail=wants_daily_mail(db()),
        step_mail=wants_step_mail(db()),
    )
    return _page(form, me)


@blueprint.post("")
@needs(Permission.PORTAL_USE)
def save() -> Response:
    form = ProfileForm()
    if not form.validate_on_submit():
        return make_response(_page(form, _me()), 422)
    locale, theme = form.locale.data, form.theme.data
    set_preferences(
        db(),
        name=form.name.data,
        locale=locale,
        time_zone=form.time_zone.data,
        theme=theme,
        letter_keys=form.letter_keys.data,
        daily_mail=form.daily_mail.data if scope().allows(Permission.ACCOUNT_DESK) else None,
    )
    if scope().role is Role.CHAMPION:
        choose_step_mail(db(), wanted=form.step_mail.data)
    flash(_("Saved."), "toast")
    # The browser keeps a choice of its own (?locale=, ?theme=): it follows the profile now.
    response = redirect(url_for("profile.show", locale=locale or None, theme=theme))
    if not locale:
        response.delete_cookie(LOCALE_COOKIE)
    return response


@blueprint.post("/sessions/<key>/revocation")
@needs(Permission.PORTAL_USE)
def revoke(key: str) -> Response:
    revoke_own_session(db(), key)
    flash(_("That browser is signed out."), "good")
    return redirect(url_for("profile.show"))


@blueprint.post("/sessions/revocation")
@needs(Permission.PORTAL_USE)
def revoke_others() -> Response:
    ended = revoke_other_sessions(db(), _me().session_key)
    said = ngettext(
        "%(num)s other browser is signed out.", "%(num)s other browsers are signed out.", ended
    )
    flash(said, "good")
    return redirect(url_for("profile.show"))


def _me() -> Member:
    member = current_member()
    if member is None:
        raise Forbidden
    return member


def _page(form: ProfileForm, me: Member) -> str:
    sessions = list_sessions(db(), me.id, me.session_key)
    return render_template("profile/show.html", form=form, sessions=sessions)
