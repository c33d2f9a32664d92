"""Who writes about requests from outside the portal, by mail or through a machine, by address."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.permissions import Role
from portal.models import Account, User, Vendor


@dataclass(frozen=True, slots=True)
class Writer:
    """Who has written, as far as sign_in.accounts_in_reach asks."""

    id: int
    key: str
    role: Role
    account_id: int | None
    csm_sees_all: bool
    locale: str


def find_writer(session: Session, email: str) -> Writer | None:
    """The active person of that address. Needs a session over all accounts."""
    row = session.execute(
        select(
            User.id,
            User.key,
            User.role,
            User.account_id,
            func.coalesce(User.locale, Account.locale, "en").label("locale"),
            select(Vendor.csm_sees_all).limit(1).scalar_subquery().label("csm_sees_all"),
        )
        .outerjoin(Account, Account.id == User.account_id)
        .where(User.email == email, User.active)
    ).one_or_none()
    if row is None:
        return None
    sees_all = bool(row.csm_sees_all)
    return Writer(row.id, row.key, Role(row.role), row.account_id, sees_all, row.locale)
