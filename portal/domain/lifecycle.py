"""The stages of a subscription (DOMAIN §4), in their order."""

from enum import StrEnum


class Stage(StrEnum):
    SIGNED = "signed"
    IMPLEMENTATION = "implementation"
    INTERNAL_ROLLOUT = "internal_rollout"
    STEADY_USE = "steady_use"
    RENEWAL = "renewal"
    CHURNED = "churned"


STAGES = tuple(Stage)
