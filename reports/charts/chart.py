"""What goes into a drawing and what comes out of it."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from markupsafe import Markup

PAPER, WHITE = "#f8f5ee", 'fill="#ffffff"'
"""The page's ground in the drawings' attributes; paper in a printer is white."""

Value = float | None


class Size(NamedTuple):
    """User units, one to one with CSS pixels at the drawing's own column width."""

    width: int
    height: int


def _same_number(value: float) -> str:
    return f"{value:g}"


@dataclass(frozen=True)
class Wording:
    """The words and formats that a drawing cannot know: they depend on the reader's language."""

    day: Callable[[date], str] = date.isoformat
    number: Callable[[float], str] = _same_number
    period: str = "Date"
    """Head of the table twin's first column, such as "Week of"."""
    missing: str = "–"
    """Stands in the table twin where no figure is known."""
    so_far: str = "{} *"
    """Marks the last period's name while it is not over; `{}` is its name."""
    empty: str = ""
    """The sentence on the bare axes where there is no figure at all."""
    reading: str = "{}: {}"
    """What a point says under the pointer: its name, then its figures."""
    comma: str = ", "
    """Between the figures of one point."""
    few: str = ""
    """The sentence beside the few points there are, before a line may be drawn through them."""


@dataclass(frozen=True)
class Series:
    """One named row of figures, none of them below zero; None where nothing is known.

    `style` is 1 (accent, solid), 2 (ochre, dashes), 3 (grey, dots) or 4 (teal, bars only).
    """

    name: str
    values: tuple[Value, ...]
    style: int = 1

    def __post_init__(self) -> None:
        if self.style not in {1, 2, 3, 4}:
            raise ValueError(f"A series has style 1, 2, 3 or 4, not {self.style}.")
        for value in self.values:
            if value is not None and not (isfinite(value) and value >= 0):
                raise ValueError(f"{self.name}: {value} cannot stand on an axis from zero.")

    @property
    def known(self) -> tuple[float, ...]:
        return tuple(value for value in self.values if value is not None)

    @property
    def last(self) -> tuple[int, float] | None:
        """Position and value of the last known figure."""
        known = [(i, value) for i, value in enumerate(self.values) if value is not None]
        return known[-1] if known else None


@dataclass(frozen=True)
class Pin:
    """A milestone on the time axis; its words stand in the list under the chart."""

    day: date
    number: int


@dataclass(frozen=True)
class Chart:
    """A drawing for wide and one for narrow columns, and the same numbers as a table.

    A template shows both drawings inside an element of class `chart` and the rows inside
    `<details class="twin">`; the style sheet shows the drawing that fits.
    """

    svg_broad: Markup
    svg_slim: Markup
    title: str
    summary: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def drawings(self) -> Markup:
        return self.svg_broad + self.svg_slim

    @property
    def alternative(self) -> str:
        """What an `<img alt>` says: the finding and its description."""
        return f"{self.title} {self.summary}".strip()

    def data_uri(self, font: str = "Inter, Noto Sans CJK SC, DejaVu Sans, sans-serif") -> str:
        """The broad drawing as a picture of its own, on white, for mail and PDF."""
        opening = f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{Markup.escape(font)}" '
        alone = str(self.svg_broad).replace("<svg ", opening, 1).replace(f'fill="{PAPER}"', WHITE)
        return "data:image/svg+xml;base64," + b64encode(alone.encode()).decode()


def twin(
    days: Sequence[str], series: Sequence[Series], wording: Wording
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Head and rows of the table twin, one row for each period."""

    def cell(value: Value) -> str:
        return wording.missing if value is None else wording.number(value)

    rows = zip(days, *[[cell(value) for value in one.values] for one in series], strict=True)
    return (wording.period, *(one.name for one in series)), tuple(rows)


def names_of(days: Sequence[date], wording: Wording, *, partial: bool) -> tuple[str, ...]:
    """Each period's name in words; the last one marked while it is not over."""
    names = [wording.day(day) for day in days]
    if partial and names:
        names[-1] = wording.so_far.format(names[-1])
    return tuple(names)


def check_periods(days: Sequence[date], series: Sequence[Series]) -> None:
    """A drawing needs rising days and as many figures as days in each series."""
    if not series:
        raise ValueError("A chart needs at least one series.")
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise ValueError("The days of a chart must rise.")
    for one in series:
        if len(one.values) != len(days):
            raise ValueError(f"{one.name}: {len(one.values)} figures for {len(days)} days.")
