"""Once per episode, closed when all is well: against a state machine written day by day."""

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.early_warning import PARAMETERS, Carried, Course, Rule, Step, signals_of, walk
from tests.domain.early_warning.series import course


def steps(rule: Rule, series: Course, start: int = 0, **parameters: Any) -> list[tuple[int, bool]]:
    found = walk(rule, PARAMETERS[rule](**parameters), series, start)
    return [(step.index, step.opens) for step in found]


def test_a_drop_opens_once_and_closes_when_half_of_it_came_back() -> None:
    series = course([100] * 40 + [60] * 60 + [84] * 5 + [85] * 5)
    assert steps(Rule.SUDDEN_DROP, series, calm=3) == [(40, True), (107, False)]


def test_a_drop_is_not_over_because_the_account_got_used_to_less() -> None:
    assert steps(Rule.SUDDEN_DROP, course([100] * 40 + [60] * 200)) == [(40, True)]


def test_a_single_good_day_closes_nothing() -> None:
    back_and_forth = [100] * 40 + [60, 60, 100, 60, 100, 100, 60] * 6
    assert steps(Rule.SUDDEN_DROP, course(back_and_forth), calm=3) == [(40, True)]


def test_the_next_episode_opens_again() -> None:
    series = course([100] * 40 + [50] * 5 + [100] * 40 + [50] * 5)
    assert steps(Rule.SUDDEN_DROP, series, calm=3) == [(40, True), (47, False), (85, True)]


def test_an_alert_closed_by_hand_comes_back_only_after_the_rule_was_quiet() -> None:
    series = course([50] * 10 + [0] * 30 + [50] * 20 + [0] * 20)
    parameters = PARAMETERS[Rule.SILENCE]()
    opened = next(iter(walk(Rule.SILENCE, parameters, series, 0)))
    by_hand = Carried(opened.index, opened.reference, by_hand=True)
    after = list(walk(Rule.SILENCE, parameters, series, opened.index + 1, by_hand))
    assert [step.opens for step in after] == [False, True]
    assert after[0].index == 41  # two calm days
    assert after[1].index > 60


series_of_days = st.lists(st.integers(0, 60), min_size=60, max_size=160)
rules = st.sampled_from([Rule.SUDDEN_DROP, Rule.SLOW_DECLINE, Rule.SILENCE, Rule.LOW_FOR_LONG])


@given(series_of_days, rules, st.integers(1, 6))
def test_as_day_by_day(values: list[int], rule: Rule, calm: int) -> None:
    series, parameters = course(values), PARAMETERS[rule](calm=calm)
    assert list(walk(rule, parameters, series, 0)) == plainly(rule, parameters, series)


@given(series_of_days, rules, st.integers(1, 100))
def test_a_walk_in_two_parts_is_the_same_walk(values: list[int], rule: Rule, cut: int) -> None:
    """The night's evaluation carries the episode over; it must not matter where."""
    series, parameters = course(values), PARAMETERS[rule]()
    whole = list(walk(rule, parameters, series, 0))
    cut = min(cut, len(values))
    early = [step for step in whole if step.index < cut]
    carried = None
    if early and early[-1].opens:
        carried = Carried(early[-1].index, early[-1].reference)
    assert early + list(walk(rule, parameters, series, cut, carried)) == whole


@given(series_of_days, rules)
def test_openings_and_closings_take_turns(values: list[int], rule: Rule) -> None:
    found = list(walk(rule, PARAMETERS[rule](), course(values), 0))
    assert [step.opens for step in found] == [index % 2 == 0 for index in range(len(found))]
    assert all(one.index < two.index for one, two in pairwise(found))


def plainly(rule: Rule, parameters: Any, series: Course) -> list[Step]:
    signals = signals_of(rule, parameters, series)
    found: list[Step] = []
    opened, good_days = None, 0
    for day in range(len(series)):
        if opened is None:
            if signals.fires[day]:
                opened, good_days = Step(day, True, float(signals.reference[day])), 0
                found.append(opened)
            continue
        well = bool(signals.well(opened.reference)[day]) and not signals.fires[day]
        good_days = good_days + 1 if well else 0
        if good_days >= parameters.calm:
            found.append(Step(day, opens=False))
            opened = None
    return found


def test_what_comes_before_the_arrays_is_no_surprise() -> None:
    assert steps(Rule.SUDDEN_DROP, course([])) == []
    assert steps(Rule.SLOW_DECLINE, course([5, 4, 3])) == []
    assert np.isfinite(
        signals_of(Rule.OVER_USE, PARAMETERS[Rule.OVER_USE](), course([1])).reference
    ).all()
