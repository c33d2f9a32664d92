"""The feature map's rhythm: wider tiles for deeper use, each row filled to its end."""

from collections.abc import Sequence
from math import ceil

COLUMNS = 24
NARROWEST, WIDEST = 3, 8
_A_ROW = 6
_FEWEST, _MOST = COLUMNS // WIDEST, COLUMNS // NARROWEST
_LAST_ROW_GROWTH = 2


def tile_spans(depths: Sequence[float]) -> tuple[int, ...]:
    """How many of 24 columns each tile takes, in the given order, from depths between 0 and 1.

    Every row adds up to 24, except that a short last one grows by at most two columns a tile.
    """
    wished = [NARROWEST + round(max(0.0, min(1.0, one)) * (WIDEST - NARROWEST)) for one in depths]
    rows = _rows(wished)
    return tuple(span for row in rows for span in _fitted(row, grows=row is not rows[-1]))


def _rows(wished: Sequence[int]) -> list[list[int]]:
    """About six tiles a row, the rows about equally heavy."""
    share = sum(wished) / max(1, ceil(len(wished) / _A_ROW))
    rows: list[list[int]] = [[]]
    for span in wished:
        row = rows[-1]
        heavy = len(row) >= _FEWEST and sum(row) + span / 2 > share
        if heavy or len(row) == _MOST:
            row = []
            rows.append(row)
        row.append(span)
    return rows


def _fitted(row: Sequence[int], *, grows: bool) -> list[int]:
    """The row with columns taken from its widest tiles or given to its first ones."""
    spans = list(row)
    while sum(spans) > COLUMNS:
        # The last of the widest, so that the spans keep falling along the row.
        widest = max(spans)
        spans[len(spans) - 1 - spans[::-1].index(widest)] -= 1
    most = [WIDEST if grows else min(WIDEST, span + _LAST_ROW_GROWTH) for span in row]
    while sum(spans) < COLUMNS and any(a < b for a, b in zip(spans, most, strict=True)):
        for i in range(len(spans)):
            if spans[i] < most[i] and sum(spans) < COLUMNS:
                spans[i] += 1
    return spans
