"""Somebody of the vendor hands in for a named person of an account."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from portal.blueprints.triage import blueprint
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import (
    FIELDS,
    LONGEST_FIELD,
    LONGEST_TITLE,
    REQUIRED,
    Channel,
    Kind,
    Visibility,
)
from portal.services.requests.choices import accounts_in_reach, live_features, people_of
from portal.services.requests.handing_in import Asker, Telling, hand_in
from portal.web.create_forms import CreateForm
from portal.web.forms import choices
from portal.web.guards import db, needs
from portal.web.request_words import EFFECTS, FIELD_LABELS, KINDS, SEVERITIES

READERS = {
    Visibility.COMPANY: _l("Everybody of the account"),
    Visibility.PRIVATE: _l("Only the requester and we"),
}


class BehalfForm(CreateForm):
    """The fields of the kind are bound to it by `_form`."""

    user = SelectField(_l("Whose request"), validate_choice=True)
    requester = StringField(
        _l("Or their name"),
        [Length(max=200, message=_l("Keep it under 200 characters."))],
    )
    title = StringField(
        _l("In one sentence"),
        [Length(max=LONGEST_TITLE, message=_l("Keep it under 160 characters."))],
    )
    feature_key = SelectField(_l("Feature"), validate_choice=True)
    severity = SelectField(
        _l("Severity"),
        choices=choices([("", "–"), *((one.value, words) for one, words in SEVERITIES.items())]),
    )
    effect = SelectField(
        _l("Effect"),
        choices=choices([("", "–"), *((one.value, words) for one, words in EFFECTS.items())]),
    )
    visibility = RadioField(
        _l("Who reads it"),
        choices=choices((one.value, words) for one, words in READERS.items()),
        default=Visibility.COMPANY.value,
    )


@blueprint.get("/new")
@needs(Permission.REQUEST_DESK)
def new() -> str:
    """Without an account it asks for one first: whose people are offered hangs on it."""
    kind, account = _asked()
    form = _form(kind, account, sent=False) if account else None
    return _page(kind, account, form)


@blueprint.post("/new")
@needs(Permission.REQUEST_DESK)
def add() -> AnyResponse:
    kind, account = _asked()
    if not account:
        raise NotFound
    form = _form(kind, account, sent=True)
    if form.validate_on_submit():
        with form.refusing(_refusals()):
            asker = Asker(account, form.user.data or "", form.requester.data or "")
            key = hand_in(db(), _telling(kind, form), asker)
            flash(_("Handed in, in their name. They are told of each step."), "toast")
            return redirect(url_for("triage.show", key=key))
        db().rollback()
    return make_response(_page(kind, account, form), form.answer)


def _asked() -> tuple[Kind, str]:
    """The kind, needs where none is known, and the account's key, empty where none is in reach."""
    kind, account = request.args.get("kind", ""), request.args.get("account", "")
    known = {key for key, _name in accounts_in_reach(db())}
    return Kind(kind) if kind in set(Kind) else Kind.NEED, account if account in known else ""


def _form(kind: Kind, account: str, *, sent: bool) -> Any:
    told = {
        name: TextAreaField(
            FIELD_LABELS[name],
            [
                Optional(),
                Length(max=LONGEST_FIELD, message=_l("Keep it under 4,000 characters.")),
            ],
        )
        for name in FIELDS[kind]
    }
    made = type("BehalfForm", (BehalfForm,), told)
    form = made() if sent else made(formdata=None)
    form.user.choices = choices([("", _("Somebody else")), *people_of(db(), account)])
    form.feature_key.choices = choices([("", "–"), *live_features(db())])
    return form


def _telling(kind: Kind, form: Any) -> Telling:
    return Telling(
        kind=kind,
        title=form.title.data or "",
        told={name: form[name].data or "" for name in FIELDS[kind]},
        visibility=Visibility(form.visibility.data),
        severity=form.severity.data if kind is Kind.BUG else "",
        effect=form.effect.data,
        feature_key=form.feature_key.data,
        channel=Channel.CSM,
    )


def _page(kind: Kind, account: str, form: Any) -> str:
    return render_template(
        "triage/new.html",
        form=form,
        kind=kind.value,
        kinds=[(one.value, str(words)) for one, words in KINDS.items()],
        account=account,
        accounts=accounts_in_reach(db()),
        told=FIELDS[kind],
        required=REQUIRED[kind],
    )


def _refusals() -> dict[str, str]:
    return {
        "incomplete": _("Please say this too."),
        "no-requester": _("Say whose request it is."),
        "no-such-choice": _("Choose one of the list."),
    }
