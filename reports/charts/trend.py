"""Lines over time, read from zero, with a reading on hover and pins for milestones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import TypedDict, Unpack

from reports.charts import svg
from reports.charts.axes import date_marks, nice_ticks, spread, text_width
from reports.charts.chart import Chart, Pin, Series, Size, Wording, check_periods, names_of, twin
from reports.charts.frame import ABOVE, Frame, frame_for
from reports.charts.spark import runs

BROAD, SLIM = Size(1160, 340), Size(354, 240)
ENOUGH = 6
"""Fewer known figures than this are points, not yet a trend."""


class Options(TypedDict, total=False):
    """What a trend may be told beside its figures."""

    summary: str
    pins: Sequence[Pin]
    partial: bool
    """The last period is not over: its stretch is dotted."""
    whole: bool
    """Ticks are whole numbers, as for things that are counted (the default)."""
    hover: bool
    """Readings for the pointer; off for mail and PDF."""
    enough: int
    """With fewer known figures in the first series its points stay unjoined."""
    broad: Size
    slim: Size


@dataclass(frozen=True)
class _Plot:
    days: Sequence[date]
    series: Sequence[Series]
    wording: Wording
    options: Options
    filled: bool

    @property
    def partial(self) -> bool:
        return self.options.get("partial", False)

    @property
    def joined(self) -> bool:
        return len(self.series[0].known) >= self.options.get("enough", ENOUGH)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return names_of(self.days, self.wording, partial=False)


def line(
    key: str,
    title: str,
    days: Sequence[date],
    series: Sequence[Series],
    wording: Wording,
    **options: Unpack[Options],
) -> Chart:
    """Series over rising days. Names stand at the lines' ends, so there is no legend.

    ValueError where days do not rise or a series has another number of figures.
    """
    return _trend(key, title, _Plot(days, series, wording, options, filled=False))


def area(
    key: str,
    title: str,
    days: Sequence[date],
    series: Sequence[Series],
    wording: Wording,
    **options: Unpack[Options],
) -> Chart:
    """A line chart with a tint under its first series: the house's trend chart."""
    return _trend(key, title, _Plot(days, series, wording, options, filled=True))


def _trend(key: str, title: str, plot: _Plot) -> Chart:
    check_periods(plot.days, plot.series)
    options, summary = plot.options, plot.options.get("summary", "")
    highest = max(max(one.known, default=0.0) for one in plot.series)
    ticks = nice_ticks(highest, whole=options.get("whole", True))
    sizes = (options.get("broad", BROAD), "broad"), (options.get("slim", SLIM), "slim")
    drawn = [
        svg.picture(key, size, (title, summary), _body(plot, ticks, size, kind), kind)
        for size, kind in sizes
    ]
    names = names_of(plot.days, plot.wording, partial=plot.partial)
    return Chart(drawn[0], drawn[1], title, summary, *twin(names, plot.series, plot.wording))


def _body(plot: _Plot, ticks: Sequence[float], size: Size, kind: str) -> str:
    pins = plot.options.get("pins", ())
    named = [one for one in plot.series if one.last] if kind == "broad" else []
    right = max((text_width(_end_name(one, plot.wording)) + 22 for one in named), default=12)
    top = 22 if plot.joined else 22 + ABOVE
    frame = frame_for(size, ticks, plot.wording, right=right, foot=54 if pins else 30, top=top)
    out = [frame.lines(), _dates(plot, frame)]
    if not any(one.known for one in plot.series):
        return "".join([*out, frame.say(plot.wording.empty)])
    if not plot.joined:
        out.append(frame.say_above(plot.wording.few))
    out += [_pins(plot, pins, frame), *[_series(plot, one, frame) for one in reversed(plot.series)]]
    out.append(_end_names(plot, frame) if kind == "broad" else _slim_names(plot, frame))
    if plot.options.get("hover", True):
        out.append(_readings(plot, frame))
    return "".join(out)


def _xs(plot: _Plot, frame: Frame) -> list[float]:
    """Each day at its true place, so that a gap in the days is a gap in the drawing."""
    if not plot.days:
        return []
    first, span = plot.days[0], max(1, (plot.days[-1] - plot.days[0]).days)
    return [frame.left + (day - first).days / span * frame.width for day in plot.days]


def _dates(plot: _Plot, frame: Frame) -> str:
    xs, out, end = _xs(plot, frame), [], float("-inf")
    for i in date_marks(plot.days, plot.labels, frame.width, frame.spare):
        half = text_width(plot.labels[i]) / 2
        # Days that are not evenly apart may bring two labels together.
        if xs[i] - half > end:
            out.append(svg.text(xs[i], frame.base + 18, plot.labels[i], "tick", "middle"))
            end = xs[i] + half + 6
    return "".join(out)


