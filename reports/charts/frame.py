from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts import svg
from reports.charts.axes import text_width
from reports.charts.chart import Size, Wording


@dataclass(frozen=True)
class Frame:
    """The field between the axes: hairlines at the ticks, a stronger one at zero."""

    size: Size
    left: float
    top: float
    width: float
    base: float
    ticks: Sequence[float]
    names: Sequence[str]

    @property
    def spare(self) -> float:
        """Room at the right of the field."""
        return self.size.width - self.left - self.width

    def y(self, value: float) -> float:
        return self.base - value / self.ticks[-1] * (self.base - self.top)

    def lines(self) -> str:
        out = []
        for tick, name in zip(self.ticks, self.names, strict=True):
            y = self.y(tick)
            out.append(svg.rule(self.left, y, self.width, "grid" if tick else "axis"))
            out.append(svg.text(self.left - 8, y + 4, name, "tick", "end"))
        return "".join(out)

    def say(self, words: str) -> str:
        """One sentence in the upper middle of the field; nothing where there are no words."""
        if not words:
            return ""
        middle = self.left + self.width / 2
        return svg.sentence(
            middle, self.top + (self.base - self.top) * 0.42, words, self.width * 0.8
        )

    def say_above(self, words: str) -> str:
        """One sentence in the room that was left above the field, where no point can stand."""
        if not words:
            return ""
        return svg.text(self.left, ABOVE - 4, words, "say")


ABOVE = 20.0
"""Room for one line over the field."""


def frame_for(
    size: Size,
    ticks: Sequence[float],
    wording: Wording,
    *,
    right: float,
    foot: float,
    top: float = 22,
) -> Frame:
    """Room at the left for the widest tick, at the right and the foot as asked."""
    names = [wording.number(tick) for tick in ticks]
    left = max(34.0, max(text_width(name) for name in names) + 10)
    return Frame(size, left, top, size.width - left - right, size.height - foot, ticks, names)
