from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.domain.lifecycle import STAGES, Criterion, Stage, StageFacts, unmet

TODAY = date(2026, 11, 21)
FACTS = StageFacts(
    stage=Stage.SIGNED,
    today=TODAY,
    contract_start=TODAY - timedelta(days=30),
    contract_end=TODAY + timedelta(days=335),
    go_live=TODAY - timedelta(days=10),
    used=0.6,
)


def test_the_way_through_the_stages_asks_for_nothing_more() -> None:
    way = [
        (Stage.SIGNED, Stage.IMPLEMENTATION),
        (Stage.IMPLEMENTATION, Stage.INTERNAL_ROLLOUT),
        (Stage.INTERNAL_ROLLOUT, Stage.STEADY_USE),
        (Stage.RENEWAL, Stage.STEADY_USE),
    ]
    for here, to in way:
        assert unmet(to, replace(FACTS, stage=here)) == []
    near = replace(FACTS, stage=Stage.STEADY_USE, contract_end=TODAY + timedelta(days=90))
    assert unmet(Stage.RENEWAL, near) == []
    over = replace(FACTS, stage=Stage.RENEWAL, contract_end=TODAY - timedelta(days=1))
    assert unmet(Stage.CHURNED, over) == []


@pytest.mark.parametrize(
    ("to", "changes", "missing"),
    [
        (Stage.IMPLEMENTATION, {"contract_start": None}, Criterion.CONTRACT_BEGUN),
        (
            Stage.IMPLEMENTATION,
            {"contract_start": TODAY + timedelta(days=1)},
            Criterion.CONTRACT_BEGUN,
        ),
        (Stage.INTERNAL_ROLLOUT, {"go_live": None}, Criterion.LIVE),
        (Stage.STEADY_USE, {"used": 0.49}, Criterion.IN_USE),
        (Stage.STEADY_USE, {"used": None}, Criterion.IN_USE),
        (Stage.RENEWAL, {"contract_end": TODAY + timedelta(days=91)}, Criterion.RENEWAL_NEAR),
        (Stage.RENEWAL, {"contract_end": None}, Criterion.RENEWAL_NEAR),
        (Stage.CHURNED, {}, Criterion.CONTRACT_OVER),
    ],
)
def test_what_a_stage_asks_for_is_missing(
    to: Stage, changes: dict[str, object], missing: Criterion
) -> None:
    before = {Stage.CHURNED: Stage.RENEWAL}.get(to, STAGES[STAGES.index(to) - 1])
    facts = replace(FACTS, stage=before, **changes)  # type: ignore[arg-type] # fields by name
    assert unmet(to, facts) == [missing]


def test_a_renewal_is_over_only_with_a_later_end() -> None:
    near = replace(FACTS, stage=Stage.RENEWAL, contract_end=TODAY + timedelta(days=40))
    assert unmet(Stage.STEADY_USE, near) == [Criterion.RENEWED]
    assert unmet(Stage.CHURNED, replace(near, left=True)) == []


def test_backwards_and_past_a_stage_is_against_the_order() -> None:
    for here in STAGES:
        for to in STAGES[: STAGES.index(here)]:
            against = Criterion.IN_ORDER in unmet(to, replace(FACTS, stage=here))
            assert against == ((here, to) != (Stage.RENEWAL, Stage.STEADY_USE))
    assert Criterion.IN_ORDER in unmet(Stage.STEADY_USE, FACTS)
