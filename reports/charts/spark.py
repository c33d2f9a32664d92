from collections.abc import Sequence

from reports.charts import svg
from reports.charts.chart import Chart, Size, Value

SMALL = Size(168, 36)


def runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The unbroken stretches of a line: a missing point ends one."""
    stretches: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            stretches.append([])
        else:
            stretches[-1].append(point)
    return [stretch for stretch in stretches if stretch]


def sparkline(
    key: str,
    title: str,
    values: Sequence[Value],
    *,
    rows: Sequence[tuple[str, str]] = (),
    head: tuple[str, str] = ("", ""),
    size: Size = SMALL,
) -> Chart:
    """The shape of a series beside its figure; not from zero, so it has no axis to be read."""
    known = [value for value in values if value is not None]
    body = _drawing(values, known, size) if known else _nothing(size)
    drawn = svg.picture(key, size, (title, ""), body, "small")
    return Chart(drawn, drawn, title, "", head, tuple(rows))


def _nothing(size: Size) -> str:
    return svg.rule(2, size.height / 2, size.width - 8, "l3")


def _drawing(values: Sequence[Value], known: Sequence[float], size: Size) -> str:
    low, high = min(known), max(known)
    low -= (high - low) * 0.25 or 1
    tall, step = size.height - 8, (size.width - 8) / max(1, len(values) - 1)
    points = [
        None if value is None else (2 + i * step, 4 + tall * (1 - (value - low) / (high - low)))
        for i, value in enumerate(values)
    ]
    out = [
        svg.path(run, "l1") if len(run) > 1 else svg.dot(*run[0], 1.5, "f1") for run in runs(points)
    ]
    last = [point for point in points if point][-1]
    return "".join(out) + svg.dot(*last, 3, "f1")
