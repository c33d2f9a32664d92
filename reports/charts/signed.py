"""What added and what took away: named bars to both sides of a common line."""

from collections.abc import Sequence

from reports.charts import svg
from reports.charts.axes import text_width
from reports.charts.chart import Chart, Size, Wording

BROAD, SLIM = 760, 354
_ROW, _BAR, _TOP = 30, 14, 6


def signed_bar(
    key: str,
    title: str,
    rows: Sequence[tuple[str, float]],
    wording: Wording,
    *,
    summary: str = "",
    head: tuple[str, str] = ("", ""),
    broad: int = BROAD,
    slim: int = SLIM,
) -> Chart:
    """One row for each name and its change; `wording.number` writes a change with its sign."""
    says = [(name, wording.number(value)) for name, value in rows]
    drawn = []
    for width, kind in ((broad, "broad"), (slim, "slim")):
        size = Size(width, _TOP * 2 + _ROW * max(1, len(rows)))
        body = _body(rows, wording, size) if rows else _nothing(wording, size)
        drawn.append(svg.picture(key, size, (title, summary), body, kind))
    return Chart(drawn[0], drawn[1], title, summary, head, tuple(says))


def _nothing(wording: Wording, size: Size) -> str:
    return svg.text(0, size.height / 2 + 4, wording.empty, "say")


def _body(rows: Sequence[tuple[str, float]], wording: Wording, size: Size) -> str:
    names = max(text_width(name) for name, _ in rows) + 14
    beside = max(text_width(wording.number(value)) for _, value in rows) + 10
    room = size.width - names - 2 * beside
    most = max(abs(value) for _, value in rows) or 1.0
    # Room on a side only where something is drawn there.
    down = max((-value for _, value in rows), default=0.0) > 0
    up = max((value for _, value in rows), default=0.0) > 0
    half = room / 2 if down and up else room
    zero = names + beside + (half if down else 0)
    out = [
        _row(name, wording.number(value), zero, half * value / most, _TOP + _ROW * place)
        for place, (name, value) in enumerate(rows)
    ]
    foot = size.height - _TOP
    return "".join(out) + svg.path([(zero, _TOP), (zero, foot)], "axis")


def _row(name: str, says: str, zero: float, wide: float, top: float) -> str:
    middle = top + _ROW / 2
    kind = svg.tag("f1" if wide >= 0 else "f2")
    bar = svg.box(min(zero, zero + wide), middle - _BAR / 2, abs(wide), _BAR, f'{kind} rx="1.5"')
    at, anchor = (zero + wide + 6, "start") if wide >= 0 else (zero + wide - 6, "end")
    return (
        svg.text(0, middle + 4, name, "say")
        + bar
        + svg.text(at, middle + 4, says, "strong", anchor)
    )
