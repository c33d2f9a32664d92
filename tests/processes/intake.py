"""A key to send with, and what arrived."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from portal.db import Database
from portal.models import UsageDay
from portal.services.api_keys import create_key
from portal.services.usage_review import list_refusals
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending


def write_key(database: Database) -> str:
    with database.session(system_scope(datetime.now(UTC), "test"), writes=True) as session:
        return create_key(session, "Backend", "write").secret


def fold(database: Database) -> None:
    fold_pending(database, datetime.now(UTC))


def counted(database: Database) -> dict[str, int]:
    """Messages that count as activity, by day."""
    with database.session(system_scope(datetime.now(UTC), "test")) as session:
        rows = session.execute(
            select(UsageDay.day, func.sum(UsageDay.events)).group_by(UsageDay.day)
        )
        return {day.isoformat(): int(total) for day, total in rows}


def refused(database: Database) -> dict[str, int]:
    with database.session(system_scope(datetime.now(UTC), "test")) as session:
        return {one.reason: one.messages for one in list_refusals(session)}
