from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.requests import Answer
from portal.services.notices.asking import AskedView, Claim, answer_asked, read_claim, show_asked
from portal.services.notices.links import links_of
from portal.services.notices.readers import Reader
from portal.web.addressed import known_by_link
from portal.web.closed import closed
from portal.web.guards import public
from portal.web.request_words import ANSWERS, state_words
from portal.web.state import state

blueprint = Blueprint("confirming", __name__, url_prefix="/confirm", template_folder="templates")


@blueprint.get("/<token>")
@public
def show(token: str) -> Response:
    """Looking changes nothing, so a mail program may look as often as it likes."""
    with _asked(token) as (claim, reader, session):
        return _page(show_asked(session, claim), reader)


@blueprint.post("/<token>")
@public
def answer(token: str) -> Response | AnyResponse:
    said, reason = request.form.get("answer", ""), request.form.get("reason", "")
    with _asked(token, writes=True) as (claim, reader, session):
        if said not in set(Answer):
            raise Invalid(_("Choose one of the answers."))
        try:
            answer_asked(session, claim, Answer(said), reason)
        except Invalid as wrong:
            return _page(show_asked(session, claim), reader, wrong, reason)
        except Conflict as late:
            session.rollback()
            return _page(show_asked(session, claim), reader, late)
    return closed(make_response(redirect(url_for("confirming.show", token=token), 303)))


@contextmanager
def _asked(token: str, *, writes: bool = False) -> Iterator[tuple[Claim, Reader, Session]]:
    """Raises NotFound where the link is not ours, or whom it was sent to has left."""
    claim = read_claim(links_of(state().settings), token)
    reader = known_by_link(claim.user)
    if reader is None:
        raise NotFound
    with state().database.session(reader.scope, writes=writes) as session:
        yield claim, reader, session


def _page(
    asked: AskedView, reader: Reader, refused: Invalid | Conflict | None = None, reason: str = ""
) -> Response:
    page = render_template(
        "confirming/show.html",
        asked=asked,
        reader=reader,
        answers=ANSWERS,
        state=state_words(asked.kind, asked.state, {}),
        refused=refused.code if refused else "",
        reason=reason,
    )
    return closed(make_response(page, refused.status if refused else 200))


def _without_form_token(setup: BlueprintSetupState) -> None:
    """What the link carries is the proof; no session is needed that a form's token could be of."""
    setup.app.extensions["csrf"].exempt(blueprint)


blueprint.record_once(_without_form_token)
