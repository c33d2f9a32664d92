"""Those who are told: each as the Scope that they would have, signed in."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.permissions import Role
from portal.locales import best_locale
from portal.models import Account, NoticeChoice, User, Vendor
from portal.services.sign_in import accounts_in_reach, assigned_accounts
from portal.tenancy import Scope, scope_of


@dataclass(frozen=True, slots=True)
class Reader:
    """`account_id` is empty at the vendor. `chosen`: kind → way, what they have chosen."""

    key: str
    email: str
    name: str
    account_id: int | None
    scope: Scope
    chosen: dict[str, str]

    @property
    def id(self) -> int:
        return self.scope.user_id or 0


@dataclass(frozen=True, slots=True)
class _Somebody:
    id: int
    role: Role
    account_id: int | None
    csm_sees_all: bool


def find_readers(session: Session, ids: Collection[int]) -> list[Reader]:
    """Those of them who may still sign in, by id. Needs a session over all accounts."""
    rows = session.execute(
        select(
            *(User.id, User.key, User.email, User.name, User.role, User.account_id),
            *(User.locale, User.time_zone),
            Account.locale.label("account_locale"),
            Account.time_zone.label("account_zone"),
        )
        .outerjoin(Account, Account.id == User.account_id)
        .where(User.id.in_(sorted(ids)), User.active.is_(True))
        .order_by(User.id)
    ).all()
    vendor = session.execute(
        select(Vendor.locale, Vendor.time_zone, Vendor.csm_sees_all).where(Vendor.id == 1)
    ).one_or_none()
    chosen = _choices(session, ids)
    return [_reader(session, row, vendor, chosen.get(row.id, {})) for row in rows]


def find_reader(session: Session, key: str) -> Reader | None:
    """By the person's key. Needs a session over all accounts."""
    found = session.scalar(select(User.id).where(User.key == key))
    readers = [] if found is None else find_readers(session, [found])
    return readers[0] if readers else None


def _reader(session: Session, row: Any, vendor: Any, chosen: dict[str, str]) -> Reader:
    usual = vendor.time_zone if vendor else "UTC"
    sees_all = bool(vendor.csm_sees_all) if vendor else False
    somebody = _Somebody(row.id, Role(row.role), row.account_id, sees_all)
    now = scope_of(session)
    scope = Scope(
        user_id=row.id,
        role=somebody.role,
        accounts=accounts_in_reach(somebody, partial(assigned_accounts, session)),
        now=now.now,
        locale=best_locale([row.locale, row.account_locale, vendor.locale if vendor else None]),
        time_zone=row.time_zone or row.account_zone or usual or "UTC",
        origin=now.origin,
        request_id=now.request_id,
        actor=row.email,
    )
    return Reader(row.key, row.email, row.name, row.account_id, scope, chosen)


def _choices(session: Session, ids: Collection[int]) -> dict[int, dict[str, str]]:
    wanted = select(NoticeChoice.user_id, NoticeChoice.kind, NoticeChoice.way)
    found: dict[int, dict[str, str]] = {}
    for row in session.execute(wanted.where(NoticeChoice.user_id.in_(sorted(ids)))):
        found.setdefault(row.user_id, {})[row.kind] = row.way
    return found
