"""The way to a target."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.targets import Course, Standing

SET, DUE = date(2026, 1, 1), date(2026, 4, 11)  # a hundred days
UP = Course(SET, 0.5, DUE, 0.8)


@pytest.mark.parametrize(
    ("course", "day", "value", "standing"),
    [
        (UP, 50, 0.65, Standing.ON_THE_WAY),
        (UP, 50, 0.64, Standing.BEHIND),
        (UP, 50, 0.8, Standing.REACHED),
        (UP, 100, 0.79, Standing.MISSED),
        (UP, 120, 0.81, Standing.REACHED),
        (UP, 50, None, Standing.UNKNOWN),
        (Course(SET, 0.9, DUE, 0.8), 50, 0.86, Standing.REACHED),
        (Course(SET, 0.9, DUE, 0.8), 50, 0.7, Standing.BEHIND),
        (Course(SET, None, DUE, 0.8), 50, 0.6, Standing.UNKNOWN),
        (Course(SET, None, DUE, 0.8), 50, 0.9, Standing.REACHED),
        (Course(SET, None, DUE, 0.8), 100, 0.6, Standing.MISSED),
    ],
)
def test_where_it_stands(course: Course, day: int, value: float | None, standing: Standing) -> None:
    assert course.standing(SET + timedelta(days=day), value) is standing


def test_the_line_is_straight() -> None:
    assert UP.expected(SET - timedelta(days=5)) == 0.5
    assert UP.expected(SET + timedelta(days=50)) == pytest.approx(0.65)
    assert UP.expected(DUE + timedelta(days=50)) == 0.8
    assert UP.gap(SET + timedelta(days=50), 0.6) == pytest.approx(0.05)
    assert Course(SET, None, DUE, 1).expected(DUE) is None


def test_as_it_goes_on() -> None:
    assert UP.forecast(SET + timedelta(days=50), 0.6) == pytest.approx(0.7)
    assert UP.forecast(SET + timedelta(days=6), 0.6) is None
    assert UP.forecast(SET + timedelta(days=50), 0.1) == 0


SHARES = st.floats(0.01, 1)


@given(SHARES, SHARES, st.integers(0, 200), SHARES)
def test_behind_is_a_gap(start: float, goal: float, gone: int, value: float) -> None:
    course, day = Course(SET, start, DUE, goal), SET + timedelta(days=gone)
    gap = course.gap(day, value)
    assert gap is not None
    standing = course.standing(day, value)
    if standing is Standing.BEHIND:
        assert gap > 0
    if standing is Standing.ON_THE_WAY:
        assert gap <= 0
    if gone >= 100:
        assert standing in {Standing.REACHED, Standing.MISSED}