def _pins(plot: _Plot, pins: Sequence[Pin], frame: Frame) -> str:
    if not plot.days:
        return ""
    first, span = plot.days[0], max(1, (plot.days[-1] - plot.days[0]).days)
    out = []
    for pin in pins:
        if plot.days[0] <= pin.day <= plot.days[-1]:
            x = frame.left + (pin.day - first).days / span * frame.width
            flag = svg.path([(x, frame.top), (x, frame.base + 26)], "flag")
            name = svg.text(x, frame.base + 40, str(pin.number), "pin-n", "middle")
            out.append(flag + svg.dot(x, frame.base + 36, 10, "pin") + name)
    return "".join(out)


def _points(plot: _Plot, one: Series, frame: Frame) -> list[tuple[float, float] | None]:
    return [
        None if value is None else (x, frame.y(value))
        for x, value in zip(_xs(plot, frame), one.values, strict=True)
    ]


def _series(plot: _Plot, one: Series, frame: Frame) -> str:
    points = _points(plot, one, frame)
    stretches = runs(points)
    if not plot.joined:
        return "".join(
            svg.dot(x, y, 3.5, f"f{one.style}") for stretch in stretches for x, y in stretch
        )
    open_end = plot.partial and points[-1] is not None and len(stretches[-1]) > 1
    out = [
        _stretch(plot, one, stretch, frame, open_end=open_end and stretch is stretches[-1])
        for stretch in stretches
    ]
    if one is plot.series[0]:
        out.append(svg.dot(*stretches[-1][-1], 4.5, "ring"))
    return "".join(out)


def _stretch(
    plot: _Plot,
    one: Series,
    stretch: Sequence[tuple[float, float]],
    frame: Frame,
    *,
    open_end: bool,
) -> str:
    kind = f"l{one.style}"
    if len(stretch) == 1:
        return svg.dot(*stretch[0], 2.5, f"f{one.style}")
    out = []
    if plot.filled and one is plot.series[0]:
        closing = f"V{svg.number(frame.base)}H{svg.number(stretch[0][0])}Z"
        out.append(svg.path(stretch, "a1", closing))
    solid = stretch[:-1] if open_end else stretch
    if len(solid) > 1:
        out.append(svg.path(solid, kind))
    if open_end:
        out.append(svg.open_path(stretch[-2:], one.style))
    return "".join(out)


def _end_name(one: Series, wording: Wording) -> str:
    return f"{wording.number(one.last[1])} {one.name}" if one.last else one.name


def _end_names(plot: _Plot, frame: Frame) -> str:
    """Value and name at each line's end, moved apart where lines end close together."""
    ends = [(one, one.last) for one in plot.series if one.last]
    heights = [frame.y(last[1]) + 4 for _, last in ends if last]
    placed = spread(heights, 17, frame.top, frame.base + 4)
    x = frame.left + frame.width + 14
    return "".join(
        svg.text(x, y, _end_name(one, plot.wording), f"t{one.style}")
        for (one, _), y in zip(ends, placed, strict=True)
    )


def _slim_names(plot: _Plot, frame: Frame) -> str:
    """On a narrow drawing the caption names the first series; the others stand over their end."""
    others = [one for one in plot.series[1:] if one.last]
    heights = [frame.y(one.last[1]) - 8 for one in others if one.last]
    placed = spread(heights, 16, frame.top - 8, frame.base - 8)
    x = frame.left + frame.width
    return "".join(
        svg.text(x, y, _end_name(one, plot.wording), f"t{one.style}", "end")
        for one, y in zip(others, placed, strict=True)
    )


def _readings(plot: _Plot, frame: Frame) -> str:
    xs = _xs(plot, frame)
    edges = [frame.left, *[(a + b) / 2 for a, b in pairwise(xs)]]
    edges.append(frame.left + frame.width)
    return "".join(
        _reading(plot, frame, i, (xs[i], edges[i], edges[i + 1])) for i in range(len(plot.days))
    )


def _reading(plot: _Plot, frame: Frame, i: int, place: tuple[float, float, float]) -> str:
    """`place`: the day's own x, and where its zone begins and ends."""
    known = [(one, value) for one in plot.series if (value := one.values[i]) is not None]
    if not known:
        return ""
    (x, start, end), y = place, min(frame.y(value) for _, value in known)
    said = plot.wording.comma.join(
        f"{plot.wording.number(value)} {one.name}" for one, value in known
    )
    mark = svg.upright(x, frame.top, frame.base) + "".join(
        svg.dot(x, frame.y(value), 4, f"f{one.style}") for one, value in known
    )
    return svg.hit(
        svg.zone(start, frame.top, end - start, frame.base - frame.top),
        mark,
        plot.wording.reading.format(plot.labels[i], said),
        (x, y),
        (frame.left, frame.size.width - 6),
    )
