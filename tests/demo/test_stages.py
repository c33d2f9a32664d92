"""A customer of the demo is in the stage that its dates allow, and had the time to get there."""

from datetime import date, timedelta

from portal.demo.cast import COMPANIES
from portal.demo.records import make_account
from portal.demo.stages import set_stage
from portal.domain.lifecycle import Criterion, Stage, StageFacts, criteria
from tests.moments import NOON

END = date(2026, 11, 20)
BEFORE = {
    Stage.INTERNAL_ROLLOUT: Stage.IMPLEMENTATION,
    Stage.STEADY_USE: Stage.INTERNAL_ROLLOUT,
    Stage.RENEWAL: Stage.STEADY_USE,
}


def test_dates_allow_each_stage_since_its_day() -> None:
    seen = set()
    for company in COMPANIES:
        account = make_account(company, NOON, END)
        set_stage(account, company, END)
        stage, since = Stage(account.stage), account.stage_since
        assert since is not None
        assert account.go_live is not None
        assert account.go_live <= since <= END
        told = StageFacts(
            BEFORE[stage],
            since,
            account.contract_start,
            account.contract_end,
            account.go_live,
            used=1.0,
        )
        assert set(criteria(stage, told).values()) == {True}, company.key
        if stage is not Stage.RENEWAL:
            near = StageFacts(stage, END, None, account.contract_end, None, None)
            assert not criteria(Stage.RENEWAL, near)[Criterion.RENEWAL_NEAR], company.key
        if stage is Stage.INTERNAL_ROLLOUT:
            assert END - since < timedelta(days=60)
        seen.add(stage)
    assert seen == set(BEFORE)
