"""A machine acts in the name of a person: with that person's rights, within the key's accounts.

To be called before the request's session is opened (portal.web.guards.db).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from flask import g
from sqlalchemy.orm import Session

from portal.domain.addresses import AddressError, normal_address
from portal.domain.errors import Invalid
from portal.domain.permissions import TABLE, Permission
from portal.services.requests.writers import Writer, find_writer
from portal.services.sign_in import accounts_in_reach, assigned_accounts
from portal.tenancy import system_scope
from portal.web.clock import request_time
from portal.web.guards import scope
from portal.web.state import state

Answer = TypeVar("Answer")


def act_as_customer(member: str, email: str, account_id: int, locale: str = "") -> Writer:
    """Somebody of the account. `member` names the address where it is refused. Raises Invalid."""
    writer = named_customer(member, email, account_id)
    _take_place(writer, email, locale)
    return writer


def named_customer(member: str, email: str, account_id: int) -> Writer:
    """As `act_as_customer` finds them."""
    writer = _known(email)
    if writer is None or writer.account_id != account_id:
        raise refused(member, "is nobody of the account who may sign in")
    return writer


def act_as_vendor(member: str, email: str) -> Writer:
    """Somebody of the vendor's who deals with requests, where the key is the vendor's own. Raises
    Invalid.
    """
    writer = _known(email)
    if writer is None or not _at_desk(writer):
        raise refused(member, "is nobody of the vendor who deals with requests")
    _take_place(writer, email)
    return writer


def act_as_either(member: str, email: str, account_id: int) -> Writer:
    """Somebody of the account, or of the vendor's who deals with requests. Raises Invalid."""
    writer = _known(email)
    if writer is not None and _at_desk(writer):
        return act_as_vendor(member, email)
    return act_as_customer(member, email, account_id)


def refused(member: str, said: str) -> Invalid:
    return Invalid(f"{member}: {said}", fields={member: said})


def _at_desk(writer: Writer) -> bool:
    """A key of one account never acts for the vendor's people."""
    vendors = writer.role.side == "vendor" and scope().machine == "vendor"
    return vendors and Permission.REQUEST_DESK in TABLE[writer.role]


def _known(email: str) -> Writer | None:
    try:
        address = normal_address(email)
    except AddressError:
        return None
    with _everything() as session:
        return find_writer(session, address)


def _take_place(writer: Writer, email: str, locale: str = "") -> None:
    def assigned(user_id: int) -> frozenset[int]:
        with _everything() as session:
            return assigned_accounts(session, user_id)

    g.scope = replace(
        scope(),
        user_id=writer.id,
        role=writer.role,
        accounts=accounts_in_reach(writer, assigned),
        locale=locale or writer.locale,
        on_behalf_of=email[:254],
    )


def _everything() -> Session:
    return state().database.open(system_scope(request_time(), "api"))


def ask(read: Callable[..., Answer], *given: object) -> Answer:
    """What the key itself may know, before it acts in somebody's name."""
    with state().database.open(scope()) as session:
        return read(session, *given)
