"""How many core features an account used, week by week."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.domain.metrics import DAYS_A_WEEK, MONTH_DAYS
from portal.models import Account, Feature
from portal.services.adoption.window import find_run
from portal.usage.entitlements import entitled
from portal.usage.event_rules import read_resolver
from portal.usage.queries import read_name_days


def breadth_course(session: Session, account_key: str, last: date, weeks: int = 12) -> list[int]:
    """Core features of the contract that were used in the 30 days ending with each week; the
    last week ends on `last`. Raises NotFound.
    """
    reach = MONTH_DAYS + DAYS_A_WEEK * (weeks - 1)
    window = find_run(session, account_key, last - timedelta(days=reach - 1), last)
    wanted = entitled(Feature.id).where(Account.id == window.account.id, Feature.core)
    core = set(session.scalars(wanted))
    resolver = read_resolver(session)
    rows = read_name_days(session, [window.account.id], window.first, last)
    used = {(row.day, resolver.feature_of(row.name)) for row in rows}
    ends = [last - timedelta(days=DAYS_A_WEEK * back) for back in reversed(range(weeks))]
    return [
        len(core & {one for day, one in used if end - timedelta(days=MONTH_DAYS) < day <= end})
        for end in ends
    ]
