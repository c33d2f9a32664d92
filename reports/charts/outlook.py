"""Health against the days to a renewal: each mark an account, what is low and far right is urgent.

A mark's shape says its band, its area how much hangs on it. Where there are more accounts than
marks, the rest are cells that darken with how many they hold.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from reports.charts import svg
from reports.charts.chart import Chart, Size
from reports.charts.heat import heat_level
from reports.charts.outlook_names import NameRoom

BROAD, SLIM = Size(1010, 420), Size(354, 380)
NEAR = 90
HORIZONS = (360, 720, 1080)
BEST = 100
_LEAST, _CELLS, _CELL_SCORE = 4.5, 24, 10


@dataclass(frozen=True)
class Mark:
    """`days` to the renewal, below zero where it is over. `weight`: how much hangs on it, None
    where nobody knows. `band` is good, watch or risk. `words` say it all in one sentence; `row`
    is its line in the table twin.
    """

    name: str
    days: int
    score: float
    band: str
    weight: float | None = None
    url: str = ""
    words: str = ""
    row: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutlookWording:
    """`days` writes a distance, `many` what stands in a cell of the rest."""

    days: Callable[[int], str]
    many: Callable[[int], str]
    today: str
    axis: str
    near: str
    empty: str
    head: tuple[str, ...]


def outlook(
    key: str,
    title: str,
    marks: Sequence[Mark],
    wording: OutlookWording,
    *,
    rest: Sequence[tuple[int, float]] = (),
    bands: tuple[int, int] = (75, 50),
    summary: str = "",
    broad: Size = BROAD,
    slim: Size = SLIM,
) -> Chart:
    """`rest`: days and score of the accounts that get no mark. `bands`: where good and where watch
    begin. Distances beyond the axis stand at its end, those that are over at today.
    """
    drawn = []
    for size, kind in ((broad, "broad"), (slim, "slim")):
        field_ = _Field.of(size, kind, [one.days for one in marks] + [days for days, _ in rest])
        body = field_.ground(bands, wording) + field_.cells(rest, wording) + field_.marks(marks)
        if not marks and not rest:
            body += field_.say(wording.empty)
        drawn.append(svg.picture(key, size, (title, summary), body, kind, role="group"))
    rows = tuple(one.row for one in marks if one.row)
    return Chart(drawn[0], drawn[1], title, summary, wording.head, rows)


@dataclass(frozen=True)
class _Field:
    slim: bool
    left: float
    top: float
    width: float
    height: float
    horizon: int
    names: NameRoom = field(repr=False)

    @classmethod
    def of(cls, size: Size, kind: str, days: Iterable[int]) -> "_Field":
        farthest = max(days, default=0)
        horizon = next((one for one in HORIZONS if farthest <= one), HORIZONS[-1])
        left, top, width, height = 36.0, 22.0, size.width - 52.0, size.height - 66.0
        room = NameRoom(left, top, left + width, top + height)
        return cls(kind == "slim", left, top, width, height, horizon, room)

    def x(self, days: float) -> float:
        return self.left + self.width * (1 - min(max(days, 0), self.horizon) / self.horizon)

    def y(self, score: float) -> float:
        return self.top + self.height * (1 - min(max(score, 0), BEST) / BEST)

    @property
    def foot(self) -> float:
        return self.top + self.height

    def ground(self, bands: tuple[int, int], wording: OutlookWording) -> str:
        good, watch = bands
        out = [self._zone("watch", good, watch), self._zone("risk", watch, 0)]
        for score in (0, watch, good, BEST):
            y = self.y(score)
            out.append(svg.rule(self.left, y, self.width, "grid" if score else "axis"))
            out.append(svg.text(self.left - 8, y + 4, str(score), "tick", "end"))
        return "".join(out) + self._days(wording)

    def _zone(self, band: str, high: int, low: int) -> str:
        top, tall, near = self.y(high), self.y(low) - self.y(high), self.x(NEAR)
        far = svg.box(self.left, top, near - self.left, tall, svg.tag(f"band-{band}"))
        return far + svg.box(near, top, self.x(0) - near, tall, svg.tag(f"zone-{band}"))

    def _days(self, wording: OutlookWording) -> str:
        out, places = [], range(self.horizon, -1, -self.horizon // (2 if self.slim else 4))
        for days in places:
            anchor = {self.horizon: "start", 0: "end"}.get(days, "middle")
            words = wording.days(days) if days else wording.today
            out.append(svg.text(self.x(days), self.foot + 20, words, "tick", anchor))
        out.append(svg.text(self.x(0), self.foot + 38, wording.axis, "tick", "end"))
        x = svg.number(self.x(NEAR))
        out.append(
            f'<path {svg.tag("flag")} d="M{x} {svg.number(self.top)}V{svg.number(self.foot)}"/>'
        )
        out.append(svg.text(self.x(NEAR) - 6, self.top - 7, wording.near, "tick", "end"))
        return "".join(out)

    def cells(self, rest: Sequence[tuple[int, float]], wording: OutlookWording) -> str:
        wide, tall = self.width / _CELLS, self.height / _CELL_SCORE
        counts = Counter(
            (
                min(int((self.x(days) - self.left) / wide), _CELLS - 1),
                min(int((self.y(score) - self.top) / tall), _CELL_SCORE - 1),
            )
            for days, score in rest
        )
        most, out = max(counts.values(), default=0), []
        for (column, row), count in sorted(counts.items()):
            level = heat_level(count, most)
            at = self.left + column * wide + 1, self.top + row * tall + 1
            look = f'class="d{level}" fill="{svg.DEPTH[level]}" rx="2"'
            opening = svg.box(*at, wide - 2, tall - 2, look).removesuffix("/>")
            out.append(f"{opening}><title>{escape(wording.many(count))}</title></rect>")
        return "".join(out)

    def marks(self, marks: Sequence[Mark]) -> str:
        most = max((one.weight or 0 for one in marks), default=0)
        placed = [
            (one, self.x(one.days), self.y(one.score), self._radius(one, most)) for one in marks
        ]
        for _one, x, y, radius in placed:
            self.names.take(x, y, radius)
        # The urgent ones get their names first; the small ones are drawn over the large.
        urgent = sorted(placed, key=lambda at: (at[0].band == "good", at[0].score, at[0].days))
        said = {id(one): self._name(one, x, y, radius) for one, x, y, radius in urgent}
        return "".join(
            _linked(one, _shape(one.band, x, y, radius) + said[id(one)])
            for one, x, y, radius in sorted(placed, key=lambda at: -at[3])
        )

    def _radius(self, one: Mark, most: float) -> float:
        spread = 5.0 if self.slim else 8.0
        return _LEAST + (spread * ((one.weight or 0) / most) ** 0.5 if most else 2.0)

    def _name(self, one: Mark, x: float, y: float, radius: float) -> str:
        kind = "tick" if one.band == "good" else "strong"
        if self.slim and one.band == "good":
            return ""
        place = self.names.find(one.name, x, y, radius)
        return svg.text(place.x, place.y, one.name, kind, place.anchor) if place else ""

    def say(self, words: str) -> str:
        middle = self.left + self.width / 2
        return svg.sentence(middle, self.top + self.height * 0.42, words, self.width * 0.8)


def _shape(band: str, x: float, y: float, radius: float) -> str:
    if band == "watch":
        points = [(x, y - radius * 1.15), (x + radius * 1.15, y + radius * 0.85)]
        return svg.path([*points, (x - radius * 1.15, y + radius * 0.85)], "watch", "z")
    if band == "risk":
        reach = radius * 1.3
        points = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
        return svg.path(points, "risk", "z")
    return svg.dot(x, y, radius, "good")


def _linked(one: Mark, drawn: str) -> str:
    said = escape(one.words or one.name)
    titled = f"<title>{said}</title>{drawn}"
    if not one.url:
        return f"<g>{titled}</g>"
    return f'<a href="{escape(one.url)}" aria-label="{said}">{titled}</a>'
