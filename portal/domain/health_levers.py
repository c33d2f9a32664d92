"""Which one change would lift a score most. A lever is one step that somebody can take, not
"everything at its best".
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from portal.domain.health import (
    COMMUNITY_GOAL,
    LOGIN_GOAL,
    Component,
    Signals,
    Weights,
    values_of,
)


class Lever(StrEnum):
    PEOPLE = "people"
    """`amount` more persons come every week: the login ratio reaches its goal."""
    FEATURE = "feature"
    """One more core feature comes into use."""
    DEPTH = "depth"
    """Core features are used as often as their targets say."""
    VOLUME = "volume"
    """Business volume is back at the month before."""
    SEATS = "seats"
    """`amount` more seats are taken."""
    REQUEST = "request"
    """The oldest open request is decided or answered."""
    COMMUNITY = "community"
    """`amount` more persons take part: their share reaches its goal."""


@dataclass(frozen=True, slots=True)
class Change:
    """`gain`: points of the score, not rounded."""

    lever: Lever
    component: Component
    amount: int | None
    gain: float


def best_change(signals: Signals, weights: Weights) -> Change | None:
    """None where no step would add anything."""
    found = [change for change in _changes(signals, weights) if change.gain > 0]
    return max(found, key=lambda change: change.gain, default=None)


def _changes(signals: Signals, weights: Weights) -> Iterator[Change]:
    before = _total(signals, weights)
    for lever, component, amount, after in _steps(signals):
        yield Change(lever, component, amount, _total(after, weights) - before)


Step = tuple[Lever, Component, int | None, Signals]


def _steps(signals: Signals) -> Iterator[Step]:
    yield from _steps_of_use(signals)
    if signals.volume_change is not None and signals.volume_change < 0:
        yield Lever.VOLUME, Component.VOLUME, None, replace(signals, volume_change=0.0)
    if signals.request_age_days:
        younger = replace(signals, request_age_days=signals.request_next_days or 0.0)
        yield Lever.REQUEST, Component.SERVICE, None, younger
    if signals.taking_part is not None and signals.provisioned:
        more = _missing(COMMUNITY_GOAL - signals.taking_part, signals.provisioned)
        if more > 0:
            after = replace(signals, taking_part=COMMUNITY_GOAL)
            yield Lever.COMMUNITY, Component.COMMUNITY, more, after


def _steps_of_use(signals: Signals) -> Iterator[Step]:
    if signals.login_ratio is not None and signals.provisioned:
        more = _missing(LOGIN_GOAL - signals.login_ratio, signals.provisioned)
        if more > 0:
            after = replace(signals, login_ratio=max(LOGIN_GOAL, signals.login_ratio))
            yield Lever.PEOPLE, Component.ACTIVITY, more, after
    if signals.breadth is not None and signals.core_features and signals.unused:
        wider = min(1.0, signals.breadth + 1 / signals.core_features)
        yield Lever.FEATURE, Component.BREADTH, None, replace(signals, breadth=wider)
    if signals.depth is not None and signals.depth < 1:
        yield Lever.DEPTH, Component.BREADTH, None, replace(signals, depth=1.0)
    if signals.seat_use is not None and signals.seats and signals.seat_use < 1:
        free = _missing(1 - signals.seat_use, signals.seats)
        yield Lever.SEATS, Component.GROWTH, free, replace(signals, seat_use=1.0)


def _missing(share: float, whole: int) -> int:
    """So many of the whole, rounded up."""
    return math.ceil(share * whole - 1e-9)


def _total(signals: Signals, weights: Weights) -> float:
    known = {one: value for one, value in values_of(signals).items() if value is not None}
    total = sum(weights.get(one, 0) for one in known)
    return sum(weights.get(one, 0) * value for one, value in known.items()) / total if total else 0
