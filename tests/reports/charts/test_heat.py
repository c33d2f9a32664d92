import pytest
from hypothesis import given
from hypothesis import strategies as some

from reports.charts import heat_level, heat_map
from tests.reports.charts.drawn import WORDING, all_of, roots, words

HOURS = [f"{hour}:00" for hour in range(8, 12)]


def test_darker_is_more_and_a_cell_without_a_value_is_an_outline() -> None:
    chart = heat_map(
        "h",
        "Most work is done on Monday at 9",
        rows=["Mon", "Tue"],
        columns=HOURS,
        values=[[0, 88, 44, 22], [None, 1, 66, 67]],
        wording=WORDING,
    )
    broad, _ = roots(chart)
    kinds = [one.get("class") for one in broad.iter("rect")]
    assert kinds == ["d0", "d4", "d2", "d1", "grid", "d1", "d3", "d4"]
    assert chart.head == ("Week of", *HOURS)
    assert chart.rows[1] == ("Tue", "–", "1", "66", "67")
    assert "Mon, 9:00: 88" in [one.text for one in broad.iter("title")]


def test_a_ragged_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="the grid is not 1 by 4"):
        heat_map("h", "Wrong", rows=["Mon"], columns=HOURS, values=[[1]], wording=WORDING)


def test_an_empty_grid_says_so() -> None:
    chart = heat_map("h", "None", rows=["Mon"], columns=HOURS, values=[[None] * 4], wording=WORDING)
    assert "The first figures come after" in " ".join(words(roots(chart)[0]))


def test_two_maps_can_share_what_dark_means() -> None:
    chart = heat_map(
        "h", "Half", rows=["Mon"], columns=["9:00"], values=[[50]], wording=WORDING, highest=100
    )
    assert len(all_of(roots(chart)[0], "d2")) == 1


@given(some.floats(0, 1e9), some.floats(0, 1e9))
def test_levels_are_between_nothing_and_darkest(value: float, highest: float) -> None:
    level = heat_level(value, highest)
    assert 0 <= level <= 4
    assert (level == 0) == (value == 0 or highest == 0)
