from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reports.charts import Pin, Series, area, line
from tests.reports.charts.drawn import (
    FIRST_MONDAY,
    WORDING,
    active,
    all_of,
    ends_of,
    numbers,
    roots,
    weeks,
    words,
)

SEVEN = (84, 71, 58, 55, 60, 78, 92)
trend = partial(area, "q3", "Weekly active people rose from 84 to 92.")


def test_a_trend_says_its_finding_and_carries_its_numbers_as_a_table() -> None:
    set_up = Series("set up", (112,) * 7, style=3)
    chart = trend(weeks(7), [active(*SEVEN), set_up], WORDING, summary="Seven weeks.")
    broad, slim = roots(chart)
    for root, kind in ((broad, "broad"), (slim, "slim")):
        assert root.get("role") == "img"
        assert root.get("direction") == "ltr"
        assert root.get("aria-labelledby") == f"q3-{kind}-t q3-{kind}-d"
        assert root[0].text == "Weekly active people rose from 84 to 92."
        assert root[1].text == "Seven weeks."
    assert chart.alternative == "Weekly active people rose from 84 to 92. Seven weeks."
    assert chart.head == ("Week of", "active", "set up")
    assert chart.rows[0] == ("29 Jun", "84", "112")
    assert len(chart.rows) == 7


def test_names_and_last_values_stand_at_the_lines_ends() -> None:
    set_up = Series("set up", (112,) * 7, style=3)
    broad, slim = roots(trend(weeks(7), [active(*SEVEN), set_up], WORDING))
    assert "92 active" in words(broad)
    assert "112 set up" in words(broad)
    assert "92 active" not in words(slim)
    assert "112 set up" in words(slim)


def test_a_missing_week_breaks_the_line_and_its_area() -> None:
    broad, _ = roots(trend(weeks(9), [active(84, 71, 58, None, 60, 78, 92, 95, 99)], WORDING))
    assert len(ends_of(broad, "l1")) == 2
    assert len(ends_of(broad, "a1")) == 2


def test_a_lonely_week_between_two_missing_ones_is_a_point() -> None:
    values = (84, 71, 58, 60, 61, None, 78, None)
    broad, _ = roots(line("l", "Lonely", weeks(8), [active(*values)], WORDING, hover=False))
    assert len(ends_of(broad, "l1")) == 1
    assert len(all_of(broad, "f1")) == 1


def test_a_week_that_is_not_over_is_dotted_and_marked_in_the_table() -> None:
    chart = trend(weeks(7), [active(*SEVEN)], WORDING, partial=True)
    broad, _ = roots(chart)
    assert len(all_of(broad, "open")) == 1
    assert chart.rows[-1][0] == "10 Aug *"
    assert chart.rows[-2][0] == "3 Aug"


def test_a_missing_last_week_leaves_nothing_to_dot() -> None:
    values = (84, 71, 58, 55, 60, 78, None)
    broad, _ = roots(trend(weeks(7), [active(*values)], WORDING, partial=True))
    assert not all_of(broad, "open")


def test_without_figures_there_are_axes_and_one_sentence() -> None:
    chart = trend(weeks(4), [active(None, None, None, None)], WORDING)
    broad, _ = roots(chart)
    assert "The first figures come after go-live." in words(broad)
    assert len(all_of(broad, "axis")) == 1
    assert not all_of(broad, "l1")
    assert chart.rows[0] == ("29 Jun", "–")


def test_without_days_there_are_axes_and_one_sentence() -> None:
    broad, slim = roots(trend([], [active()], WORDING, pins=[Pin(FIRST_MONDAY, 1)]))
    assert "The first figures come after go-live." in words(broad)
    assert not all_of(slim, "pin")


def test_too_few_weeks_are_points_with_a_sentence_not_a_line() -> None:
    broad, _ = roots(trend(weeks(3), [active(84, 71, 58)], WORDING, hover=False))
    assert not all_of(broad, "l1")
    assert len(all_of(broad, "f1")) == 3
    assert "The line begins with the sixth week." in words(broad)


