"""What a request weighs (DOMAIN §7): plan fit × tier × requester's role × effect, each 1 to 5."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from portal.domain.errors import Invalid
from portal.domain.permissions import Role

LEAST, MOST = 1, 5
UNJUDGED_FIT = 3
LONGEST_REASON = 500


class Part(StrEnum):
    """Fit is product's to say; the other three follow from the account, the person and what they
    say about their work, and may be set otherwise with a reason.
    """

    FIT = "fit"
    TIER = "tier"
    ROLE = "role"
    EFFECT = "effect"


class Effect(StrEnum):
    """What it means for the customer's work, in the words of whoever asks."""

    STOPS = "stops"
    HOURS = "hours"
    MINUTES = "minutes"
    COMFORT = "comfort"


BY_TIER: Mapping[str, int] = {"strategic": 5, "standard": 3, "small": 2}
BY_ROLE: Mapping[str, int] = {Role.EXECUTIVE: 5, Role.CHAMPION: 4, Role.MEMBER: 2}
BY_EFFECT: Mapping[str, int] = {
    Effect.STOPS: 5,
    Effect.HOURS: 4,
    Effect.MINUTES: 2,
    Effect.COMFORT: 1,
}
UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Graded:
    """A part as it counts. `given` where a person has set it, with their reason."""

    part: Part
    value: int
    given: bool = False
    reason: str = ""


def grade(
    tier: str, role: str, effect: str, given: Mapping[str, tuple[int, str]]
) -> tuple[Graded, ...]:
    """The four parts in their order. `given`: part → value and reason, which go before."""
    proposed = {
        Part.FIT: UNJUDGED_FIT,
        Part.TIER: BY_TIER.get(tier, UNKNOWN),
        Part.ROLE: BY_ROLE.get(role, UNKNOWN),
        Part.EFFECT: BY_EFFECT.get(effect, UNKNOWN),
    }
    return tuple(
        Graded(part, *given[part][:1], given=True, reason=given[part][1])
        if part in given
        else Graded(part, value)
        for part, value in proposed.items()
    )


def priority(parts: tuple[Graded, ...]) -> int:
    """1 to 625."""
    return prod(one.value for one in parts)


def check_part(part: str, value: int, reason: str) -> Part:
    """Raises Invalid. A part other than fit is set against what was worked out, so it says why."""
    fields = {}
    if part not in set(Part):
        fields["part"] = "Choose a part of the grade."
    if not LEAST <= value <= MOST:
        fields["value"] = "From 1 to 5."
    if part != Part.FIT and not reason.strip():
        fields["reason"] = "Say why it is set by hand."
    if len(reason) > LONGEST_REASON:
        fields["reason"] = "Keep it under 500 characters."
    if fields:
        raise Invalid("The grade cannot be set like this.", code="bad-grade", fields=fields)
    return Part(part)
