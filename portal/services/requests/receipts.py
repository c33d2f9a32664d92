"""What machines send about requests counts once for the number that they give it themselves."""

from collections.abc import Callable, Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Invalid
from portal.domain.requests import Channel
from portal.models import Account, Feature, RequestReceipt
from portal.services.once import add_once
from portal.services.requests.access import find_request
from portal.services.requests.handing_in import Asker, Telling, hand_in
from portal.services.requests.talking import write_message
from portal.tenancy import scope_of

Sent = tuple[str, bool]
"""The key of what was sent, and whether it is new."""


def hand_in_once(
    session: Session, telling: Telling, asker: Asker | None, external_id: str = ""
) -> Sent:
    """Like `hand_in`; what was sent first under the number stands. Commits. Raises NotFound
    (account) and Invalid with a sentence a member.
    """
    _check_feature(session, telling.feature_key)

    def act(key: str) -> None:
        hand_in(session, telling, asker, key)

    account_id = _account_id(session, asker)
    return _once(session, account_id, "", external_id, act)


def write_once(
    session: Session, key: str, body: str, *, external_id: str = "", author_name: str = ""
) -> Sent:
    """Like `write_message`. Commits. Raises NotFound, Conflict, Forbidden and Invalid."""
    request = find_request(session, key)

    def act(message: str) -> None:
        write_message(
            session,
            key,
            body,
            channel=Channel.API,
            author_name=author_name,
            message_key=message,
        )

    return _once(session, request.account_id, request.key, external_id, act)


def account_id_of(session: Session, account_key: str) -> int:
    """Raises Invalid (account) where it is not in reach."""
    found = session.scalar(select(Account.id).where(Account.key == account_key))
    if found is None:
        said = f"There is no account {account_key[:120]}."
        raise Invalid(said, code="no-such-account", fields={"account": said})
    return found


def own_account(session: Session) -> str:
    """Key of the account of a session of one account."""
    wanted = select(Account.key).where(Account.id == scope_of(session).account_id)
    return session.scalars(wanted).one()


def account_id_of_request(session: Session, key: str) -> int:
    """Raises NotFound where the request is not in the reader's reach."""
    return find_request(session, key).account_id


def external_ids(session: Session, keys: Collection[str]) -> dict[str, str]:
    """Key of a request → the number that the reader's own side has given it."""
    wanted = select(RequestReceipt.object_key, RequestReceipt.external_id).where(
        RequestReceipt.object_key.in_(keys),
        RequestReceipt.about == "",
        RequestReceipt.side == _side(session),
    )
    return {row.object_key: row.external_id for row in session.execute(wanted)}


def _once(
    session: Session, account_id: int, about: str, external_id: str, act: Callable[[str], None]
) -> Sent:
    """The receipt comes first, so that of two who send the same at once one waits and finds it."""
    key = new_key()
    if external_id:
        receipt = RequestReceipt(
            account_id=account_id,
            side=_side(session),
            about=about,
            external_id=external_id,
            object_key=key,
            at=scope_of(session).now,
        )
        if not add_once(session, receipt, "external_id"):
            return _known(session, account_id, about, external_id), False
    act(key)
    return key, True


def _side(session: Session) -> str:
    """The machine's, in whosever name it acts."""
    scope = scope_of(session)
    return scope.machine or scope.role.side


def _known(session: Session, account_id: int, about: str, external_id: str) -> str:
    found = session.scalar(
        select(RequestReceipt.object_key).where(
            RequestReceipt.account_id == account_id,
            RequestReceipt.side == _side(session),
            RequestReceipt.about == about,
            RequestReceipt.external_id == external_id,
        )
    )
    if found is None:
        raise Conflict("It is being sent at this moment. Send it again.", code="sent-meanwhile")
    return found


def _account_id(session: Session, asker: Asker | None) -> int:
    return scope_of(session).account_id if asker is None else account_id_of(session, asker.account)


def _check_feature(session: Session, key: str) -> None:
    live = select(Feature.key).where(Feature.key == key, Feature.archived_at.is_(None))
    if key and session.scalar(live) is None:
        said = "There is no such feature."
        raise Invalid(said, code="no-such-choice", fields={"feature": said})
