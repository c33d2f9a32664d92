"""Bars above and below zero."""

import re
from datetime import date, timedelta

from reports.charts import Series, Wording, balance_bar

DAYS = [date(2026, 11, 2) + timedelta(days=7 * week) for week in range(3)]
WORDS = Wording(period="Week of", empty="Nothing yet.")


def drawn(came: tuple[float, ...], went: tuple[float, ...]) -> str:
    chart = balance_bar(
        "moves", "Title", DAYS, WORDS, above=[Series("came", came)], below=[Series("went", went, 2)]
    )
    return str(chart.svg_broad)


def test_what_went_hangs_below_what_came() -> None:
    svg = drawn((8, 4, 0), (2, 0, 4))
    boxes = re.findall(r'<rect class="(f[12])"[^>]*? y="([\d.]+)"[^>]*? height="([\d.]+)"', svg)
    legend, bars = boxes[:2], boxes[2:]
    assert [kind for kind, *_ in legend] == ["f1", "f2"]
    assert [kind for kind, *_ in bars] == ["f1", "f2", "f1", "f2"]
    zero = float(bars[0][1]) + float(bars[0][2])
    assert float(bars[1][1]) == zero
    assert abs(float(bars[0][2]) - 4 * float(bars[1][2])) < 0.3
    assert abs(float(bars[3][2]) - 2 * float(bars[1][2])) < 0.3


def test_the_axis_has_no_minus() -> None:
    svg = drawn((8, 4, 0), (2, 0, 4))
    assert "-2<" not in svg
    assert "style=" not in svg


def test_the_twin_tells_all() -> None:
    chart = balance_bar(
        "moves",
        "T",
        DAYS,
        WORDS,
        above=[Series("came", (8, 4, 0))],
        below=[Series("went", (2, 0, 4), 2)],
    )
    assert chart.head == ("Week of", "came", "went")
    assert chart.rows[0] == ("2026-11-02", "8", "2")


def test_nothing_is_said_so() -> None:
    assert "Nothing yet." in drawn((0, 0, 0), (0, 0, 0))
