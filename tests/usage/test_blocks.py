"""What is packed is what comes out, in fewer bytes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.usage import blocks
from portal.usage.bitmaps import SLOTS_A_PERSON
from portal.usage.blocks import LENGTH, DayColumns, NameColumns, SlotColumns
from portal.usage.packing import from_gaps, gaps, pack, unpack

BLOCK = 26_000
big = st.integers(0, 2**63 - 1)
# day, person, minute, name: one event each
events = st.lists(
    st.tuples(
        st.integers(0, LENGTH - 1),
        st.sampled_from([0, 1, 2, 300, 70_000]),
        st.integers(0, SLOTS_A_PERSON - 1),
        st.sampled_from([1, 2, 9_999]),
    ),
    min_size=1,
    max_size=60,
)


@given(st.lists(st.lists(big | st.integers(0, 300), max_size=20), min_size=1, max_size=4))
def test_columns(columns: list[list[int]]) -> None:
    packed = pack([np.array(one, np.int64) for one in columns], b"rest")
    found, rest = unpack(packed, len(columns))
    assert [one.tolist() for one in found] == columns
    assert rest == b"rest"


@given(st.lists(st.sets(st.integers(0, 2**31), max_size=5), min_size=1, max_size=6))
def test_gaps(groups: list[set[int]]) -> None:
    counts = np.array([len(one) for one in groups], np.int64)
    values = np.array([one for group in groups for one in sorted(group)], np.int64)
    assert from_gaps(gaps(values, counts), counts).tolist() == values.tolist()


def columns_of(found: Sequence[tuple[int, ...]]) -> tuple[DayColumns, NameColumns, SlotColumns]:
    """By plain Python, one event after the other."""
    days = sorted({BLOCK * LENGTH + day for day, *_ in found})
    users = [sorted({u for d, u, *_ in found if BLOCK * LENGTH + d == day}) for day in days]
    marks = [
        sorted({u * SLOTS_A_PERSON + m for d, u, m, _ in found if BLOCK * LENGTH + d == day})
        for day in days
    ]
    uses: dict[tuple[int, int], set[int]] = {}
    times: Counter[tuple[int, int, int]] = Counter()
    for day, person, _, name in found:
        uses.setdefault((name, BLOCK * LENGTH + day), set()).add(person)
        times[name, BLOCK * LENGTH + day, person] += 1
    named = sorted(uses)
    some = _array(range(5, 5 + len(days)))
    day_columns = DayColumns(
        _array(days),
        some,
        some * 2,
        some * 1_000,
        some,
        _sizes(users),
        _flat(users),
        {days[0]: {"sap": 3}},
    )
    many = _array(range(len(named)))
    name_columns = NameColumns(
        _array([name for name, _ in named]),
        _array([day for _, day in named]),
        many,
        many * 7,
        _sizes([uses[key] for key in named]),
        _flat([sorted(uses[key]) for key in named]),
        _flat([[times[*key, one] - 1 for one in sorted(uses[key])] for key in named]),
    )
    return day_columns, name_columns, SlotColumns(_sizes(marks), _flat(marks))


def _array(values: Any) -> Any:
    return np.array(list(values), np.int64)


def _sizes(groups: Any) -> Any:
    return _array(len(one) for one in groups)


def _flat(groups: Any) -> Any:
    return _array(one for group in groups for one in group)


@given(events)
def test_a_block_of_an_older_release_knows_no_repeats(found: list[tuple[int, ...]]) -> None:
    days, names, slots = columns_of(found)
    zeros = np.zeros(names.users.size, np.int64)
    (packed, whole) = (
        blocks.pack_block(BLOCK, days, replace(names, repeats=one), slots).names
        for one in (zeros, names.repeats)
    )
    columns, _repeats = unpack(packed, 6)
    old = pack([*columns[:2], names.events, *columns[3:]])
    assert_same(blocks.unpack_names(old, days), replace(names, repeats=zeros))
    assert_same(blocks.unpack_names(whole, days), names)


@given(events)
def test_a_block_of_which_some_minutes_are_not_known(found: list[tuple[int, ...]]) -> None:
    days, names, slots = columns_of(found)
    known = slots.slots // SLOTS_A_PERSON % 3 > 0
    day = np.repeat(np.arange(slots.counts.size), slots.counts)
    some = SlotColumns(np.bincount(day[known], minlength=slots.counts.size), slots.slots[known])
    packed = blocks.pack_block(BLOCK, days, names, some)
    assert_same(blocks.unpack_slots(packed.slots, days), some)


@given(events)
def test_a_block(found: list[tuple[int, ...]]) -> None:
    days, names, slots = columns_of(found)
    packed = blocks.pack_block(BLOCK, days, names, slots)
    again = blocks.unpack_days(BLOCK, packed.days)
    assert_same(again, days)
    assert_same(blocks.unpack_names(packed.names, again), names)
    assert_same(blocks.unpack_slots(packed.slots, again), slots)
    listed = blocks.bitmaps(slots.counts, slots.slots)
    assert [list(one) for one in listed] == [
        part.tolist() for part in np.split(slots.slots, np.cumsum(slots.counts)[:-1])
    ]


def assert_same(one: Any, other: Any) -> None:
    for name in one.__dataclass_fields__:
        mine, its = getattr(one, name), getattr(other, name)
        assert mine == its if isinstance(mine, dict) else mine.tolist() == its.tolist(), name


@pytest.mark.parametrize("persons", [5, 2_000])
def test_three_bytes_an_event_at_the_most(persons: int) -> None:
    """Also where every event falls into a minute of its own."""
    source = np.random.default_rng(3)
    found = [
        (day, int(person), int(minute), 1 + int(name))
        for day in range(0, LENGTH, 2)
        for person in source.choice(persons, max(3, persons // 40), replace=False)
        for minute, name in zip(
            source.integers(480, 1080, 12), source.integers(0, 8, 12), strict=True
        )
    ]
    packed = blocks.pack_block(BLOCK, *columns_of(found))
    assert sum(map(len, packed)) / len(found) < 3
