"""A goal as a ruler: baseline at the left end, target at the right, today's value between."""

from dataclasses import dataclass

from reports.charts import svg
from reports.charts.axes import text_width
from reports.charts.chart import Chart, Size, Value, Wording

BROAD, SLIM = Size(500, 62), Size(354, 62)
_TENTHS = 10
_LINE = 28


@dataclass(frozen=True)
class _Ruler:
    share: float | None
    says: tuple[str, str, str]


def progress(
    key: str,
    title: str,
    *,
    baseline: float,
    now: Value,
    target: float,
    wording: Wording,
    head: tuple[str, str, str] = ("Baseline", "Now", "Target"),
    summary: str = "",
    broad: Size = BROAD,
    slim: Size = SLIM,
) -> Chart:
    """How far a measure has come; a goal that falls (9 to 4 days) still runs left to right.

    All three values are printed. Without a reading (None) there is a ruler and no marker.
    """
    reading = wording.missing if now is None else wording.number(now)
    says = wording.number(baseline), reading, wording.number(target)
    ruler = _Ruler(None if now is None else share_of_way(baseline, now, target), says)
    words = (title, summary)
    drawn = [
        svg.picture(key, size, words, _body(ruler, size), kind)
        for size, kind in ((broad, "broad"), (slim, "slim"))
    ]
    return Chart(drawn[0], drawn[1], title, summary, head, (says,))


def share_of_way(baseline: float, now: float, target: float) -> float:
    """0 at the baseline, 1 at the target, bounded by both; 1 where they are the same."""
    if target == baseline:
        return 1.0
    return max(0.0, min(1.0, (now - baseline) / (target - baseline)))


def _body(ruler: _Ruler, size: Size) -> str:
    left, wide = 2, size.width - 4
    out = [svg.box(left, _LINE - 2, wide, 4, f'{svg.tag("track")} rx="2"')]
    if ruler.share:
        out.append(svg.box(left, _LINE - 2, wide * ruler.share, 4, f'{svg.tag("f1")} rx="2"'))
    for i in range(1, _TENTHS):
        x = left + wide * i / _TENTHS
        out.append(svg.path([(x, _LINE + 6), (x, _LINE + 10)], "grid"))
    end = left + wide - 1
    out.append(svg.path([(end, _LINE - 11), (end, _LINE + 11)], "goal-mark"))
    if ruler.share is not None:
        out.append(_marker(ruler.share, ruler.says[1], left, wide))
    out.append(svg.text(left, _LINE + 28, ruler.says[0]))
    out.append(svg.text(left + wide, _LINE + 28, ruler.says[2], "tick", "end"))
    return "".join(out)


def _marker(share: float, says: str, left: float, wide: float) -> str:
    x, half = left + wide * share, text_width(says) / 2
    middle = min(max(x, left + half), left + wide - half)
    drawn = min(max(x, left + 7), left + wide - 7)
    return svg.dot(drawn, _LINE, 7, "f1") + svg.text(middle, _LINE - 15, says, "strong", "middle")
