"""Weekday by hour, cohort by week: how much, in five steps of one hue."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from math import ceil

from reports.charts import svg
from reports.charts.axes import text_width
from reports.charts.chart import Chart, Size, Value, Wording

BROAD, SLIM = Size(520, 216), Size(354, 186)
_DEEPEST = 4


def heat_level(value: float, highest: float) -> int:
    """0 for nothing, else the quarter of the highest value that this one reaches: 1 to 4."""
    if value <= 0 or highest <= 0:
        return 0
    return ceil(min(1.0, value / highest) * _DEEPEST) or 1


def heat_map(
    key: str,
    title: str,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[Value]],
    wording: Wording,
    summary: str = "",
    label_every: int = 3,
    highest: float | None = None,
    broad: Size = BROAD,
    slim: Size = SLIM,
) -> Chart:
    """A grid of values: rows from top to bottom, columns from left to right.

    A cell's value shows on hover; a cell without one is an outline. `highest` sets what the
    darkest step means, so that two maps can be compared. ValueError where the grid is ragged.
    """
    if len(values) != len(rows) or any(len(row) != len(columns) for row in values):
        raise ValueError(f"{title}: the grid is not {len(rows)} by {len(columns)}.")
    known = [value for row in values for value in row if value is not None]
    top = highest if highest is not None else max(known, default=0.0)
    grid = _Grid(rows, columns, values, wording, top, label_every)
    words = (title, summary)
    drawn = [
        svg.picture(key, size, words, grid.drawing(size, empty=not known), kind)
        for size, kind in ((broad, "broad"), (slim, "slim"))
    ]
    return Chart(drawn[0], drawn[1], title, summary, (wording.period, *columns), grid.table())


@dataclass(frozen=True)
class _Grid:
    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[Value]]
    wording: Wording
    highest: float
    label_every: int

    def table(self) -> tuple[tuple[str, ...], ...]:
        return tuple(
            (name, *(self._words(value) for value in row))
            for name, row in zip(self.rows, self.values, strict=True)
        )

    def drawing(self, size: Size, *, empty: bool) -> str:
        left = max((text_width(name) for name in self.rows), default=0.0) + 14
        wide = (size.width - left) / max(1, len(self.columns))
        tall = (size.height - 28) / max(1, len(self.rows))
        out = []
        spread = f'width="{svg.number(wide - 3)}" height="{svg.number(tall - 3)}"'
        places = [svg.number(left + c * wide) for c in range(len(self.columns))]
        for r, (name, cells) in enumerate(zip(self.rows, self._cells, strict=True)):
            out.append(svg.text(0, 4 + r * tall + tall / 2 + 4, name))
            foot = f'y="{svg.number(4 + r * tall)}" {spread}>'
            out += [
                f'<rect {look} rx="2" x="{x}" {foot}{said}</rect>'
                for x, (look, said) in zip(places, cells, strict=True)
            ]
        for c in range(0, len(self.columns), self.label_every):
            x = left + c * wide + (wide - 3) / 2
            out.append(svg.text(x, size.height - 4, self.columns[c], "tick", "middle"))
        if empty and self.wording.empty:
            middle = left + (size.width - left) / 2
            out.append(
                svg.sentence(middle, size.height * 0.42, self.wording.empty, size.width * 0.6)
            )
        return "".join(out)

    @cached_property
    def _cells(self) -> list[list[tuple[str, str]]]:
        """How each looks, and its title: the same in both drawings."""
        return [
            [
                (self._look(value), self._title(name + self.wording.comma + column, value))
                for column, value in zip(self.columns, row, strict=True)
            ]
            for name, row in zip(self.rows, self.values, strict=True)
        ]

    def _look(self, value: Value) -> str:
        if value is None:
            return svg.tag("grid")
        level = heat_level(value, self.highest)
        return f'class="d{level}" fill="{svg.DEPTH[level]}"'

    def _title(self, name: str, value: Value) -> str:
        return f"<title>{escape(self.wording.reading.format(name, self._words(value)))}</title>"

    def _words(self, value: Value) -> str:
        return self.wording.missing if value is None else self.wording.number(value)
