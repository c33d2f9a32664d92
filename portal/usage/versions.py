"""The one row that orders everybody who changes a rollup, on SQLite and PostgreSQL alike.

Who means to change something reads the version first, then whatever it needs, works it out
without a lock, and writes in a transaction that begins with `take`: if somebody else wrote in
between, nothing matches, and the work begins anew from what is there now.
"""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import UsageFold
from portal.tenancy import system_scope


def ensure_version(database: Database, now: datetime) -> None:
    """Makes the row where there is none yet."""
    with database.session(system_scope(now, "fold"), writes=True) as session:
        if session.scalar(select(UsageFold.id)) is not None:
            return
        try:
            session.execute(insert(UsageFold).values(id=1, version=0, anonymous=0, duplicates=0))
            session.commit()
        except IntegrityError:  # another process made it just now
            session.rollback()


def read_version(session: Session) -> int | None:
    return session.scalar(select(UsageFold.version).where(UsageFold.id == 1))


def take(session: Session, version: int) -> bool:
    """Raises the version by one and holds the row until commit; False if it has moved on."""
    taken = session.execute(
        update(UsageFold)
        .where(UsageFold.id == 1, UsageFold.version == version)
        .values(version=version + 1)
        .returning(UsageFold.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return taken is not None


def hold(session: Session) -> int:
    """Waits for whoever writes, raises the version and holds the row until commit; the new one."""
    return session.execute(
        update(UsageFold)
        .where(UsageFold.id == 1)
        .values(version=UsageFold.version + 1)
        .returning(UsageFold.version)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def note(session: Session, *, folded_to: datetime, anonymous: int, duplicates: int) -> None:
    """Adds to the counters; `folded_to` only moves forward."""
    known = session.scalar(select(UsageFold.folded_to).where(UsageFold.id == 1))
    session.execute(
        update(UsageFold)
        .where(UsageFold.id == 1)
        .values(
            folded_to=folded_to if known is None else max(known, folded_to),
            anonymous=func.coalesce(UsageFold.anonymous, 0) + anonymous,
            duplicates=func.coalesce(UsageFold.duplicates, 0) + duplicates,
        )
        .execution_options(synchronize_session=False)
    )
