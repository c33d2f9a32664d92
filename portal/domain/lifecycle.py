"""The stages of a subscription (DOMAIN §4), in their order, and what it takes to enter each."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    SIGNED = "signed"
    IMPLEMENTATION = "implementation"
    INTERNAL_ROLLOUT = "internal_rollout"
    STEADY_USE = "steady_use"
    RENEWAL = "renewal"
    CHURNED = "churned"


STAGES = tuple(Stage)
NEAR_RENEWAL_DAYS = 90
"""A renewal is talked about from so many days before the contract's end."""
IN_USE = 0.5
"""Share of the seats that have ever been used, from which on use is steady."""
_NEXT = {
    Stage.SIGNED: {Stage.IMPLEMENTATION},
    Stage.IMPLEMENTATION: {Stage.INTERNAL_ROLLOUT},
    Stage.INTERNAL_ROLLOUT: {Stage.STEADY_USE},
    Stage.STEADY_USE: {Stage.RENEWAL},
    Stage.RENEWAL: {Stage.STEADY_USE, Stage.CHURNED},
    Stage.CHURNED: set[Stage](),
}


class Criterion(StrEnum):
    """What an account must be to enter a stage, or what its move must be."""

    IN_ORDER = "in_order"
    CONTRACT_BEGUN = "contract_begun"
    LIVE = "live"
    IN_USE = "in_use"
    RENEWED = "renewed"
    RENEWAL_NEAR = "renewal_near"
    CONTRACT_OVER = "contract_over"


@dataclass(frozen=True, slots=True)
class StageFacts:
    """`today` is the account's. `used`: share of the seats that have ever been used, None where
    it is not known. `left`: the customer has said that it goes.
    """

    stage: Stage
    today: date
    contract_start: date | None
    contract_end: date | None
    go_live: date | None
    used: float | None
    left: bool = False


def criteria(to: Stage, facts: StageFacts) -> dict[Criterion, bool]:
    """What the move asks for → whether it holds."""
    return {Criterion.IN_ORDER: to in _NEXT[facts.stage], **_entry(to, facts)}


def _entry(to: Stage, facts: StageFacts) -> dict[Criterion, bool]:
    live = {Criterion.LIVE: facts.go_live is not None and facts.go_live <= facts.today}
    if to is Stage.IMPLEMENTATION:
        begun = facts.contract_start is not None and facts.contract_start <= facts.today
        return {Criterion.CONTRACT_BEGUN: begun}
    if to is Stage.INTERNAL_ROLLOUT:
        return live
    if to is Stage.STEADY_USE:
        use = {Criterion.IN_USE: facts.used is not None and facts.used >= IN_USE}
        return {Criterion.RENEWED: not _near(facts)} if facts.stage is Stage.RENEWAL else live | use
    if to is Stage.RENEWAL:
        return {Criterion.RENEWAL_NEAR: _near(facts)}
    if to is Stage.CHURNED:
        over = facts.contract_end is not None and facts.contract_end < facts.today
        return {Criterion.CONTRACT_OVER: over or facts.left}
    return {}


def _near(facts: StageFacts) -> bool:
    """Also where the end is not known, or over."""
    if facts.contract_end is None:
        return facts.stage is Stage.RENEWAL
    return (facts.contract_end - facts.today).days <= NEAR_RENEWAL_DAYS


def unmet(to: Stage, facts: StageFacts) -> list[Criterion]:
    return [one for one, holds in criteria(to, facts).items() if not holds]