@pytest.mark.parametrize("values", [(84, 71, 58), (0, 0, 90), (90, 90, 90, 90, 90)])
def test_the_sentence_about_few_weeks_stands_over_every_point_and_name(
    values: tuple[int, ...],
) -> None:
    before = Series("period before", values[::-1], style=2)
    for root in roots(trend(weeks(len(values)), [active(*values), before], WORDING, hover=False)):
        said = next(one for one in root.iter("text") if (one.text or "").startswith("The line"))
        under = float(said.get("y", "")) + 4
        points = [*all_of(root, "f1"), *all_of(root, "f2")]
        assert len(points) == 2 * len(values)
        assert all(float(one.get("cy", "")) - float(one.get("r", "")) > under for one in points)
        names = [*all_of(root, "t1"), *all_of(root, "t2"), *all_of(root, "tick")]
        assert all(float(one.get("y", "")) - 12 > under for one in names)


def test_each_week_can_be_read_by_the_pointer_and_none_in_print() -> None:
    shown, _ = roots(trend(weeks(7), [active(*SEVEN)], WORDING))
    assert len(all_of(shown, "hit")) == 7
    assert "29 Jun: 84 active" in words(shown)
    printed, _ = roots(trend(weeks(7), [active(*SEVEN)], WORDING, hover=False))
    assert not all_of(printed, "hit")


def test_a_milestone_outside_the_days_has_no_pin() -> None:
    inside, outside = Pin(FIRST_MONDAY + timedelta(3), 1), Pin(FIRST_MONDAY - timedelta(3), 2)
    broad, _ = roots(trend(weeks(7), [active(*SEVEN)], WORDING, pins=[inside, outside]))
    assert [one.text for one in all_of(broad, "pin-n")] == ["1"]


def test_a_gap_in_the_days_is_a_gap_in_the_drawing() -> None:
    days = [*weeks(6), weeks(12)[-1]]
    broad, _ = roots(trend(days, [active(*SEVEN)], WORDING, hover=False))
    xs = numbers(ends_of(broad, "l1")[0])[::2]
    assert xs[6] - xs[5] == pytest.approx(6 * (xs[5] - xs[4]), abs=1)


@pytest.mark.parametrize(
    ("days", "series", "message"),
    [
        (weeks(2), [active(1)], "active: 1 figures for 2 days."),
        (weeks(2)[::-1], [active(1, 2)], "The days of a chart must rise."),
        (weeks(2), [], "A chart needs at least one series."),
    ],
)
def test_figures_that_do_not_fit_their_days_are_refused(
    days: list[date], series: list[Series], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        line("l", "Wrong", days, series, WORDING)


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_value_that_cannot_stand_on_an_axis_from_zero_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="cannot stand on an axis from zero"):
        active(value)


def test_a_fifth_style_is_refused() -> None:
    with pytest.raises(ValueError, match="style 1, 2, 3 or 4"):
        Series("active", (), style=5)


@given(
    some.lists(some.none() | some.integers(0, 10**7), max_size=40),
    some.text(max_size=30),
    some.booleans(),
)
def test_any_figures_and_any_words_make_a_well_formed_drawing_inside_its_field(
    values: list[int | None],
    name: str,
    unfinished: bool,  # noqa: FBT001 - Hypothesis passes by position
) -> None:
    printable = "".join(sign for sign in name if sign.isprintable())
    series = [Series(f"<{printable}>&\"'", tuple(values)), Series("b", tuple(values), style=2)]
    title = f"</title><script>{printable}"
    chart = line("k", title, weeks(len(values)), series, WORDING, partial=unfinished)
    for root in roots(chart):
        assert root[0].text == title
        assert not list(root.iter("script"))
        assert "style" not in {key for one in root.iter() for key in one.attrib}
        tall = float(root.get("viewBox", "").split()[3])
        for one in (*all_of(root, "l1"), *all_of(root, "l2")):
            assert all(0 <= y <= tall for y in numbers(one.get("d", ""))[1::2])
