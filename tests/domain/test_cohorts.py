"""Weeks, and which cohorts are held back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.cohorts import LEAST_GROUP, last_whole_week, monday_of, protected_cohorts

WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 11, 22), date(2026, 11, 16)),
        (date(2026, 11, 21), date(2026, 11, 9)),
        (date(2026, 11, 23), date(2026, 11, 16)),
        (date(2024, 2, 29), date(2024, 2, 19)),
        (date(2024, 3, 3), date(2024, 2, 26)),
    ],
)
def test_the_last_week_that_is_over(day: date, monday: date) -> None:
    assert last_whole_week(day) == monday


@given(st.dates(date(2000, 1, 8)))
def test_a_monday_is_a_monday(day: date) -> None:
    monday = monday_of(day)
    assert monday.weekday() == 0
    assert monday <= day < monday + WEEK


@pytest.mark.parametrize(
    ("sizes", "held"),
    [
        ([9, 7, 5], set()),
        ([9, 7, 2], {1, 2}),
        ([9, 2, 3, 7], {0, 1, 2}),
        ([2, 9, 9], {0, 1}),
        ([2, 3, 9], {0, 1}),
        ([0, 0], set()),
        ([4], {0}),
        ([], set()),
    ],
)
def test_small_cohorts_are_held_back(sizes: list[int], held: set[int]) -> None:
    assert protected_cohorts(sizes) == held


@given(st.lists(st.integers(0, 12), max_size=30))
def test_no_difference_tells_of_fewer_than_five(sizes: list[int]) -> None:
    """Whatever week one looks at: those of its past cohorts that are not shown are nobody, enough
    persons, or all there are.
    """
    held = protected_cohorts(sizes)
    assert all(sizes[one] >= LEAST_GROUP or not sizes[one] for one in set(range(len(sizes))) - held)
    for week in range(len(sizes)):
        past = sum(sizes[one] for one in held if one <= week)
        assert not past or past >= LEAST_GROUP or past == sum(sizes[: week + 1])
