"""Where a mark's name has room: beside it, above it or below it, on nothing else."""

from typing import NamedTuple

from reports.charts.axes import FONT_SIZE, text_width

_GAP, _TALL = 6.0, 15.0


class Place(NamedTuple):
    x: float
    y: float
    anchor: str


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    foot: float

    def meets(self, other: "_Box") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.foot <= other.top or other.foot <= self.top)


class NameRoom:
    """What is taken in a field so far."""

    def __init__(self, left: float, top: float, right: float, foot: float) -> None:
        self._field = _Box(left, top, right, foot)
        self._taken: list[_Box] = []

    def take(self, x: float, y: float, radius: float) -> None:
        self._taken.append(_Box(x - radius, y - radius, x + radius, y + radius))

    def find(self, name: str, x: float, y: float, radius: float) -> Place | None:
        """The first place that is free, which is then taken; None where there is none."""
        wide = text_width(name, FONT_SIZE)
        away = radius + _GAP
        for place in (
            Place(x + away, y + 4, "start"),
            Place(x - away, y + 4, "end"),
            Place(x, y - away, "middle"),
            Place(x, y + away + 10, "middle"),
        ):
            box = _box(place, wide)
            if self._within(box) and not any(box.meets(one) for one in self._taken):
                self._taken.append(box)
                return place
        return None

    def _within(self, box: _Box) -> bool:
        field = self._field
        return box.left >= field.left and box.right <= field.right + 8 and box.top >= field.top - 4


def _box(place: Place, wide: float) -> _Box:
    left = {"start": 0.0, "middle": wide / 2, "end": wide}[place.anchor]
    top = place.y - _TALL + 4
    return _Box(place.x - left, top, place.x - left + wide, top + _TALL)
