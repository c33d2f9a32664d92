"""Before and after: one line a measure, each held against its own beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from reports.charts import svg
from reports.charts.axes import text_width
from reports.charts.chart import Chart, Size

BROAD, SLIM = Size(672, 270), Size(354, 270)
MOST = 3
_TOP, _FOOT, _APART_LEFT, _APART_RIGHT = 34.0, 30.0, 22.0, 40.0


@dataclass(frozen=True, slots=True)
class Change:
    """`before` and `after` in words; `share`: what is left of the first, 0.4 for 12 → 4.8."""

    name: str
    before: str
    after: str
    share: float

    def __post_init__(self) -> None:
        if not (isfinite(self.share) and self.share >= 0):
            raise ValueError(f"{self.name}: {self.share} is no share of what there was.")


def slope(
    key: str,
    title: str,
    changes: Sequence[Change],
    head: tuple[str, str, str],
    *,
    summary: str = "",
    broad: Size = BROAD,
    slim: Size = SLIM,
) -> Chart:
    """At most three lines; the twin has all of them. `head`: measure, before, after."""
    if not changes:
        raise ValueError("A slope needs a change.")
    words = (title, summary)
    drawn = [
        svg.picture(key, size, words, _Field(changes[:MOST], head, size).drawing(), kind)
        for size, kind in ((broad, "broad"), (slim, "slim"))
    ]
    rows = tuple((one.name, one.before, one.after) for one in changes)
    return Chart(drawn[0], drawn[1], *words, head, rows)


@dataclass(frozen=True)
class _Field:
    changes: Sequence[Change]
    head: tuple[str, str, str]
    size: Size

    @property
    def left(self) -> float:
        return max(text_width(one.before) for one in self.changes) + 24

    @property
    def right(self) -> float:
        """Names stand at the right; on a narrow drawing they are broken over two lines."""
        room = min(210.0, self.size.width * 0.36)
        return self.size.width - room

    @property
    def height(self) -> float:
        return self.size.height - _TOP - _FOOT

    def drawing(self) -> str:
        left, right = self.left, self.right
        ends = self._ends()
        out = [
            svg.text(left, 16, self.head[1], "strong", "middle" if left > 40 else "start"),  # noqa: PLR2004 # room for half of the word
            svg.text(right, 16, self.head[2], "strong", "middle"),
            *(svg.path([(x, _TOP), (x, _TOP + self.height)], "grid") for x in (left, right)),
        ]
        for place, (one, end) in enumerate(zip(self.changes, ends, strict=True)):
            out.extend(self._line(place, one, end))
        return "".join(out)

    def _line(self, place: int, one: Change, end: float) -> list[str]:
        begin, style = self._begin(place), place + 1
        label = self._labels()[place]
        return [
            svg.path([(self.left, begin), (self.right, end)], f"l{style}"),
            svg.dot(self.left, begin, 4, f"f{style}"),
            svg.dot(self.right, end, 5, f"f{style}"),
            svg.text(self.left - 12, begin + 4, one.before, "tick", "end"),
            svg.text(self.right + 14, label + 1, one.after, "strong"),
            *(
                svg.text(self.right + 14, label + 17 + row * 15, words, "tick")
                for row, words in enumerate(self._name(one.name))
            ),
        ]

    def _begin(self, place: int) -> float:
        return _TOP + 12 + place * _APART_LEFT

    def _ends(self) -> list[float]:
        """From the top, where as much or more is there than before, to the foot, where nothing is
        left; what has grown rises above the others.
        """
        most = max(1.0, *(one.share for one in self.changes))
        return [_TOP + 12 + (self.height - 24) * (1 - one.share / most) for one in self.changes]

    def _labels(self) -> list[float]:
        """Beside the points, moved apart where these lie close."""
        ends = self._ends()
        apart = _APART_RIGHT + (
            15 if any(len(self._name(one.name)) > 1 for one in self.changes) else 0
        )
        order = sorted(range(len(ends)), key=ends.__getitem__)
        placed = dict.fromkeys(order, 0.0)
        lowest = self.size.height - apart + 8
        for at, place in enumerate(order):
            above = placed[order[at - 1]] + apart if at else 0.0
            placed[place] = max(ends[place], above)
        for at in range(len(order) - 1, -1, -1):
            below = placed[order[at + 1]] - apart if at + 1 < len(order) else lowest
            placed[order[at]] = min(placed[order[at]], below)
        return [placed[place] for place in range(len(ends))]

    def _name(self, name: str) -> list[str]:
        return _broken(name, self.size.width - self.right - 16)


def _broken(words: str, width: float) -> list[str]:
    """Over two lines at most; what does not fit ends with dots."""
    spaced = " " in words
    pieces, glue = (words.split(" "), " ") if spaced else (list(words), "")
    lines = [""]
    for piece in pieces:
        longer = f"{lines[-1]}{glue}{piece}" if lines[-1] else piece
        if lines[-1] and text_width(longer) > width:
            lines.append(piece)
        else:
            lines[-1] = longer
    return lines if len(lines) <= 2 else [lines[0], f"{lines[1]}…"]  # noqa: PLR2004 # two lines
