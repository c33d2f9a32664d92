"""Signing in: Flask-Security over our tables, one server-side session behind each cookie.

The cookie is Flask's signed session. It carries a random secret of which the table keeps the
SHA-256; each request looks it up together with the user, in one statement.
"""

from datetime import timedelta
from typing import Any

import structlog
from flask import Flask, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import current_user, user_logged_out
from flask_security import Security, login_user, user_authenticated
from flask_security.utils import check_and_update_authn_fresh
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from portal.config import Settings
from portal.db import Database
from portal.domain.permissions import Permission
from portal.locales import CATALOGUES
from portal.services import passwords
from portal.services.sessions import SEEN_EVERY, touch
from portal.services.sign_in import (
    Member,
    find_credentials,
    find_signed_in,
    sign_in,
    sign_out,
)
from portal.web.clock import request_time
from portal.web.forms import focus_first_error
from portal.web.sign_in_forms import (
    ChangeForm,
    ConfirmForm,
    ForgottenForm,
    ResetForm,
    SignInForm,
)
from portal.web.sign_in_mails import SignInMails
from portal.web.sign_in_store import Datastore, PasswordRules, PortalUser, door_session
from portal.web.sign_in_words import MESSAGES
from portal.web.state import state

__all__ = [
    "ENDPOINTS",
    "Member",
    "confirm_first",
    "current_member",
    "enter",
    "init_sign_in",
    "is_fresh",
]

log = structlog.get_logger(__name__)
FRESH_FOR = timedelta(minutes=30)
RESET_WITHIN = timedelta(hours=1)
# Flask-Security's endpoints, and who may ask for them.
ENDPOINTS: dict[str, Permission | str] = {
    "security.login": "public",
    "security.logout": "public",
    "security.forgot_password": "public",
    "security.reset_password": "public",
    "security.change_password": Permission.PORTAL_USE,
    "security.verify": Permission.PORTAL_USE,
}
_CSRF = "csrf_token"


def init_sign_in(app: Flask, database: Database, settings: Settings) -> None:
    """Registers the pages and the loader of the reader. `database` is the one in `state()`."""
    del database
    app.config.update(_settings(settings))
    security = Security(
        app,
        Datastore(),
        login_form=SignInForm,
        verify_form=ConfirmForm,
        forgot_password_form=ForgottenForm,
        reset_password_form=ResetForm,
        change_password_form=ChangeForm,
        mail_util_cls=SignInMails,
        password_util_cls=PasswordRules,
        render_template=_render,  # type: ignore[arg-type] # it goes out as the view's answer
    )
    security.want_json(lambda _request: False)
    _narrow(app, security)
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)
    for endpoint, guard in ENDPOINTS.items():
        view: Any = app.view_functions[endpoint]
        view.__guard__ = guard  # what @needs and @public set


def _settings(settings: Settings) -> dict[str, Any]:
    made: dict[str, Any] = {
        **_HASHING,
        **_OFFERED,
        **_ADDRESSES,
        **_TEMPLATES,
        **_MAILS,
        "EMAIL_SENDER": settings.sender,
        "WAN_RP_NAME": settings.public_host,
        **{f"MSG_{name}": message for name, message in MESSAGES.items()},
    }
    more = {"SESSION_REFRESH_EACH_REQUEST": False, "WTF_CSRF_CHECK_DEFAULT": True}
    return {f"SECURITY_{name}": value for name, value in made.items()} | more


_HASHING = {
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID",
        "argon2__rounds": passwords.TIME_COST,
        "argon2__memory_cost": passwords.MEMORY_KIBIBYTES,
        "argon2__parallelism": passwords.PARALLELISM,
    },
    "HASHING_SCHEMES": ["hex_sha256"],
}
_OFFERED = {
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "RETURN_GENERIC_RESPONSES": True,
    "API_ENABLED_METHODS": ["session"],
    "RESET_PASSWORD_WITHIN": RESET_WITHIN,
    "FRESHNESS": FRESH_FOR,
    "FRESHNESS_GRACE_PERIOD": timedelta(0),
    "I18N_DOMAIN": "messages",
    "I18N_DIRNAME": [str(CATALOGUES)],
    "STATIC_FOLDER": None,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
}
_ADDRESSES = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "RESET_URL": "/password-reset",
    "CHANGE_URL": "/me/password",
    "VERIFY_URL": "/me/confirmation",
    "POST_LOGOUT_VIEW": "security.login",
    "POST_CHANGE_VIEW": "/me",
}
_TEMPLATES = {
    "LOGIN_USER_TEMPLATE": "sign_in/sign_in.html",
    "FORGOT_PASSWORD_TEMPLATE": "sign_in/forgotten.html",
    "RESET_PASSWORD_TEMPLATE": "sign_in/reset.html",
    "CHANGE_PASSWORD_TEMPLATE": "sign_in/change.html",
    "VERIFY_TEMPLATE": "sign_in/confirm.html",
}
_MAILS = {
    "EMAIL_PLAINTEXT": False,
    "EMAIL_HTML": False,
    "EMAIL_TEMPLATE_PASSWORD_RESET": "password_reset",
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "password_changed",
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "password_changed",
}


