"""What tests of drawings read out of them."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from xml.etree.ElementTree import Element, fromstring

from reports.charts import Chart, Series, Wording
from reports.charts.chart import Value

FIRST_MONDAY = date(2026, 6, 29)
WORDING = Wording(
    day=lambda day: f"{day.day} {day:%b}",
    number=lambda value: f"{value:,.0f}",
    period="Week of",
    empty="The first figures come after go-live.",
    few="The line begins with the sixth week.",
)


def weeks(count: int) -> list[date]:
    return [FIRST_MONDAY + timedelta(days=7 * i) for i in range(count)]


def active(*values: Value) -> Series:
    return Series("active", values)


def roots(chart: Chart) -> tuple[Element, Element]:
    """Both drawings as XML; not well-formed is an error here."""
    broad, slim = chart.svg_broad, chart.svg_slim
    return fromstring(broad), fromstring(slim)  # noqa: S314 - our own drawing


def all_of(root: Element, kind: str) -> list[Element]:
    return [one for one in root.iter() if kind in one.get("class", "").split()]


def words(root: Element) -> list[str]:
    return [one.text or "" for one in root.iter("text")]


def ends_of(root: Element, kind: str) -> list[str]:
    return [one.get("d", "") for one in all_of(root, kind)]


def numbers(shape: str) -> Sequence[float]:
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", shape)]
