"""Administrators are told of a client that makes up event names."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.notices import Notified, Way, way_of
from portal.domain.permissions import TABLE, Permission
from portal.models import Account, Notice, User
from portal.services.mail import queue_mail
from portal.services.notices.links import Links
from portal.services.notices.readers import Reader, find_readers
from portal.services.once import add_once
from portal.tenancy import scope_of

PATH = "/admin/events#floods"
_ADMINS = [role.value for role, may in TABLE.items() if Permission.USAGE_ADMIN in may]


@dataclass(frozen=True, slots=True)
class Flood:
    """`key`: one an account and day. `readers`: who is to hear of it."""

    key: str
    account_key: str
    account_name: str
    readers: Sequence[Reader]


def find_flood(session: Session, key: str, account_id: int | None) -> Flood | None:
    """None where the account has gone. Needs a session over all accounts."""
    wanted = select(Account.key, Account.name).where(Account.id == account_id)
    account = session.execute(wanted).one_or_none()
    if account is None:
        return None
    admins = session.scalars(select(User.id).where(User.role.in_(_ADMINS))).all()
    return Flood(key, account.key, account.name, find_readers(session, admins))


def tell_of_flood(session: Session, reader: Reader, flood: Flood, links: Links) -> bool:
    """In a session of the reader's own scope: under the bell, and by mail where they want it.
    Whether there was something new to tell them; commits.
    """
    way = way_of(Notified.FLOODED, reader.chosen)
    if way is Way.OFF:
        return False
    notice = _notice(session, reader, flood, way)
    if not add_once(session, notice, "idempotency_key"):
        return False
    if way is Way.NOW:
        _queue(session, reader, flood, links)
    session.commit()
    return True


def _notice(session: Session, reader: Reader, flood: Flood, way: Way) -> Notice:
    now = scope_of(session).now
    by_mail = way is Way.NOW
    return Notice(
        key=new_key(),
        idempotency_key=f"{flood.key}:{reader.id}",
        account_id=reader.account_id,
        user_id=reader.id,
        kind=Notified.FLOODED.value,
        path=PATH,
        values={"code": flood.account_key, "title": flood.account_name},
        created_at=now,
        mail=way.value if by_mail else "",
        mailed_at=now if by_mail else None,
    )


def _queue(session: Session, reader: Reader, flood: Flood, links: Links) -> None:
    unsubscribe = links.unsubscribe(reader.key, Notified.FLOODED.value)
    queue_mail(
        session,
        recipient=reader.email,
        locale=reader.scope.locale,
        template="usage_flood",
        values={
            "name": reader.name,
            "account": flood.account_name,
            "account_key": flood.account_key,
            "link": links.whole(PATH),
            "choices": links.whole("/notices/preferences"),
            "unsubscribe": unsubscribe,
        },
        idempotency_key=f"notice:{flood.key}:{reader.id}",
        account_id=reader.account_id,
        unsubscribe=unsubscribe,
    )