def _narrow(app: Flask, security: Security) -> None:
    """Takes away what we do not offer: tokens in headers and bodies (each request's JSON would be
    read for one) and Flask-Principal, which would load a user for every request.
    """
    manager = security.login_manager
    manager.user_loader(_load)
    manager.request_loader(None)
    manager.session_protection = None
    app.before_request_funcs[None].remove(security.principal._on_before_request)  # noqa: SLF001 # there is no switch for it


def _render(template: str, **context: Any) -> tuple[str, int]:
    """A page of Flask-Security: what was typed stays, errors stand beside their fields (422)."""
    form = next(value for name, value in context.items() if name.endswith("_form"))
    if hasattr(form, "restore"):
        form.restore()
    wrong = bool(form.errors or form.form_errors)
    focus_first_error(form)
    sent = request.method == "POST" and not wrong
    return render_template(template, form=form, sent=sent, **context), 422 if wrong else 200


def current_member() -> Member | None:
    """Who is signed in; None for a visitor."""
    member: Member | None = getattr(current_user, "member", None)
    return member


def is_fresh() -> bool:
    """Whether the reader has shown their password within the last half hour."""
    return bool(check_and_update_authn_fresh(FRESH_FOR, timedelta(0), "session"))


def confirm_first(back: str) -> Response | None:
    """Before a step that must not be taken at somebody's forgotten screen: None where the reader
    is fresh, else the way to the page that asks for the password and then leads `back`.
    """
    if is_fresh():
        return None
    flash(gettext("Confirm that it is you, then do it once more."), "info")
    return redirect(url_for("security.verify", next=back))


def enter(user_id: int, via: str) -> None:
    """Signs the browser in as the user, who has just been authenticated by other means."""
    with door_session() as database_session:
        found = find_credentials(database_session, id=user_id)
    if found is not None:
        login_user(PortalUser(found), authn_via=[via])


def _load(uniquifier: str) -> PortalUser | None:
    """The owner of the cookie's secret, if the cookie was made since the last new password."""
    secret = session.get("secret")
    if not isinstance(secret, str):
        return None
    with state().database.glance() as connection:
        found = find_signed_in(connection, secret, request_time())
    if found is None or found[1].fs_uniquifier != uniquifier:
        return None
    g.signed_in = secret, found
    member, credentials = found
    _note_seen(member)
    g.fs_authn_via = "session"
    g.fs_paa = session.get("fs_paa", 0)
    return PortalUser(credentials, member)


def _note_seen(member: Member) -> None:
    if request_time() - member.seen_at < SEEN_EVERY:
        return
    try:
        with door_session(writes=True) as database_session:
            touch(database_session, member.session_id)
    except OperationalError as busy:
        # A page that can be read need not fail because it cannot note that it was.
        log.warning("session not touched", error=str(busy.orig))


def _begin(_app: Flask, user: PortalUser, authn_via: list[str] | None = None, **_more: Any) -> None:
    """A new secret and a new CSRF token with each sign-in: what was in the cookie before, and who
    may have planted it, no longer matters.
    """
    with door_session(user, writes=True) as database_session:
        session["secret"] = sign_in(
            database_session,
            user.id,
            replaces=session.get("secret"),
            address=request.remote_addr or "",
            browser=request.user_agent.string,
            via=",".join(authn_via or ["second factor"]),
        )
    session.pop(_CSRF, None)
    g.pop(_CSRF, None)
    session.permanent = True


def _end(_app: Flask, user: PortalUser, **_more: Any) -> None:
    if user is not None and user.member is not None:
        with door_session(user, writes=True) as database_session:
            sign_out(database_session, user.member.session_key)
    session.clear()
