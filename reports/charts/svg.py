"""Marks on paper: each with its class for the page and its light colours for mail and PDF."""

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from reports.charts.axes import FONT_SIZE, text_width
from reports.charts.chart import PAPER, Size

INK, INK_2, INK_3 = "#1c1a15", "#544f43", "#6b6556"
LINE, LINE_STRONG = "#ded8ca", "#8b8473"
ACCENT, OCHRE, GREY, TEAL = "#2b3da6", "#9a5b14", "#7d7665", "#2c7479"
GOOD, WATCH, RISK = "#17684f", "#835500", "#a52f1a"
WATCH_SOFT, RISK_SOFT = "#f6e9cb", "#f8e1da"
DEPTH = ("#f0ece2", "#e6e6f2", "#c5caea", "#8f99d8", "#2b3da6")

_TEXT = f'font-size="{FONT_SIZE}"'
_OPEN = 'stroke-dasharray="1 5" stroke-linecap="round"'
LIGHT = {
    "l1": f'fill="none" stroke="{ACCENT}" stroke-width="2" stroke-linejoin="round"',
    "l2": f'fill="none" stroke="{OCHRE}" stroke-width="1.75" stroke-dasharray="5 4"',
    "l3": f'fill="none" stroke="{GREY}" stroke-width="1.5" stroke-dasharray="2 4"',
    "open1": f'fill="none" stroke="{ACCENT}" stroke-width="2" {_OPEN}',
    "open2": f'fill="none" stroke="{OCHRE}" stroke-width="1.75" {_OPEN}',
    "open3": f'fill="none" stroke="{GREY}" stroke-width="1.5" {_OPEN}',
    "a1": f'fill="{ACCENT}" opacity=".09"',
    "f1": f'fill="{ACCENT}"',
    "f2": f'fill="{OCHRE}"',
    "f3": f'fill="{GREY}"',
    "f4": f'fill="{TEAL}"',
    "grid": f'fill="none" stroke="{LINE}"',
    "axis": f'fill="none" stroke="{LINE_STRONG}"',
    "flag": f'stroke="{INK_3}" stroke-dasharray="1 3"',
    "pin": f'fill="{INK}"',
    "pin-n": f'fill="{PAPER}" font-size="11" font-weight="600"',
    "ring": f'fill="{PAPER}" stroke="{ACCENT}" stroke-width="2"',
    "track": f'fill="{LINE}"',
    "goal-mark": f'stroke="{INK}" stroke-width="2"',
    "tick": f'fill="{INK_3}" {_TEXT}',
    "strong": f'fill="{INK}" {_TEXT} font-weight="600"',
    "say": f'fill="{INK_2}" font-size="14"',
    "t1": f'fill="{ACCENT}" {_TEXT} font-weight="600"',
    "t2": f'fill="{OCHRE}" {_TEXT} font-weight="600"',
    "t3": f'fill="{INK_3}" {_TEXT}',
    "paper": f'fill="{PAPER}"',
    "bub": f'fill="{INK}"',
    "bub-t": f'fill="{PAPER}" {_TEXT}',
    "rule": f'stroke="{INK_3}"',
    "good": f'fill="{GOOD}"',
    "watch": f'fill="{WATCH}"',
    "risk": f'fill="{RISK}"',
    "zone-risk": f'fill="{RISK_SOFT}"',
    "zone-watch": f'fill="{WATCH_SOFT}" opacity=".6"',
    "band-risk": f'fill="{RISK_SOFT}" opacity=".4"',
    "band-watch": f'fill="{WATCH_SOFT}" opacity=".3"',
}


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{round(value, 1) + 0.0:g}"  # + 0.0 turns minus zero into zero


def tag(kind: str) -> str:
    """Class and light colours of a mark; the first class names the colours."""
    return f'class="{kind}" {LIGHT.get(kind.split(maxsplit=1)[0], "")}'.rstrip()


def text(x: float, y: float, words: str, kind: str = "tick", anchor: str = "start") -> str:
    where = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text {tag(kind)} x="{number(x)}" y="{number(y)}"{where}>{escape(words)}</text>'


