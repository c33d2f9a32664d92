from hypothesis import given
from hypothesis import strategies as some

from reports.charts import Series, bar, stacked_bar
from tests.reports.charts.drawn import FIRST_MONDAY, WORDING, active, all_of, roots, weeks, words


def test_bars_stand_on_zero_and_are_as_tall_as_their_values() -> None:
    broad, _ = roots(bar("b", "Calls", weeks(2), active(10, 20), WORDING, hover=False))
    first, second = (float(one.get("height", "")) for one in all_of(broad, "f1"))
    assert second == 2 * first


def test_each_bar_can_be_read_and_stands_in_the_table() -> None:
    chart = bar("b", "Calls", weeks(3), active(10, None, 20), WORDING)
    broad, _ = roots(chart)
    assert "29 Jun: 10" in words(broad)
    assert len(all_of(broad, "hit")) == 2
    assert [row[1] for row in chart.rows] == ["10", "–", "20"]


def test_a_note_stands_over_its_bar_on_either_side() -> None:
    early = bar("b", "C", weeks(6), active(*range(6)), WORDING, note=(FIRST_MONDAY, "start"))
    late = bar("b", "C", weeks(6), active(*range(6)), WORDING, note=(weeks(6)[5], "live"))
    never = bar("b", "C", weeks(6), active(*range(6)), WORDING, note=(weeks(9)[8], "never"))
    assert [one.text for one in all_of(roots(early)[0], "strong")] == ["start"]
    assert [one.get("text-anchor") for one in all_of(roots(late)[0], "strong")] == ["end"]
    assert not all_of(roots(never)[0], "strong")


def test_the_bar_of_a_week_that_is_not_over_is_paler() -> None:
    broad, _ = roots(bar("b", "C", weeks(3), active(1, 2, 3), WORDING, partial=True, hover=False))
    assert [one.get("fill-opacity") for one in all_of(broad, "f1")] == [None, None, ".4"]


def test_no_bars_are_axes_and_one_sentence() -> None:
    for days, values in (([], ()), (weeks(2), (None, None))):
        broad, _ = roots(bar("b", "C", days, active(*values), WORDING))
        assert "The first figures come after go-live." in words(broad)


def test_stacked_bars_name_their_parts_and_add_up() -> None:
    parts = [Series("ERP", (30, 10)), Series("Payroll", (10, None), 4), Series("HR", (0, 5), 3)]
    chart = stacked_bar("s", "Calls", weeks(2), parts, WORDING)
    broad, slim = roots(chart)
    assert {"ERP", "Payroll", "HR"} <= set(words(slim))
    assert "29 Jun: 30 ERP, 10 Payroll, 0 HR" in words(broad)
    assert "40" in words(broad)
    assert chart.rows[1] == ("6 Jul", "10", "–", "5")


@given(some.lists(some.tuples(some.integers(0, 10**6), some.integers(0, 10**6)), max_size=30))
def test_a_stack_never_leaves_its_field(pairs: list[tuple[int, int]]) -> None:
    parts = [Series(str(i), tuple(pair[i] for pair in pairs), i + 1) for i in range(2)]
    broad, _ = roots(stacked_bar("s", "Calls", weeks(len(pairs)), parts, WORDING, hover=False))
    for one in (*all_of(broad, "f1"), *all_of(broad, "f2")):
        top, tall = float(one.get("y", "")), float(one.get("height", ""))
        assert top >= 0
        assert top + tall <= 240
