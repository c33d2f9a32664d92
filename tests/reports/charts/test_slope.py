"""Before and after."""

import re
from itertools import pairwise

import pytest

from reports.charts import Change, slope

HEAD = ("Measure", "Before", "After")
DAYS = Change("Working days to close the month", "12", "5", 5 / 12)
MAILS = Change("Mails per invoice", "19", "2", 2 / 19)
LATE = Change("Invoices paid late", "14 %", "6 %", 6 / 14)
GROWN = Change("Orders", "10", "40", 4.0)
Line = tuple[float, float, float, float]


def lines(svg: str) -> list[Line]:
    """X and y of both ends of each measure's line, in order."""
    found = re.findall(r'class="l\d"[^>]* d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', svg)
    return [tuple(map(float, one)) for one in found]  # type: ignore[misc] # four numbers each


def labels(svg: str, x: float) -> list[float]:
    """Heights of all words at the right of x."""
    found = re.findall(r'<text [^>]*x="([\d.]+)" y="([\d.]+)"', svg)
    return sorted(float(y) for left, y in found if float(left) > x)


def test_each_line_ends_at_what_is_left_of_its_beginning() -> None:
    svg = str(slope("c", "t", [DAYS, MAILS, LATE], HEAD).svg_broad)
    ends = [end for *_, end in lines(svg)]
    # 5/12 and 6/14 are about the same share; 2/19 is the least, so it lies lowest.
    assert ends[1] > ends[0] > ends[2]
    assert ends[0] - ends[2] < 5


def test_what_has_grown_rises() -> None:
    ends = [end for *_, end in lines(str(slope("c", "t", [DAYS, GROWN], HEAD).svg_broad))]
    assert ends[1] < ends[0]


def test_words_do_not_lie_on_each_other_and_stay_inside() -> None:
    same = [Change(f"One of the measures {n}", "10", "5", 0.5) for n in range(3)]
    chart = slope("c", "t", same, HEAD)
    for svg, width, height in ((chart.svg_broad, 672, 270), (chart.svg_slim, 354, 270)):
        found = labels(str(svg), lines(str(svg))[0][2] + 5)
        assert all(later - sooner >= 14 for sooner, later in pairwise(found))
        assert found[0] > 0
        assert found[-1] < height
        assert all(one[2] < width for one in lines(str(svg)))


def test_the_twin_has_what_the_drawing_leaves_out() -> None:
    chart = slope("c", "Title", [DAYS, MAILS, LATE, GROWN], HEAD)
    assert len(lines(str(chart.svg_broad))) == 3
    assert chart.head == HEAD
    assert chart.rows[3] == ("Orders", "10", "40")
    assert "<title" in chart.svg_slim


def test_words_of_authors_are_words() -> None:
    svg = slope("c", "t", [Change("<b onclick=x>", "<1>", "&", 0.1)], HEAD).svg_broad
    assert "<b" not in svg
    assert "&lt;b onclick=x&gt;" in svg


@pytest.mark.parametrize("share", [-0.1, float("nan"), float("inf")])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        Change("a", "1", "2", share)
    with pytest.raises(ValueError, match="needs"):
        slope("c", "t", [], HEAD)