def rule(x: float, y: float, width: float, kind: str = "grid") -> str:
    return f'<path {tag(kind)} d="M{number(x)} {number(y)}h{number(width)}"/>'


def upright(x: float, top: float, foot: float) -> str:
    x1 = number(x)
    return f'<line {tag("rule")} x1="{x1}" x2="{x1}" y1="{number(top)}" y2="{number(foot)}"/>'


def path(
    points: Sequence[tuple[float, float]], kind: str, closing: str = "", more: str = ""
) -> str:
    """A line through the points, in order; `closing` is path data after the last one."""
    way = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f'<path {tag(kind)}{more} d="{way}{closing}"/>'


def open_path(points: Sequence[tuple[float, float]], style: int) -> str:
    """The last stretch of a line whose period is not over: dotted in its own colour."""
    return path(points, f"open{style} open")


def zone(x: float, y: float, width: float, height: float) -> str:
    """An unseen field that feels the pointer."""
    return box(x, y, width, height, 'class="z" fill="none" pointer-events="all"')


def dot(x: float, y: float, radius: float, kind: str) -> str:
    return f'<circle {tag(kind)} cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'


def box(x: float, y: float, width: float, height: float, more: str) -> str:
    return (
        f'<rect {more} x="{number(x)}" y="{number(y)}"'
        f' width="{number(width)}" height="{number(height)}"/>'
    )


def sentence(x: float, y: float, words: str, width: float) -> str:
    """One sentence, centred on x, over as many lines as the width asks for, on a bit of paper."""
    lines = _wrapped(words, width)
    first = y - (len(lines) - 1) * 10
    wide = max(text_width(one, 14) for one in lines) + 16
    ground = box(x - wide / 2, first - 17, wide, 20 * len(lines) + 6, tag("paper"))
    said = [text(x, first + i * 20, one, "say", "middle") for i, one in enumerate(lines)]
    return ground + "".join(said)


def _wrapped(words: str, width: float) -> list[str]:
    lines = [""]
    # Chinese has no spaces to break at; its sentences break at any sign.
    pieces = words.split(" ") if " " in words else list(words)
    glue = " " if " " in words else ""
    for piece in pieces:
        longer = f"{lines[-1]}{glue}{piece}" if lines[-1] else piece
        if lines[-1] and text_width(longer, 14) > width:
            lines.append(piece)
        else:
            lines[-1] = longer
    return lines


def hit(
    zone: str, mark: str, words: str, at: tuple[float, float], bounds: tuple[float, float]
) -> str:
    """A zone that shows a mark and an ink bubble while the pointer is on it, in CSS alone."""
    x, y = at
    wide = 18 + text_width(words, 13)
    left = min(max(x - wide / 2, bounds[0]), max(bounds[0], bounds[1] - wide))
    top = y - 38 if y >= 40 else y + 12  # noqa: PLR2004 - under the point where there is no room above it
    bubble = box(left, top, wide, 26, f'{tag("bub")} rx="5"')
    saying = text(left + wide / 2, top + 18, words, "bub-t", "middle")
    return f'<g class="hit">{zone}<g class="tip" opacity="0">{mark}{bubble}{saying}</g></g>'


def picture(
    key: str, size: Size, words: tuple[str, str], body: str, kind: str, *, role: str = "img"
) -> Markup:
    """The whole drawing. `words` are title and description; `key` is unique in its page. A drawing
    with links has the role "group": what is in an "img" cannot be reached.
    """
    title, summary = words
    name = escape(f"{key}-{kind}")
    labels = f"{name}-t {name}-d" if summary else f"{name}-t"
    described = f'<desc id="{name}-d">{escape(summary)}</desc>' if summary else ""
    return Markup(  # noqa: S704 - every word in the body went through escape()
        f'<svg class="{kind}" viewBox="0 0 {size.width} {size.height}" role="{role}"'
        f' aria-labelledby="{labels}" direction="ltr">'
        f'<title id="{name}-t">{escape(title)}</title>{described}{body}</svg>'
    )
