from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from reports.tiles import tile_spans


def rows_of(spans: tuple[int, ...]) -> list[list[int]]:
    rows: list[list[int]] = [[]]
    for span in spans:
        if sum(rows[-1]) + span > 24:
            rows.append([])
        rows[-1].append(span)
    return rows


def test_ten_features_make_two_full_rows_that_narrow() -> None:
    depths = (0.96, 0.81, 0.74, 0.63, 0.58, 0.52, 0.38, 0.22, 0, 0)
    rows = rows_of(tile_spans(depths))
    assert [sum(row) for row in rows] == [24, 24]
    assert [len(row) for row in rows] == [4, 6]
    assert all(a >= b for row in rows for a, b in pairwise(row))


def test_a_lonely_tile_does_not_pretend_to_be_deep() -> None:
    assert tile_spans([0.1]) == (5,)
    assert tile_spans([]) == ()


@given(some.lists(some.floats(0, 1), max_size=60))
def test_every_row_but_the_last_is_full_and_every_tile_has_a_class(depths: list[float]) -> None:
    spans = tile_spans(sorted(depths, reverse=True))
    assert len(spans) == len(depths)
    assert all(3 <= span <= 8 for span in spans)
    assert all(sum(row) == 24 for row in rows_of(spans)[:-1])
