"""Accounts as lists and heads of pages need them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account


def list_account_names(session: Session) -> list[tuple[str, str]]:
    """Key and name of every account in reach, by name."""
    rows = session.execute(select(Account.key, Account.name).order_by(Account.name))
    return [(key, name) for key, name in rows]
