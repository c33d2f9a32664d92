"""Bars to both sides of a line."""

import re

from reports.charts import Wording, signed_bar

WORDING = Wording(number=lambda value: f"{value:+.1f}", empty="Nothing moved.")


def boxes(svg: str) -> list[tuple[float, float]]:
    """Start and width of each bar."""
    found = re.findall(r'<rect class="f\d"[^>]* x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    return [(float(x), float(width)) for x, width in found]


def test_what_added_lies_right_of_the_line_and_what_took_away_left() -> None:
    chart = signed_bar("m", "Moved", [("Activity", 4.0), ("Volume", -2.0)], WORDING)
    (right, long), (left, short) = boxes(str(chart.svg_broad))
    assert right == left + short
    assert long == 2 * short
    assert chart.rows == (("Activity", "+4.0"), ("Volume", "-2.0"))
    assert "+4.0" in chart.svg_slim


def test_one_side_alone_has_the_whole_width() -> None:
    both = signed_bar("m", "", [("A", 4.0), ("B", -4.0)], WORDING)
    one = signed_bar("m", "", [("A", 4.0), ("B", 2.0)], WORDING)
    assert boxes(str(one.svg_broad))[0][1] > 1.9 * boxes(str(both.svg_broad))[0][1]


def test_nothing_is_said_in_words() -> None:
    assert "Nothing moved." in signed_bar("m", "Still", [], WORDING).svg_broad


def test_names_are_escaped() -> None:
    assert "<b>" not in signed_bar("m", "", [("<b>", 1.0)], WORDING).svg_broad
