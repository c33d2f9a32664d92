"""Accounts as lists and heads of pages need them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.models import Account


@dataclass(frozen=True, slots=True)
class AccountHead:
    key: str
    name: str
    time_zone: str
    people_shown: str


def account_head(session: Session, key: str) -> AccountHead:
    """Raises NotFound for one out of reach."""
    row = session.execute(
        select(Account.key, Account.name, Account.time_zone, Account.people_shown).where(
            Account.key == key
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return AccountHead(*row)


def list_account_names(session: Session) -> list[tuple[str, str]]:
    """Key and name of every account in reach, by name."""
    rows = session.execute(select(Account.key, Account.name).order_by(Account.name))
    return [(key, name) for key, name in rows]


def hold_account(session: Session, account_key: str) -> int:
    """Its id, held until the transaction ends: one push at a time for each account; others may go
    on referring to it. Raises NotFound.
    """
    found = session.scalar(
        select(Account.id).where(Account.key == account_key).with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound(f"There is no account {account_key[:120]}.")
    return found
