"""A request's way as a ring that begins and ends with the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, pi, sin

from markupsafe import Markup

from reports.charts.svg import ACCENT, GOOD, INK, INK_3, LINE, LINE_STRONG, number

_WIDTH, _HEIGHT = 384, 340
_X, _Y, _RADIUS = 192, 176, 104
_SMALL = 8
# The end of a full arc would be its beginning, so that nothing would be drawn.
_ALMOST_ALL = 0.999
_PAPER = "#fffdf9"
_SIDES = 20
_LEVEL = 60
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage of the way and its day in words, empty where it has not come."""

    name: str
    day: str = ""


def loop(key: str, title: str, stops: Sequence[Stop], done: int, centre: Sequence[str]) -> Markup:
    """`stops` without the last word, the first is that it was asked; `done` is the index of the one
    that is reached, or len(stops) once the customer has closed it. `centre`: the ring's own lines.
    """
    count = len(stops)
    name = f"{key}-title"
    marks = [_gap(done / count)] if done < count else []
    marks.append(_arc_mark(min(done / count, _ALMOST_ALL)))
    marks += [_stop(stop, place, count, place <= done) for place, stop in enumerate(stops)]
    for line, words in enumerate(centre):
        y = _Y - 4 + line * 22
        marks.append(_words(_X, y, words, "big", f'fill="{INK}" font-size="19" font-weight="600"'))
    return Markup(  # noqa: S704 # words are escaped, the rest is numbers
        f'<svg class="loop" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="{name}">'
        f'<title id="{name}">{escape(title)}</title>{"".join(marks)}</svg>'
    )


def ringlet(share: float, *, closed: bool = False, declined: bool = False) -> Markup:
    """The same in a list, beside its words: `share` of the way is done, from 0 to 1."""
    kind = "ringlet" + (" closed" if closed else "") + (" no" if declined else "")
    track = f'<circle class="tr" cx="11" cy="11" r="{_SMALL}" fill="none" stroke="{LINE}"/>'
    return Markup(  # noqa: S704 # words are escaped, the rest is numbers
        f'<svg class="{kind}" viewBox="0 0 22 22" aria-hidden="true">{track}'
        f"{_small_arc(share, closed=closed, declined=declined)}</svg>"
    )


def _small_arc(share: float, *, closed: bool, declined: bool) -> str:
    circle = f'<circle class="ar" cx="11" cy="11" r="{_SMALL}" fill="none" stroke="{ACCENT}"'
    if closed:
        tick = f'<path class="ck" fill="none" stroke="{GOOD}" d="M7.5 11.2l2.5 2.5l4.5 -5"/>'
        return f"{circle}/>{tick}"
    if declined:
        return ""
    length = number(2 * pi * _SMALL * share)
    return f'{circle} transform="rotate(-90 11 11)" stroke-dasharray="{length} 60"/>'


def _gap(done: float) -> str:
    look = 'stroke-width="2.5" stroke-dasharray="1 8" stroke-linecap="round"'
    path = _arc(done, _ALMOST_ALL)
    return f'<path class="gap" fill="none" stroke="{LINE_STRONG}" {look} d="{path}"/>'


def _arc_mark(done: float) -> str:
    look = 'stroke-width="5" stroke-linecap="round"'
    return f'<path class="arc" fill="none" stroke="{ACCENT}" {look} d="{_arc(0, done)}"/>'


def _stop(stop: Stop, place: int, count: int, reached: bool) -> str:  # noqa: FBT001 # positional in one call
    x, y = _spot(_RADIUS, place / count)
    kind = "node" if reached else "node open"
    fill = ACCENT if reached else _PAPER
    edge = "" if reached else f' stroke="{LINE_STRONG}" stroke-width="2.5"'
    out = f'<circle class="{kind}" fill="{fill}"{edge} cx="{number(x)}" cy="{number(y)}" r="11"/>'
    if reached:
        tick = f"M{number(x - 4)} {number(y)}l3 3l5 -6"
        out += f'<path class="tick-c" fill="none" stroke="#fff" stroke-width="2.2" d="{tick}"/>'
    return out + _label(stop, place / count)


def _label(stop: Stop, share: float) -> str:
    x, y = _spot(_RADIUS + 24, share)
    if abs(x - _X) < _SIDES:
        anchor = "middle"
        y += -14 if y < _Y - _LEVEL else 18 if y > _Y + _LEVEL else 0
    else:
        anchor = "start" if x > _X else "end"
    name = f'fill="{INK}" font-size="14" font-weight="600"'
    day = f'fill="{INK_3}" font-size="12.5"'
    return _words(x, y, stop.name, "strong", name, anchor) + (
        _words(x, y + 17, stop.day, "day", day, anchor) if stop.day else ""
    )


def _words(x: float, y: float, words: str, kind: str, look: str, anchor: str = "middle") -> str:  # noqa: PLR0917 # a mark's own parts
    where = f'x="{number(x)}" y="{number(y)}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {look} {where}>{escape(words)}</text>'


def _spot(radius: float, share: float) -> tuple[float, float]:
    """The point at that share of the way round, from the top, clockwise."""
    return _X + radius * sin(2 * pi * share), _Y - radius * cos(2 * pi * share)


def _arc(start: float, end: float) -> str:
    (x1, y1), (x2, y2) = _spot(_RADIUS, start), _spot(_RADIUS, end)
    large = int(end - start > _HALF)
    return f"M{number(x1)} {number(y1)}A{_RADIUS} {_RADIUS} 0 {large} 1 {number(x2)} {number(y2)}"
