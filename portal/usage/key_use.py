"""When keys were last used, noted by the fold: no request has to write it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from portal.models import ApiKey
from portal.usage.reading import LogRow

NOTED_EVERY = timedelta(hours=1)


def note(session: Session, rows: Iterable[LogRow]) -> None:
    """To the hour, so that most steps write nothing."""
    latest: dict[int, datetime] = {}
    for row in rows:
        if row.key_id is not None:
            latest[row.key_id] = max(row.received_at, latest.get(row.key_id, row.received_at))
    for key_id, at in sorted(latest.items()):
        session.execute(
            update(ApiKey)
            .where(
                ApiKey.id == key_id,
                or_(ApiKey.used_at.is_(None), ApiKey.used_at <= at - NOTED_EVERY),
            )
            .values(used_at=at)
            .execution_options(synchronize_session=False)
        )
