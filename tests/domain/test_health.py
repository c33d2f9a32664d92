"""The score's arithmetic, on figures worked out by hand and on any figures."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.health import (
    USUAL_WEIGHTS,
    Band,
    Bands,
    Component,
    Signals,
    group_of,
    half_up,
    score_of,
    values_of,
)
from portal.domain.health_levers import Lever, best_change

NOTHING = dict.fromkeys(Component)
SHARES = st.none() | st.floats(0, 1)
VALUES = st.dictionaries(st.sampled_from(Component), st.none() | st.floats(0, 100))
WEIGHTS = st.fixed_dictionaries({one: st.integers(0, 100) for one in Component})


@pytest.mark.parametrize(
    ("signals", "component", "value"),
    [
        (Signals(login_ratio=0.8), Component.ACTIVITY, 100.0),
        (Signals(login_ratio=0.4), Component.ACTIVITY, 50.0),
        (Signals(login_ratio=0.4, active_now=30, active_before=60), Component.ACTIVITY, 50.0),
        (Signals(login_ratio=0.4, active_now=90, active_before=60), Component.ACTIVITY, 65.0),
        (Signals(active_now=30, active_before=40), Component.ACTIVITY, 75.0),
        (Signals(active_now=30, active_before=0), Component.ACTIVITY, None),
        (Signals(breadth=0.5, depth=0.25), Component.BREADTH, 37.5),
        (Signals(breadth=0.5), Component.BREADTH, 50.0),
        (Signals(volume_change=0.0), Component.VOLUME, 75.0),
        (Signals(volume_change=0.3), Component.VOLUME, 100.0),
        (Signals(volume_change=-0.6), Component.VOLUME, 0.0),
        (Signals(seat_use=0.5, begun=1, unused=3), Component.GROWTH, 50.0),
        (Signals(seat_use=1.4, begun=0, unused=0), Component.GROWTH, 100.0),
        (Signals(request_age_days=5, response_hours=24), Component.SERVICE, 62.5),
        (Signals(nps=20), Component.SENTIMENT, 60.0),
        (Signals(taking_part=0.15), Component.COMMUNITY, 50.0),
        (Signals(overdue_days=80), Component.PAYMENT, 0.0),
        (Signals(sponsor=True, touch_age_days=60, cadence_days=30), Component.RELATIONSHIP, 75.0),
        (Signals(sponsor=False), Component.RELATIONSHIP, 0.0),
    ],
)
def test_a_component_by_its_formula(
    signals: Signals, component: Component, value: float | None
) -> None:
    found = values_of(signals)[component]
    assert found is None if value is None else found == pytest.approx(value)


def test_nothing_known_is_no_score_and_names_everything() -> None:
    score = score_of(values_of(Signals()), USUAL_WEIGHTS)
    assert (score.score, score.band) == (None, None)
    assert score.missing == list(Component)


def test_what_is_missing_gives_its_weight_to_the_rest() -> None:
    values = NOTHING | {Component.ACTIVITY: 80.0, Component.BREADTH: 35.0}
    score = score_of(values, USUAL_WEIGHTS)
    activity, breadth = score.parts[0], score.parts[1]
    assert [activity.share, breadth.share] == pytest.approx([25 / 45, 20 / 45])
    assert [activity.lost, breadth.lost] == pytest.approx([100 / 9, 260 / 9])
    assert (score.score, score.band) == (60, Band.YELLOW)
    assert Component.SENTIMENT in score.missing


def test_a_component_of_no_weight_is_not_missed() -> None:
    score = score_of(NOTHING | {Component.ACTIVITY: 50.0}, {Component.ACTIVITY: 1})
    assert (score.score, score.missing) == (50, [])


@pytest.mark.parametrize(
    ("value", "band"),
    [(75.0, "green"), (74.5, "green"), (74.4999, "yellow"), (49.5, "yellow"), (49.49, "red")],
)
def test_the_band_looks_at_the_number_shown(value: float, band: str) -> None:
    score = score_of(NOTHING | {Component.ACTIVITY: value}, USUAL_WEIGHTS)
    assert score.band == band
    assert score.band == Bands().of(half_up(value))


@given(VALUES, WEIGHTS)
def test_a_score_is_the_exact_weighted_mean(
    values: dict[Component, float | None], weights: dict[Component, int]
) -> None:
    score = score_of(values, weights)
    known = {one: value for one, value in values.items() if value is not None and weights[one]}
    if not known:
        assert score.score is None
        return
    exact = sum((Fraction(value) * weights[one] for one, value in known.items()), Fraction())
    exact /= sum(weights[one] for one in known)
    assert score.score is not None
    assert 0 <= score.score <= 100
    assert abs(Fraction(score.score) - exact) <= Fraction(1, 2) + Fraction(1, 10**8)
    assert sum(part.points for part in score.parts) == pytest.approx(float(exact))
    assert sum(part.points + part.lost for part in score.parts) == pytest.approx(100)


@given(VALUES, WEIGHTS, st.sampled_from(Component), st.floats(0, 100))
def test_more_of_a_component_is_never_less_health(
    values: dict[Component, float | None],
    weights: dict[Component, int],
    component: Component,
    more: float,
) -> None:
    before = values.get(component)
    if before is None:
        return
    after = score_of(values | {component: max(before, more)}, weights).score
    assert (after or 0) >= (score_of(values, weights).score or 0)


@given(SHARES, SHARES, SHARES, st.none() | st.floats(-1, 5))
def test_components_stay_between_0_and_100(
    login: float | None, breadth: float | None, depth: float | None, change: float | None
) -> None:
    signals = Signals(login_ratio=login, breadth=breadth, depth=depth, volume_change=change)
    assert all(value is None or 0 <= value <= 100 for value in values_of(signals).values())


def test_a_group_is_the_mean_of_its_members_by_seats() -> None:
    large = score_of(NOTHING | {Component.ACTIVITY: 80.0, Component.VOLUME: 60.0}, USUAL_WEIGHTS)
    small = score_of(NOTHING | {Component.ACTIVITY: 20.0}, USUAL_WEIGHTS)
    unknown = score_of(NOTHING, USUAL_WEIGHTS)
    found = group_of([(large, 300), (small, 100), (unknown, 9000)], USUAL_WEIGHTS)
    exact = (300 * (25 * 80 + 10 * 60) / 35 + 100 * 20) / 400
    assert found.score == half_up(exact)
    assert sum(part.points for part in found.parts) == pytest.approx(exact)
    assert sum(part.share for part in found.parts) == pytest.approx(1)
    assert Component.BREADTH in found.missing
    assert group_of([(unknown, 3)], USUAL_WEIGHTS).score is None


@given(st.lists(st.tuples(VALUES, st.integers(0, 5000)), max_size=5))
def test_a_group_lies_between_its_members(
    members: list[tuple[dict[Component, float | None], int]],
) -> None:
    scored = [(score_of(values, USUAL_WEIGHTS), seats) for values, seats in members]
    known = [score.score for score, _ in scored if score.score is not None]
    found = group_of(scored, USUAL_WEIGHTS).score
    if not known:
        assert found is None
        return
    assert found is not None
    assert min(known) <= found <= max(known)


def test_the_best_change_is_the_one_with_the_most_points() -> None:
    signals = Signals(
        provisioned=100, login_ratio=0.4, breadth=0.9, depth=0.9, core_features=10, unused=1
    )
    change = best_change(signals, USUAL_WEIGHTS)
    assert change is not None
    assert (change.lever, change.amount) == (Lever.PEOPLE, 40)
    assert change.gain == pytest.approx(25 / 45 * 50)
    lively = replace(signals, login_ratio=0.9, depth=0.2)
    change = best_change(lively, USUAL_WEIGHTS)
    assert change is not None
    assert change.lever is Lever.DEPTH


def test_an_old_request_and_an_empty_community_are_levers_too() -> None:
    signals = Signals(provisioned=50, request_age_days=18, request_next_days=4, response_hours=0)
    change = best_change(signals, USUAL_WEIGHTS)
    assert change is not None
    assert (change.lever, change.component) == (Lever.REQUEST, Component.SERVICE)
    # Half of the component: from 2 days before the most to 16.
    assert change.gain == pytest.approx(100 * 14 / 20 / 2)
    quiet = replace(signals, request_age_days=0, request_next_days=0, taking_part=0.1)
    change = best_change(quiet, USUAL_WEIGHTS)
    assert change is not None
    assert (change.lever, change.amount) == (Lever.COMMUNITY, 10)
    assert change.gain == pytest.approx(5 / 20 * 200 / 3)


def test_who_has_everything_needs_no_change() -> None:
    signals = Signals(provisioned=10, login_ratio=1.0, breadth=1.0, depth=1.0, core_features=4)
    assert best_change(replace(signals, unused=0), USUAL_WEIGHTS) is None
    assert best_change(Signals(), USUAL_WEIGHTS) is None
