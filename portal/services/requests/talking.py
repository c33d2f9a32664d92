"""Words about a request: messages that both sides read, and notes that stay at the vendor."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Forbidden, Invalid
from portal.domain.permissions import Permission
from portal.domain.requests import Channel
from portal.models import InternalNote, RequestMessage
from portal.services.requests.access import take_request
from portal.services.requests.clock import wind
from portal.services.requests.files import attach
from portal.services.requests.steps import answer, finish, tell, touch
from portal.services.requests.voices import add_follower
from portal.tenancy import scope_of

LONGEST_MESSAGE = 8000


def write_message(
    session: Session,
    key: str,
    body: str,
    *,
    channel: Channel = Channel.PORTAL,
    author_name: str = "",
    mail_id: str | None = None,
    files: Sequence[str] = (),
    message_key: str = "",
) -> str:
    """The message's key (the given one, where there is one); commits. `files`: keys of the writer's
    own loose files. Who writes follows the request from then on. Raises NotFound, Conflict,
    Forbidden and Invalid.
    """
    scope = scope_of(session)
    if not (scope.allows(Permission.REQUEST_WRITE) or scope.allows(Permission.REQUEST_DESK)):
        raise Forbidden
    text = _checked(body)
    request = take_request(session, key)
    message = RequestMessage(
        key=message_key or new_key(),
        account_id=request.account_id,
        request_id=request.id,
        author_id=scope.user_id,
        author_name=author_name[:200],
        side=scope.role.side,
        channel=channel.value,
        body=text,
        mail_id=mail_id,
        at=scope.now,
    )
    session.add(message)
    session.flush()
    attach(session, request, files, message.id)
    touch(session, request)
    answer(session, request)
    wind(session, request, scope.role.side)
    if scope.user_id is not None:
        add_follower(session, request, scope.user_id)
    tell(session, request, "message", message=message.key)
    finish(session, "request.write", request)
    return message.key


def write_note(session: Session, key: str, body: str) -> str:
    """An internal note; its key; commits. Nobody is told but those whom it mentions. Raises
    NotFound, Conflict, Forbidden and Invalid.
    """
    scope = scope_of(session)
    if not scope.allows(Permission.REQUEST_DESK):
        raise Forbidden
    text = _checked(body)
    request = take_request(session, key)
    note = InternalNote(
        key=new_key(),
        account_id=request.account_id,
        request_id=request.id,
        author_id=scope.user_id,
        body=text,
        at=scope.now,
    )
    session.add(note)
    tell(session, request, "note", note=note.key)
    finish(session, "request.note", request)
    return note.key


def _checked(body: str) -> str:
    text = body.strip()
    if not text or len(text) > LONGEST_MESSAGE:
        said = "Write something, in at most 8,000 characters."
        raise Invalid(said, code="bad-message", fields={"body": said})
    return text
