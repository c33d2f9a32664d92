"""What came and what went: parts stacked above zero, and below it what was lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate, pairwise
from math import ceil

from reports.charts import svg
from reports.charts.axes import date_marks, nice_ticks, text_width
from reports.charts.bars import legend_of
from reports.charts.chart import Chart, Series, Size, Wording, check_periods, names_of, twin

BROAD, SLIM = Size(1160, 360), Size(354, 280)
_FOOT, _BETWEEN = 26, 10


def balance_bar(
    key: str,
    title: str,
    days: Sequence[date],
    wording: Wording,
    *,
    above: Sequence[Series],
    below: Sequence[Series],
    summary: str = "",
    hover: bool = True,
    broad: Size = BROAD,
    slim: Size = SLIM,
) -> Chart:
    """One bar a period. All figures are counts from zero up; those of `below` hang under the
    axis, so its numbers carry no sign. The first series of each side lies at the axis.
    """
    series = [*above, *below]
    check_periods(days, series)
    words = (title, summary)
    drawn = []
    for size, kind in ((broad, "broad"), (slim, "slim")):
        legend, tall = legend_of(series, size.width)
        field = _Field(days, above, below, wording, size, 16 + tall)
        drawn.append(svg.picture(key, size, words, legend + field.drawing(hover=hover), kind))
    head, rows = twin(names_of(days, wording, partial=False), series, wording)
    return Chart(drawn[0], drawn[1], *words, head, rows)


def _totals(series: Sequence[Series]) -> list[float]:
    columns = zip(*[one.values for one in series], strict=True)
    return [sum(value or 0.0 for value in column) for column in columns]


@dataclass(frozen=True)
class _Field:
    days: Sequence[date]
    above: Sequence[Series]
    below: Sequence[Series]
    wording: Wording
    size: Size
    top: float

    @cached_property
    def heights(self) -> tuple[list[float], list[float]]:
        return _totals(self.above), _totals(self.below)

    @cached_property
    def step(self) -> float:
        highest = max([*self.heights[0], *self.heights[1]], default=0.0)
        return nice_ticks(highest, whole=True)[1]

    @cached_property
    def reach(self) -> tuple[int, int]:
        """How many steps the axis goes up and down."""
        up, down = (max(side, default=0.0) for side in self.heights)
        return max(1, ceil(up / self.step - 1e-9)), ceil(down / self.step - 1e-9)

    @cached_property
    def left(self) -> float:
        return max(34.0, text_width(self.wording.number(self.reach[0] * self.step)) + 10)

    @property
    def width(self) -> float:
        return self.size.width - self.left - 4

    @property
    def slot(self) -> float:
        return self.width / max(1, len(self.days))

    @property
    def base(self) -> float:
        return self.size.height - _FOOT

    def y(self, value: float) -> float:
        up, down = self.reach
        tall = self.base - _BETWEEN - self.top
        return self.top + (up * self.step - value) / ((up + down) * self.step) * tall

    def drawing(self, *, hover: bool) -> str:
        out = [self._lines()]
        if any(self.heights[0]) or any(self.heights[1]):
            out += [self._column(place) for place in range(len(self.days))]
            out.append(svg.rule(self.left, self.y(0), self.width, "axis"))
        else:
            middle = self.left + self.width / 2
            out.append(svg.sentence(middle, self.base * 0.45, self.wording.empty, self.width * 0.8))
        out.append(self._dates())
        if hover:
            out += [self._reading(place) for place in range(len(self.days))]
        return "".join(out)

    def _lines(self) -> str:
        up, down = self.reach
        out = []
        for count in range(-down, up + 1):
            y = self.y(count * self.step)
            out.append(svg.rule(self.left, y, self.width, "grid" if count else "axis"))
            name = self.wording.number(abs(count) * self.step)
            out.append(svg.text(self.left - 8, y + 4, name, "tick", "end"))
        return "".join(out)

    def _column(self, place: int) -> str:
        x, wide = self.left + (place + 0.16) * self.slot, self.slot * 0.68
        out = []
        for side, way in ((self.above, 1.0), (self.below, -1.0)):
            ends = accumulate((one.values[place] or 0.0 for one in side), initial=0.0)
            for one, (near, far) in zip(side, pairwise(ends), strict=True):
                if far > near:
                    high, low = sorted((self.y(way * near), self.y(way * far)))
                    mark = f'{svg.tag(f"f{one.style}")} rx="1.5"'
                    out.append(svg.box(x, high, wide, low - high, mark))
        return "".join(out)

    def _dates(self) -> str:
        names = names_of(self.days, self.wording, partial=False)
        marks = date_marks(self.days, names, self.width - self.slot, self.slot / 2 + 2)
        return "".join(
            svg.text(self._middle(place), self.base + 18, names[place], "tick", "middle")
            for place in marks
        )

    def _middle(self, place: int) -> float:
        return self.left + (place + 0.5) * self.slot

    def _reading(self, place: int) -> str:
        number, series = self.wording.number, [*self.above, *self.below]
        said = self.wording.comma.join(
            f"{number(one.values[place] or 0.0)} {one.name}" for one in series
        )
        x, bottom = self.left + place * self.slot, self.base - _BETWEEN
        zone = svg.zone(x, self.top, self.slot, bottom - self.top)
        at = self._middle(place), self.y(self.heights[0][place])
        bounds = self.left, self.size.width - 2.0
        name = self.wording.day(self.days[place])
        return svg.hit(zone, "", self.wording.reading.format(name, said), at, bounds)
