"""Weekday by hour, cohort by week: how much, in five steps of one hue."""

from collections.abc import Sequence
from dataclasses import dataclass
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
        for r, (name, row) in enumerate(zip(self.rows, self.values, strict=True)):
            out.append(svg.text(0, 4 + r * tall + tall / 2 + 4, name))
            for c, value in enumerate(row):
                at = left + c * wide, 4 + r * tall
                hour = name + self.wording.comma + self.columns[c]
                out.append(self._cell(value, at, (wide - 3, tall - 3), hour))
        for c in range(0, len(self.columns), self.label_every):
            x = left + c * wide + (wide - 3) / 2
            out.append(svg.text(x, size.height - 4, self.columns[c], "tick", "middle"))
        if empty and self.wording.empty:
            middle = left + (size.width - left) / 2
            out.append(
                svg.sentence(middle, size.height * 0.42, self.wording.empty, size.width * 0.6)
            )
        return "".join(out)

    def _cell(
        self, value: Value, at: tuple[float, float], size: tuple[float, float], name: str
    ) -> str:
        if value is None:
            look = svg.tag("grid")
        else:
            level = heat_level(value, self.highest)
            look = f'class="d{level}" fill="{svg.DEPTH[level]}"'
        opening = svg.box(*at, *size, f'{look} rx="2"').removesuffix("/>")
        said = self.wording.reading.format(name, self._words(value))
        return f"{opening}><title>{escape(said)}</title></rect>"

    def _words(self, value: Value) -> str:
        return self.wording.missing if value is None else self.wording.number(value)
