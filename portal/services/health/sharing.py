"""What a customer sees of their score: nothing, unless the vendor shares it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.health import Band
from portal.models import Account, HealthNewest, Vendor
from portal.tenancy import scope_of

RECENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SharedHealth:
    """The score and its own band: never its parts, nor what somebody said against it."""

    day: date
    score: int
    band: Band


def shared_health(session: Session, account_key: str) -> SharedHealth | None:
    """None where the vendor shares nothing, or there is no score of the last two weeks."""
    wanted = (
        select(HealthNewest.day, HealthNewest.score, HealthNewest.band)
        .join(Account, Account.id == HealthNewest.account_id)
        .where(
            Account.key == account_key,
            HealthNewest.day >= scope_of(session).now.date() - RECENT,
            select(Vendor.id).where(Vendor.share_health).exists(),
        )
    )
    row = session.execute(wanted).one_or_none()
    if row is None or row.score is None:
        return None
    return SharedHealth(row.day, row.score, Band(row.band))
