"""In which stage of its subscription each customer of the demo is, as its dates and use say."""

from datetime import date, timedelta

from portal.demo.cast import Company
from portal.domain.lifecycle import NEAR_RENEWAL_DAYS, Stage
from portal.models import Account

# So many days after its go-live most of a company works with it, unless it stalls.
ROLLED_OUT = 60
STALLED = "stalled"


def set_stage(account: Account, company: Company, end: date) -> None:
    """`end` is the day from which the company's days are counted."""
    stage, back = _stage(company)
    account.stage, account.stage_since = stage.value, end - timedelta(days=back)


def _stage(company: Company) -> tuple[Stage, int]:
    """And for how many days."""
    if company.renews <= NEAR_RENEWAL_DAYS:
        return Stage.RENEWAL, NEAR_RENEWAL_DAYS - company.renews
    if company.shape == STALLED or company.live < ROLLED_OUT:
        return Stage.INTERNAL_ROLLOUT, company.live
    return Stage.STEADY_USE, company.live - ROLLED_OUT
