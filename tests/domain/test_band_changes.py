"""Which changes of the health band are told."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.band_changes import SHORT_DAYS, BandDay, lasting_changes

FIRST = date(2026, 1, 1)


def days(*runs: tuple[str, int]) -> list[BandDay]:
    """Such as ("green", 30), ("red", 3): a band and how many days it holds."""
    bands = [band for band, length in runs for _ in range(length)]
    return [BandDay(FIRST + timedelta(days=at), band, at) for at, band in enumerate(bands)]


def told(*runs: tuple[str, int]) -> list[tuple[int, str, str]]:
    found = lasting_changes(days(*runs))
    return [((one.day - FIRST).days, one.before, one.after) for one in found]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((), []),
        ((("green", 40),), []),
        ((("green", 40), ("yellow", 40)), [(40, "green", "yellow")]),
        ((("green", 40), ("yellow", SHORT_DAYS), ("green", 9)), []),
        (
            (("green", 40), ("yellow", SHORT_DAYS + 1), ("green", 9)),
            [(40, "green", "yellow"), (48, "yellow", "green")],
        ),
        # The newest is told at once.
        ((("green", 40), ("red", 1)), [(40, "green", "red")]),
        # To and fro, and then for good: on the day from which it holds.
        (
            (
                *(("green", 40), ("yellow", 2), ("green", 3), ("yellow", 2), ("green", 1)),
                ("yellow", 9),
            ),
            [(48, "green", "yellow")],
        ),
        # By way of a third band.
        ((("green", 40), ("yellow", 3), ("red", 3), ("green", 20)), []),
        # Through a band is no return.
        (
            (("green", 40), ("yellow", 2), ("red", 30)),
            [(40, "green", "yellow"), (42, "yellow", "red")],
        ),
    ],
)
def test_what_is_told(
    runs: tuple[tuple[str, int], ...], expected: list[tuple[int, str, str]]
) -> None:
    assert told(*runs) == expected


def test_the_score_is_that_of_the_first_day() -> None:
    (change,) = lasting_changes(days(("green", 3), ("red", 20)))
    assert change.score == 3


@given(st.lists(st.tuples(st.sampled_from(["green", "yellow", "red"]), st.integers(1, 12))))
def test_changes_are_a_chain_from_the_first_band_to_the_last(runs: list[tuple[str, int]]) -> None:
    every = days(*runs)
    found = lasting_changes(every)
    assert all(one.after == other.before and one.day < other.day for one, other in pairwise(found))
    assert all(one.before != one.after for one in found)
    if found:
        assert (found[0].before, found[-1].after) == (every[0].band, every[-1].band)
    elif every:
        assert every[0].band == every[-1].band
