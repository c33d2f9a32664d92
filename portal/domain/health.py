"""The health score of an account on one day (DOMAIN §3). Pure: inputs in, figures out.

Every component is between 0 and 100, or None where there is no data for it: then it is left out,
its weight is shared among the rest, and it is named as missing. The score is a whole number,
rounded half up, and the bands look at that number: what is shown is what decides.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

LOGIN_GOAL = 0.8
"""Share of the provisioned who come in a week at which activity has all of its points."""
COMMUNITY_GOAL = 0.3
"""Share of the persons who take part in 90 days."""
NEW_USES = 2
"""Core features begun within 90 days that are as good as it gets."""
OVERDUE_DAYS = 50
AGE_DAYS = 20
RESPONSE_HOURS = 48
WHOLE = 100.0


class Component(StrEnum):
    ACTIVITY = "activity"
    BREADTH = "breadth"
    VOLUME = "volume"
    SERVICE = "service"
    SENTIMENT = "sentiment"
    COMMUNITY = "community"
    PAYMENT = "payment"
    GROWTH = "growth"
    RELATIONSHIP = "relationship"


class Band(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Signals:
    """What a score is made of; None is unknown. Shares are between 0 and 1.

    `login_ratio`: of the provisioned, in 7 days. `active_now`, `active_before`: mean of weekly
    active persons in the last four weeks and the four before. `breadth`, `depth`: over 30 days.
    `volume_change`: mean over the series, 30 days against the 30 before (0.1 is a tenth more).
    `seat_use`: activated ÷ seats. `begun`: core features first used within 90 days, `unused`:
    entitled core features that were not used in 30. `request_age_days`: of the oldest open
    request, `request_next_days` of the one after it; 0 where none is open. `response_hours`:
    median until the first answer, in 90 days. `taking_part`: persons in 90 days ÷ provisioned.
    The rest comes with surveys, invoices and touches, and is unknown until then.
    """

    provisioned: int | None = None
    login_ratio: float | None = None
    active_now: float | None = None
    active_before: float | None = None
    breadth: float | None = None
    depth: float | None = None
    core_features: int | None = None
    volume_change: float | None = None
    seats: int | None = None
    seat_use: float | None = None
    begun: int | None = None
    unused: int | None = None
    request_age_days: float | None = None
    request_next_days: float | None = None
    response_hours: float | None = None
    nps: float | None = None
    csat: float | None = None
    taking_part: float | None = None
    overdue_days: int | None = None
    sponsor: bool | None = None
    touch_age_days: int | None = None
    cadence_days: int | None = None


@dataclass(frozen=True, slots=True)
class Bands:
    """The least score of green, and of yellow."""

    green: int = 75
    yellow: int = 50

    def of(self, score: int) -> Band:
        if score >= self.green:
            return Band.GREEN
        return Band.YELLOW if score >= self.yellow else Band.RED


Weights = Mapping[Component, int]
Values = Mapping[Component, float | None]

USUAL_WEIGHTS: dict[Component, int] = {
    Component.ACTIVITY: 25,
    Component.BREADTH: 20,
    Component.VOLUME: 10,
    Component.SERVICE: 15,
    Component.SENTIMENT: 10,
    Component.COMMUNITY: 5,
    Component.PAYMENT: 5,
    Component.GROWTH: 5,
    Component.RELATIONSHIP: 5,
}
USUAL_BANDS = Bands()


@dataclass(frozen=True, slots=True)
class Contribution:
    """`weight` as set, `share` of the whole after the missing have given theirs away (0 to 1),
    `points` that it adds to the score, `lost` that it could still add.
    """

    component: Component
    value: float | None
    weight: int
    share: float
    points: float
    lost: float


@dataclass(frozen=True, slots=True)
class Score:
    """`score` is None where no component has data."""

    score: int | None
    band: Band | None
    parts: list[Contribution]

    @classmethod
    def of(cls, parts: list[Contribution], bands: Bands) -> "Score":
        """From one part for each component."""
        if not any(part.share for part in parts):
            return cls(None, None, parts)
        score = half_up(sum(part.points for part in parts))
        return cls(score, bands.of(score), parts)

    @property
    def missing(self) -> list[Component]:
        return [part.component for part in self.parts if part.value is None and part.weight]


def values_of(signals: Signals) -> dict[Component, float | None]:
    """Every component by its formula."""
    return {
        Component.ACTIVITY: _activity(signals),
        Component.BREADTH: _mean(_scaled(signals.breadth), _scaled(signals.depth)),
        Component.VOLUME: _volume(signals.volume_change),
        Component.SERVICE: _mean(
            _left(signals.request_age_days, AGE_DAYS), _left(signals.response_hours, RESPONSE_HOURS)
        ),
        Component.SENTIMENT: _mean(
            None if signals.nps is None else (signals.nps + 100) / 2, _scaled(signals.csat)
        ),
        Component.COMMUNITY: _against(signals.taking_part, COMMUNITY_GOAL),
        Component.PAYMENT: _left(signals.overdue_days, OVERDUE_DAYS),
        Component.GROWTH: _growth(signals),
        Component.RELATIONSHIP: _relationship(signals),
    }


def score_of(values: Values, weights: Weights, bands: Bands = USUAL_BANDS) -> Score:
    """The weighted mean of what is known."""
    known = {one: value for one, value in values.items() if value is not None}
    total = sum(weights.get(one, 0) for one in known)
    parts = []
    for one in Component:
        share = weights.get(one, 0) / total if one in known and total else 0.0
        parts.append(contribution(one, values.get(one), weights.get(one, 0), share))
    return Score.of(parts, bands)


def half_up(value: float) -> int:
    """Rounded after the ninth decimal is settled, so that 74.5 made of tenths is 74.5."""
    return math.floor(round(value, 9) + 0.5)


def contribution(
    component: Component, value: float | None, weight: int, share: float
) -> Contribution:
    if value is None or not share:
        return Contribution(component, value, weight, 0.0, 0.0, 0.0)
    return Contribution(component, value, weight, share, share * value, share * (WHOLE - value))


def _activity(signals: Signals) -> float | None:
    """Seven tenths the login ratio against its goal, three tenths the four weeks' course."""
    ratio = _against(signals.login_ratio, LOGIN_GOAL)
    course = None
    if signals.active_now is not None and signals.active_before:
        course = _held(WHOLE * signals.active_now / signals.active_before)
    if ratio is None or course is None:
        return course if ratio is None else ratio
    return 0.7 * ratio + 0.3 * course


