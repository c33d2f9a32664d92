"""How many core features an account used, week by week."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.metrics import DAYS_A_WEEK, MONTH_DAYS
from portal.models import Account, Entitlement, Feature, UsageName, UsageNameDay


def breadth_course(session: Session, account_key: str, last: date, weeks: int = 12) -> list[int]:
    """Core features of the contract that were used in the 30 days ending with each week; the
    last week ends on `last`.
    """
    reach = MONTH_DAYS + DAYS_A_WEEK * (weeks - 1)
    rows = session.execute(
        select(UsageNameDay.day, Feature.id)
        .join(UsageName, UsageName.id == UsageNameDay.name_id)
        .join(Feature, Feature.event == UsageName.name)
        .join(
            Entitlement,
            (Entitlement.feature_id == Feature.id)
            & (Entitlement.account_id == UsageNameDay.account_id),
        )
        .join(Account, Account.id == UsageNameDay.account_id)
        .where(
            Account.key == account_key,
            Feature.core,
            UsageNameDay.day > last - timedelta(days=reach),
            UsageNameDay.day <= last,
        )
    ).all()
    ends = [last - timedelta(days=DAYS_A_WEEK * back) for back in reversed(range(weeks))]
    return [
        len({row.id for row in rows if end - timedelta(days=MONTH_DAYS) < row.day <= end})
        for end in ends
    ]
