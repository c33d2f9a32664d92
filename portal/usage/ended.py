"""When a fold changed days that were over: figures as of the last full day follow from these."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.models import UsageAccount
from portal.usage.days import local_day
from portal.usage.moments import microseconds
from portal.usage.rollups import Rollups
from portal.usage.store import chunks

# A day that ends while a fold runs counts as over.
MARGIN = timedelta(hours=1)


def note_ended(session: Session, rollups: Rollups, version: int, now: datetime) -> None:
    """In the transaction that writes the rollups, after the accounts' rows are there."""
    soon = microseconds(now + MARGIN)
    today = {account: local_day(use.time_zone, soon) for account, use in rollups.uses.items()}
    touched = {
        account
        for (account, day), part in rollups.days.items()
        if part.changed and day < today.get(account, 0)
    }
    for some in chunks(touched):
        session.execute(
            update(UsageAccount)
            .where(UsageAccount.account_id.in_(some))
            .values(ended_version=version)
            .execution_options(synchronize_session=False)
        )