def _volume(change: float | None) -> float | None:
    """75 where nothing changed, 100 from a fifth more on, 0 from three fifths less on."""
    return None if change is None else _held(75 + 125 * change)


def _growth(signals: Signals) -> float | None:
    """Six tenths the seats in use, four tenths new use cases; full where none is left to begin."""
    seats = _against(signals.seat_use, 1.0)
    uses = None
    if signals.begun is not None and signals.unused is not None:
        uses = WHOLE if signals.unused == 0 else _against(signals.begun, NEW_USES)
    if seats is None or uses is None:
        return uses if seats is None else seats
    return 0.6 * seats + 0.4 * uses


def _relationship(signals: Signals) -> float | None:
    """Half a sponsor who is there, half a touch within the segment's cadence."""
    sponsor = None if signals.sponsor is None else WHOLE * signals.sponsor
    touch = None
    if signals.touch_age_days is not None and signals.cadence_days:
        touch = _held(WHOLE * signals.cadence_days / max(signals.touch_age_days, 1))
    return _mean(sponsor, touch)


def _scaled(share: float | None) -> float | None:
    return None if share is None else _held(WHOLE * share)


def _against(value: float | None, goal: float) -> float | None:
    return None if value is None else _held(WHOLE * value / goal)


def _left(value: float | None, most: float) -> float | None:
    """All points at 0, none from `most` on."""
    return None if value is None else _held(WHOLE * (1 - value / most))


def _held(value: float) -> float:
    return min(max(value, 0.0), WHOLE)


def _mean(*values: float | None) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def group_of(
    members: Iterable[tuple[Score, int]], weights: Weights, bands: Bands = USUAL_BANDS
) -> Score:
    """The mean of the members' scores before rounding, weighted by their seats; each component's
    share and points are the means of theirs. Members without a score are left out. `weights` are
    only told of.
    """
    known = [(score, max(seats, 1)) for score, seats in members if score.score is not None]
    total = sum(seats for _, seats in known)
    parts = []
    for place, component in enumerate(Component):
        share = sum(one.parts[place].share * seats for one, seats in known) / (total or 1)
        points = sum(one.parts[place].points * seats for one, seats in known) / (total or 1)
        value = points / share if share else None
        parts.append(contribution(component, value, weights.get(component, 0), share))
    return Score.of(parts, bands)


def known_signals(signals: Signals) -> dict[str, float | int | bool]:
    """As JSON keeps them: what is unknown is left out."""
    found = {field.name: getattr(signals, field.name) for field in fields(signals)}
    return {name: value for name, value in found.items() if value is not None}
