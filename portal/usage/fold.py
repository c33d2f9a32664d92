"""What the worker, `paceline fold` and the tests call to turn accepted messages into figures."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Database
from portal.usage import inbox
from portal.usage.rebuild import rebuild_moved
from portal.usage.steps import FoldReport, fold_inbox
from portal.usage.telling import fold_told

__all__ = ["FoldReport", "fold_pending", "inbox_is_empty"]


def fold_pending(database: Database, now: datetime) -> FoldReport:
    """Folds until the inbox is empty, each message exactly once, by any number of processes at
    the same time. Brings back what was kept aside for accounts that exist by now, adds the daily
    sums that were told, and makes the days of accounts whose zone has changed again. `now` is
    aware.
    """
    report = fold_inbox(database, now)
    fold_told(database, now)
    rebuild_moved(database, now)
    return report


def inbox_is_empty(session: Session) -> bool:
    """A cheap look for the worker, before `fold_pending`."""
    return inbox.is_empty(session)
