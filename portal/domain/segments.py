"""Which segment an account is in: the first whose rule it fits (DOMAIN §4)."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traits:
    """What a rule may ask of an account."""

    tier: str
    industry: str
    region: str
    stage: str


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """An empty tuple fits everything."""

    key: str
    name_en: str
    name_zh: str = ""
    tiers: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    def fits(self, traits: Traits) -> bool:
        asked = (
            (self.tiers, traits.tier),
            (self.industries, traits.industry),
            (self.regions, traits.region),
            (self.stages, traits.stage),
        )
        return all(not allowed or value in allowed for allowed, value in asked)


OTHERS = "others"
"""The segment of an account that fits no rule."""

USUAL_SEGMENTS = (
    SegmentRule("strategic", "Strategic", "战略客户", tiers=("strategic",)),
    SegmentRule("standard", "Standard", "普通客户", tiers=("standard",)),
    SegmentRule("small", "Small", "小微客户", tiers=("small",)),
)
"""By tier, until the vendor makes segments of its own."""


def segment_of(rules: Iterable[SegmentRule], traits: Traits) -> str:
    return next((rule.key for rule in rules if rule.fits(traits)), OTHERS)
