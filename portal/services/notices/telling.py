"""One person is told of one event: a line under the bell, and a mail where they want it at once.

In a session of their own scope, so that nothing is told that they may not read.
"""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from portal.db import new_key
from portal.domain.errors import NotFound
from portal.domain.notices import Way, way_of
from portal.domain.requests import State
from portal.models import (
    Account,
    Notice,
    Request,
    RequestEvent,
    RequestMessage,
    SharedRequest,
    SharedRequestText,
    User,
)
from portal.services.notices.hearing import Hearing, Told
from portal.services.notices.links import Links, path_of
from portal.services.notices.mails import queue_request_mail
from portal.services.once import add_once
from portal.services.requests.access import find_request
from portal.tenancy import scope_of

LONGEST_TEXT = 2000
"""Of a message or a reason, in a notice and its mail; the page has the whole."""


def tell_reader(session: Session, hearing: Hearing, told: Told, links: Links) -> bool:
    """Whether there was something new to tell them; commits. The same event a second time, and a
    request that they may not read, tell nothing.
    """
    reader, kind = hearing.reader, hearing.kind
    way = way_of(kind, reader.chosen)
    try:
        request = find_request(session, told.request)
    except NotFound:
        return False
    if way is Way.OFF:
        return False
    values = values_of(session, request, told)
    notice = _notice(session, hearing, request, values, way)
    if not add_once(session, notice, "idempotency_key"):
        return False
    if way is Way.NOW:
        once = f"notice:{hearing.once}"
        queue_request_mail(session, reader, request, kind, values, links=links, once=once)
    session.commit()
    return True


def _notice(
    session: Session, hearing: Hearing, request: Request, values: dict[str, str], way: Way
) -> Notice:
    scope = scope_of(session)
    return Notice(
        key=new_key(),
        idempotency_key=hearing.once,
        account_id=hearing.reader.account_id,
        user_id=hearing.reader.id,
        kind=hearing.kind.value,
        path=path_of(scope, request.key),
        values=values,
        created_at=scope.now,
        mail=way.value if way in {Way.NOW, Way.DIGEST} else "",
        mailed_at=scope.now if way is Way.NOW else None,
    )


def values_of(session: Session, request: Request, told: Told) -> dict[str, str]:
    """What the reader's notice and mail need. An internal note's words are never among them."""
    who, text = _who_and_text(session, request, told)
    return {
        "request": request.key,
        "code": request.code,
        "title": title_of(session, request),
        "request_kind": request.kind,
        "what": told.what,
        "state": told.to_state,
        "who": who,
        "account": _account_name(session, request),
        "text": text[:LONGEST_TEXT],
        "release": str(request.release),
        "due": told.due,
    }


def title_of(session: Session, request: Request) -> str:
    """Of a shared request that the account has only joined: product's words, in the reader's
    language.
    """
    if not request.joined or request.shared_id is None:
        return request.title
    text, english = aliased(SharedRequestText), aliased(SharedRequestText)
    locale = scope_of(session).locale
    found = session.scalar(
        select(func.coalesce(text.title, english.title))
        .select_from(SharedRequest)
        .outerjoin(text, and_(text.shared_id == SharedRequest.id, text.locale == locale))
        .outerjoin(english, and_(english.shared_id == SharedRequest.id, english.locale == "en"))
        .where(SharedRequest.id == request.shared_id, SharedRequest.published_at.is_not(None))
    )
    return found or request.title


def _who_and_text(session: Session, request: Request, told: Told) -> tuple[str, str]:
    if told.what == "message":
        said = select(
            func.coalesce(User.name, RequestMessage.author_name), RequestMessage.body
        ).outerjoin(User, User.id == RequestMessage.author_id)
        row = session.execute(said.where(RequestMessage.key == told.message)).one_or_none()
        return ("", "") if row is None else (row[0], row[1])
    reason = ""
    if told.what == "state" and told.event.isdecimal():
        wanted = select(RequestEvent.reason).where(RequestEvent.id == int(told.event))
        reason = session.scalar(wanted) or ""
    elif told.what == "asked":
        reason = said_at_release(session, request)
    who = session.scalar(select(User.name).where(User.id == told.by)) if told.by else ""
    return who or "", reason


def said_at_release(session: Session, request: Request) -> str:
    """What the vendor wrote when it was last released."""
    wanted = (
        select(RequestEvent.reason)
        .where(RequestEvent.request_id == request.id, RequestEvent.to_state == State.RELEASED.value)
        .order_by(RequestEvent.id.desc())
        .limit(1)
    )
    return session.scalar(wanted) or ""


def _account_name(session: Session, request: Request) -> str:
    """Only the vendor's people have to be told whose it is."""
    if scope_of(session).role.side != "vendor":
        return ""
    return session.scalar(select(Account.name).where(Account.id == request.account_id)) or ""
