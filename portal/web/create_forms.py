"""Forms that make something. Sent twice, they make it once: each carries a value of its own, and
that value with all that was typed is kept in the transaction that makes the thing
(services/sent_forms.py). static/js/once.js stops most second clicks before.
"""

import json
import secrets
import time
from hashlib import sha256
from typing import Any

from flask import Flask, Response, flash, g, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField

from portal.services.sent_forms import find_answer, hold_form, note_answer
from portal.tenancy import system_scope
from portal.web.clock import request_time
from portal.web.forms import PageForm
from portal.web.guards import db, scope
from portal.web.state import state

# The first answer follows its commit within milliseconds.
TURNS, PAUSE = 40, 0.05
REFUSED = 400


class OneTimeField(HiddenField):
    """Another value each time that it is drawn."""

    def _value(self) -> str:
        return secrets.token_urlsafe(12)


class CreateForm(PageForm):
    """One whose sending makes something. Goes before other forms among the bases of a class."""

    once = OneTimeField()

    def validate(self, *args: Any, **more: Any) -> bool:
        """Raises SentBefore; the error handler below answers with what the first one made."""
        good = super().validate(*args, **more)
        if good and self.once.data:
            _hold()
        return good


class SentBefore(Exception):
    """No error: the reader gets what they asked for."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def init_create_forms(app: Flask) -> None:
    app.register_error_handler(SentBefore, _answer_again)
    app.after_request(_note_answer)


def _hold() -> None:
    key = _fingerprint()
    if not hold_form(db(), key):
        # Nothing is held while we wait for the first one's answer.
        db().rollback()
        raise SentBefore(key)
    g.sent_form = key


def _fingerprint() -> str:
    """Of who sent what to where. Something else typed after going back is another form."""
    typed = sorted((name, some) for name, some in request.form.lists() if name != "csrf_token")
    text = json.dumps([scope().user_id, request.path, typed])
    return sha256(text.encode()).hexdigest()


def _note_answer(response: Response) -> Response:
    key = g.pop("sent_form", None)
    if key is not None and response.status_code < REFUSED:
        # What the view has not committed by now is not meant to be.
        db().rollback()
        note_answer(db(), key, response.location or request.path)
    return response


def _answer_again(sent: SentBefore) -> AnyResponse:
    flash(_("It was sent twice and is done once."), "toast")
    return redirect(_wait_for_answer(sent.key) or request.path)


def _wait_for_answer(key: str) -> str:
    for _turn in range(TURNS):
        with state().database.session(system_scope(request_time(), "form")) as session:
            if found := find_answer(session, key):
                return found
        time.sleep(PAUSE)
    return ""
