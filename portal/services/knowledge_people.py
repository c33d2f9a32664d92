"""Who writes and who reviews the hub's texts."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.permissions import TABLE, Permission
from portal.models import User
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody of the vendor. `locale` and `time_zone` are None where they chose none."""

    id: int
    key: str
    name: str
    email: str
    locale: str | None
    time_zone: str | None


_COLUMNS = (User.id, User.key, User.name, User.email, User.locale, User.time_zone)


def reviewers(session: Session) -> list[Writer]:
    """Those who may publish, but for oneself, by name."""
    return [one for one in _with(session, Permission.KNOWLEDGE_PUBLISH) if not _is_me(session, one)]


def writers(session: Session) -> list[Writer]:
    """Those who may write, oneself among them, by name."""
    return _with(session, Permission.KNOWLEDGE_WRITE)


def people(session: Session, ids: Iterable[int | None]) -> dict[int, Writer]:
    """By id, whatever their role is by now."""
    wanted = sorted({one for one in ids if one is not None})
    if not wanted:
        return {}
    rows = session.execute(select(*_COLUMNS).where(User.id.in_(wanted), User.account_id.is_(None)))
    return {row.id: _writer(row) for row in rows}


def _with(session: Session, permission: Permission) -> list[Writer]:
    roles = [role.value for role, may in TABLE.items() if permission in may]
    rows = session.execute(
        select(*_COLUMNS)
        .where(User.role.in_(roles), User.active.is_(True), User.account_id.is_(None))
        .order_by(User.name, User.email)
    )
    return [_writer(row) for row in rows]


def _writer(row: tuple[int, str, str, str, str | None, str | None]) -> Writer:
    number, key, name, email, locale, zone = row
    return Writer(number, key, name or email, email, locale, zone)


def _is_me(session: Session, one: Writer) -> bool:
    return one.id == scope_of(session).user_id
