from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reports.charts import date_marks, nice_ticks, text_width
from reports.charts.axes import spread


@given(some.floats(min_value=1e-6, max_value=1e12))
def test_ticks_run_from_zero_past_the_highest_value_in_three_to_five_even_steps(
    highest: float,
) -> None:
    ticks = nice_ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-9)
    assert 3 <= len(ticks) <= 5
    assert all(
        later - earlier == pytest.approx(ticks[1], rel=1e-6) for earlier, later in pairwise(ticks)
    )


@given(some.integers(min_value=0, max_value=10**9))
def test_ticks_for_counted_things_are_whole(highest: int) -> None:
    ticks = nice_ticks(highest, whole=True)
    assert all(tick == int(tick) for tick in ticks)
    assert ticks[-1] >= highest
    assert 3 <= len(ticks) <= 5


@given(some.floats(min_value=1e-6, max_value=1e12))
def test_an_axis_wastes_at_most_half_of_its_height(highest: float) -> None:
    assert nice_ticks(highest)[-1] <= highest * 2


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (226, (0, 100, 200, 300)),
        (1, (0, 0.25, 0.5, 0.75, 1)),
        (0.3, (0, 0.1, 0.2, 0.3)),
        (0, (0, 0.5, 1)),
        (33_000, (0, 10_000, 20_000, 30_000, 40_000)),
    ],
)
def test_ticks_are_the_ones_a_person_would_choose(highest: float, ticks: tuple[float, ...]) -> None:
    assert nice_ticks(highest) == pytest.approx(ticks)


@given(
    some.integers(min_value=1, max_value=800),
    some.sampled_from([1, 7, 30]),
    some.integers(min_value=200, max_value=1200),
)
def test_date_labels_never_touch(count: int, apart: int, width: int) -> None:
    days = [date(2025, 1, 1) + timedelta(days=apart * i) for i in range(count)]
    labels = [f"{day:%d %b}" for day in days]
    marks = date_marks(days, labels, width)
    assert marks[0] == 0
    span = width / max(1, count - 1)
    for earlier, later in pairwise(marks):
        assert (later - earlier) * span >= text_width(labels[0])


def test_daily_labels_fall_on_one_weekday() -> None:
    days = [date(2026, 3, 2) + timedelta(days=i) for i in range(42)]
    marks = date_marks(days, [f"{day:%d %b}" for day in days], 800)
    assert {days[i].weekday() for i in marks} == {0}


def test_no_days_need_no_labels() -> None:
    assert date_marks([], [], 400) == ()


def test_a_chinese_sign_is_wider_than_a_latin_one() -> None:
    assert text_width("客户") > text_width("ab")


@given(some.lists(some.floats(min_value=20, max_value=200), min_size=1, max_size=4))
def test_labels_at_line_ends_keep_their_distance_and_stay_inside(heights: list[float]) -> None:
    placed = spread(heights, 17, 20, 200)
    assert all(b - a >= 17 - 1e-6 for a, b in pairwise(sorted(placed)))
    assert all(20 - 1e-6 <= y <= 200 + 1e-6 for y in placed)
