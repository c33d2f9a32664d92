import pytest
from hypothesis import given
from hypothesis import strategies as some

from reports.charts import Wording, progress
from reports.charts.ruler import share_of_way
from tests.reports.charts.drawn import all_of, roots, words

DAYS = Wording(number=lambda value: f"{value:g} days")


def test_a_goal_that_falls_still_runs_left_to_right() -> None:
    assert share_of_way(9, 5.9, 4) == pytest.approx(0.62)


def test_all_three_values_are_printed_and_tabled() -> None:
    chart = progress("g", "Close sooner", baseline=9, now=5.9, target=4, wording=DAYS)
    broad, slim = roots(chart)
    assert set(words(broad)) == set(words(slim)) == {"9 days", "5.9 days", "4 days"}
    assert chart.rows == (("9 days", "5.9 days", "4 days"),)
    assert len(all_of(broad, "goal-mark")) == 1


def test_without_a_reading_there_is_no_marker() -> None:
    chart = progress("g", "Close sooner", baseline=9, now=None, target=4, wording=DAYS)
    assert not list(roots(chart)[0].iter("circle"))
    assert chart.rows[0][1] == "–"


def test_a_target_that_is_its_own_baseline_is_reached() -> None:
    assert share_of_way(4, 4, 4) == 1


@given(some.floats(-1e6, 1e6), some.floats(-1e6, 1e6), some.floats(-1e6, 1e6))
def test_the_marker_stays_on_the_ruler(baseline: float, now: float, target: float) -> None:
    chart = progress("g", "Goal", baseline=baseline, now=now, target=target, wording=DAYS)
    for root, width in zip(roots(chart), (500, 354), strict=True):
        assert all(7 <= float(one.get("cx", "")) <= width - 7 for one in root.iter("circle"))
