from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from portal.usage.bitmaps import SLOTS_A_PERSON, online_minutes, rolling_counts

DAY = 1440
Marks = list[tuple[int, int]]
marks = st.lists(st.tuples(st.integers(0, 3), st.integers(0, DAY - 1)), max_size=40)
near_midnight = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([0, 1, 28, 29, 30, 31, 1409, 1410, 1411, 1439])),
    max_size=20,
)


def slots(of: Marks) -> Any:
    return BitMap([person * SLOTS_A_PERSON + minute for person, minute in of])


@given(marks | near_midnight, marks | near_midnight)
def test_time_online(today: Marks, tomorrow: Marks) -> None:
    expected = 0
    for person in range(4):
        minutes = {m for p, m in today if p == person}
        minutes |= {m + DAY for p, m in tomorrow if p == person}
        steps = pairwise(sorted(minutes))
        expected += sum(b - a for a, b in steps if b - a <= 30 and a < DAY)
    assert online_minutes(slots(today), slots(tomorrow), DAY) == expected


@given(st.lists(st.sets(st.integers(0, 9), max_size=4), max_size=30), st.integers(1, 12))
def test_rolling_counts(daily: list[set[int]], width: int) -> None:
    expected = [len(set().union(*daily[end - width : end])) for end in range(width, len(daily) + 1)]
    assert rolling_counts([BitMap(day) for day in daily], width) == expected
