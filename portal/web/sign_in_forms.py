"""The forms of Flask-Security's pages, with our fields, words and limits."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    ResetPasswordForm,
    VerifyForm,
)
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, ValidationError
from wtforms.validators import InputRequired, Length, StopValidation

from portal.domain.addresses import AddressError, normal_address
from portal.domain.passwords import MOST_LENGTH, PasswordFault
from portal.services.passwords import hash_password
from portal.services.rate_limits import give_back, take
from portal.web.clock import request_time
from portal.web.forms import SpokenForm, give_focus
from portal.web.sign_in_store import Datastore, note_failed_sign_in
from portal.web.sign_in_words import (
    ADDRESS_WORDS,
    PASSWORD_RULES,
    PASSWORD_WORDS,
)
from portal.web.state import state

WORK_MAIL = _l("Work mail")
PASSWORD = _l("Password")
NEW_PASSWORD = _l("New password")
MISSING_ADDRESS = _l("Type the address that your invitation went to.")
MISSING_PASSWORD = _l("Type your password.")
MISSING_NEW_PASSWORD = _l("Choose a password.")


def one_spelling(_form: Any, field: Field) -> None:
    """Turns the address into its one spelling, or says what it lacks."""
    try:
        field.data = normal_address(field.data or "")
    except AddressError as wrong:
        raise ValidationError(str(ADDRESS_WORDS[wrong.fault])) from None


def address_field(label: Any = WORK_MAIL, missing: Any = MISSING_ADDRESS) -> EmailField:
    return EmailField(
        label,
        validators=[InputRequired(missing), one_spelling],
        render_kw={"autocomplete": "username", "spellcheck": "false", "maxlength": "254"},
    )


def _not_too_long(_form: Any, field: Field) -> None:
    if len(field.data or "") > MOST_LENGTH:
        raise StopValidation(str(PASSWORD_WORDS[PasswordFault.TOO_LONG]))


def current_password_field(label: Any = PASSWORD) -> PasswordField:
    return PasswordField(
        label,
        validators=[InputRequired(MISSING_PASSWORD), Length(max=MOST_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )


def new_password_field(label: Any = NEW_PASSWORD) -> PasswordField:
    return PasswordField(
        label,
        description=PASSWORD_RULES,
        validators=[InputRequired(MISSING_NEW_PASSWORD), _not_too_long],
        render_kw={"autocomplete": "new-password", "minlength": "12"},
    )


class _SpeaksOfForm(SpokenForm):
    """Flask-Security blurs all errors of a page that must not tell who is known. What is wrong
    with the typed text itself tells nothing of that, so it is kept beside its field.
    """

    kept: dict[str, list[str]]

    def is_well_formed(self) -> bool:
        well = bool(FlaskForm.validate(self))
        self.kept = {} if well else {name: list(said) for name, said in self.errors.items()}
        return well

    def restore(self) -> None:
        kept = getattr(self, "kept", {})
        for name, said in kept.items():
            if name in self:
                self[name].errors = said
        if kept:
            self.form_errors.clear()


class SignInForm(_SpeaksOfForm, LoginForm):
    email = address_field()
    password = current_password_field()
    remember = None
    submit = None

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # Flask-Security puts a link here; ours stands after the field, where Tab comes to it last.
        self.password.description = ""

    def validate_next(self, field: Field) -> None:
        """A place outside of the portal is forgotten; there is no need to speak of it."""

    def validate(self, **more: Any) -> bool:
        if not self.is_well_formed():
            return False
        limits = _limits_of(self.email.data)
        for purpose, subject in limits:
            take(state().database, purpose, subject, request_time())
        good = bool(super().validate(**more))
        if good:
            for purpose, subject in limits:
                give_back(state().database, purpose, subject, request_time())
            return True
        if self.user is None:
            note_failed_sign_in(None, "password")
        give_focus(self.password)
        return False


def _limits_of(email: str) -> list[tuple[str, str]]:
    address = request.remote_addr or ""
    return [
        ("sign-in-address", address),
        ("sign-in-account", f"{address} {email}"),
        ("sign-in-mail", email),
    ]


class ForgottenForm(_SpeaksOfForm, ForgotPasswordForm):
    email = address_field()
    submit = None

    def validate(self, **_more: Any) -> bool:
        if not self.is_well_formed():
            return False
        now, database = request_time(), state().database
        take(database, "reset-address", request.remote_addr or "", now)
        take(database, "reset-account", self.email.data, now)
        self.user = Datastore().find_user(email=self.email.data)
        if self.user is None or not self.user.is_active:
            return False
        # Flask-Security hashes something for an unknown address; so the known one waits as long.
        hash_password(self.email.data)
        return True


class ResetForm(SpokenForm, ResetPasswordForm):
    password = new_password_field()
    password_confirm = None
    submit = None


class _ChecksOwnPassword(SpokenForm):
    """Guessing the password inside somebody's open browser is as slow as at the door."""

    def validate(self, **more: Any) -> bool:
        if not FlaskForm.validate(self):
            return False
        limit = ("sign-in-account", f"{request.remote_addr} {current_user.email}")
        take(state().database, *limit, request_time())
        good = bool(super().validate(**more))
        if good:
            give_back(state().database, *limit, request_time())
        return good


class ChangeForm(_ChecksOwnPassword, ChangePasswordForm):
    password = current_password_field(_l("Current password"))
    new_password = new_password_field()
    new_password_confirm = None
    submit = None


class ConfirmForm(_ChecksOwnPassword, VerifyForm):
    password = current_password_field()
    submit = None

    def validate_next(self, field: Field) -> None:
        """As at the door."""
