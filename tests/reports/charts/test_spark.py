from base64 import b64decode
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as some

from reports.charts import area, sparkline
from tests.reports.charts.drawn import WORDING, active, all_of, ends_of, numbers, roots, weeks


def test_a_gap_breaks_the_line_and_the_last_figure_has_a_dot() -> None:
    broad, slim = roots(sparkline("s", "Login ratio rose", [1, 2, None, 3, 4, None]))
    assert broad[0].text == slim[0].text == "Login ratio rose"
    assert len(ends_of(broad, "l1")) == 2
    assert [one.get("r") for one in broad.iter("circle")] == ["3"]


def test_nothing_known_is_a_dotted_line() -> None:
    assert len(all_of(roots(sparkline("s", "Nothing", [None]))[0], "l3")) == 1


@given(some.lists(some.none() | some.floats(-1e9, 1e9), max_size=30))
def test_the_line_stays_inside_its_box(values: list[float | None]) -> None:
    broad, _ = roots(sparkline("s", "Shape", values))
    for shape in ends_of(broad, "l1"):
        assert all(0 <= y <= 36 for y in numbers(shape)[1::2])


def test_a_picture_of_its_own_names_its_space_and_fonts() -> None:
    uri = sparkline("s", "客户", [1, 2]).data_uri()
    root = fromstring(b64decode(uri.split(",")[1]))  # noqa: S314 - our own drawing
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("font-family", "").startswith("Inter")


def test_a_picture_of_its_own_stands_on_white() -> None:
    chart = area("a", "Use", weeks(7), [active(*range(7))], WORDING)
    root = fromstring(b64decode(chart.data_uri().split(",")[1]))  # noqa: S314 - our own drawing
    assert [one.get("fill") for one in all_of(root, "ring")] == ["#ffffff"]
