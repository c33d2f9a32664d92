"""Counts per period as bars; parts of a whole as stacked bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate, pairwise

from reports.charts import svg
from reports.charts.axes import date_marks, nice_ticks, text_width
from reports.charts.chart import Chart, Series, Size, Wording, check_periods, names_of, twin
from reports.charts.frame import Frame, frame_for

BAR = (Size(520, 216), Size(354, 216))
STACKED = (Size(520, 240), Size(354, 240))
_LEGEND_ROW = 22


def bar(
    key: str,
    title: str,
    days: Sequence[date],
    series: Series,
    wording: Wording,
    *,
    summary: str = "",
    note: tuple[date, str] | None = None,
    partial: bool = False,
    whole: bool = True,
    hover: bool = True,
    broad: Size = BAR[0],
    slim: Size = BAR[1],
) -> Chart:
    """One bar for each period. `note` puts a few words over the bar of that day."""
    return _chart(
        key, (title, summary), days, [series], wording,
        note=note, partial=partial, whole=whole, hover=hover, sizes=(broad, slim),
    )  # fmt: skip


def stacked_bar(
    key: str,
    title: str,
    days: Sequence[date],
    series: Sequence[Series],
    wording: Wording,
    *,
    summary: str = "",
    partial: bool = False,
    whole: bool = True,
    hover: bool = True,
    broad: Size = STACKED[0],
    slim: Size = STACKED[1],
) -> Chart:
    """The series of each period on top of one another, the first at the foot; names above."""
    return _chart(
        key, (title, summary), days, series, wording,
        note=None, partial=partial, whole=whole, hover=hover, sizes=(broad, slim),
    )  # fmt: skip


def _chart(
    key: str,
    words: tuple[str, str],
    days: Sequence[date],
    series: Sequence[Series],
    wording: Wording,
    *,
    note: tuple[date, str] | None,
    partial: bool,
    whole: bool,
    hover: bool,
    sizes: tuple[Size, Size],
) -> Chart:
    check_periods(days, series)
    head, rows = twin(names_of(days, wording, partial=partial), series, wording)
    ticks = nice_ticks(max(_totals(series), default=0.0), whole=whole)
    drawn = []
    for size, kind in zip(sizes, ("broad", "slim"), strict=True):
        legend, tall = legend_of(series, size.width) if len(series) > 1 else ("", 0.0)
        frame = frame_for(size, ticks, wording, right=4, foot=26, top=24 + tall)
        field = _Bars(days, series, wording, frame, partial, hover)
        body = legend + frame.lines() + field.drawing() + field.note(note)
        drawn.append(svg.picture(key, size, words, body, kind))
    return Chart(drawn[0], drawn[1], *words, head, rows)


def _totals(series: Sequence[Series]) -> list[float]:
    columns = zip(*[one.values for one in series], strict=True)
    return [sum(value or 0.0 for value in column) for column in columns]


def legend_of(series: Sequence[Series], width: float) -> tuple[str, float]:
    """Named keys in as many rows as the width asks for, and how tall they are together."""
    out, x, y = [], 0.0, 12.0
    for one in series:
        wide = 20 + text_width(one.name) + 18
        if x and x + wide > width:
            x, y = 0.0, y + _LEGEND_ROW
        out.append(svg.box(x, y - 9, 13, 10, f'{svg.tag(f"f{one.style}")} rx="2"'))
        out.append(svg.text(x + 19, y, one.name, "tick"))
        x += wide
    return "".join(out), y + 6


@dataclass(frozen=True)
class _Bars:
    days: Sequence[date]
    series: Sequence[Series]
    wording: Wording
    frame: Frame
    partial: bool
    hover: bool

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return names_of(self.days, self.wording, partial=False)

    @property
    def slot(self) -> float:
        return self.frame.width / max(1, len(self.days))

    def drawing(self) -> str:
        if not any(one.known for one in self.series):
            return self._dates() + self.frame.say(self.wording.empty)
        columns = [self._column(i) for i in range(len(self.days))]
        return "".join([*columns, self._dates(), *self._readings()])

    def note(self, note: tuple[date, str] | None) -> str:
        if note is None or note[0] not in self.days:
            return ""
        i = list(self.days).index(note[0])
        x, y = self._middle(i), self.frame.y(self._total(i)) - 8
        late = i > len(self.days) / 2
        x = min(x + self.slot / 2, self.frame.size.width - 4) if late else max(x, self.frame.left)
        return svg.text(x, y, note[1], "strong", "end" if late else "start")

    def _middle(self, i: int) -> float:
        return self.frame.left + (i + 0.5) * self.slot

    def _total(self, i: int) -> float:
        return sum(one.values[i] or 0.0 for one in self.series)

    def _column(self, i: int) -> str:
        x, wide = self.frame.left + (i + 0.16) * self.slot, self.slot * 0.68
        ends = list(accumulate((one.values[i] or 0.0 for one in self.series), initial=0.0))
        unfinished = self.partial and i == len(self.days) - 1
        more = ' fill-opacity=".4"' if unfinished else ""
        out = []
        for one, (low, high) in zip(self.series, pairwise(ends), strict=True):
            if high > low:
                top = self.frame.y(high)
                mark = f'{svg.tag(f"f{one.style}")}{more} rx="1.5"'
                out.append(svg.box(x, top, wide, self.frame.y(low) - top, mark))
        return "".join(out)

    def _dates(self) -> str:
        marks = date_marks(self.days, self.labels, self.frame.width - self.slot, self.slot / 2 + 2)
        return "".join(self._date(i) for i in marks)

    def _date(self, i: int) -> str:
        x, label = self._middle(i), self.labels[i]
        # A label wider than its slot would lie over the axis' own numbers.
        at_edge = x - text_width(label) / 2 < self.frame.left - 8
        x, anchor = (self.frame.left, "start") if at_edge else (x, "middle")
        return svg.text(x, self.frame.base + 18, label, "tick", anchor)

    def _readings(self) -> list[str]:
        return [self._reading(i) for i in range(len(self.days))] if self.hover else []

    def _reading(self, i: int) -> str:
        known = [(one, v) for one in self.series if (v := one.values[i]) is not None]
        if not known:
            return ""
        number = self.wording.number
        if len(known) == 1:
            said = number(known[0][1])
        else:
            said = self.wording.comma.join(f"{number(value)} {one.name}" for one, value in known)
        x = self.frame.left + i * self.slot
        tall = self.frame.base - self.frame.top
        at = self._middle(i), self.frame.y(self._total(i))
        bounds = self.frame.left, self.frame.size.width - 2.0
        zone = svg.zone(x, self.frame.top, self.slot, tall)
        return svg.hit(zone, "", self.wording.reading.format(self.labels[i], said), at, bounds)
