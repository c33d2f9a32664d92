"""Four weeks of one account's rollups as columns, sealed into three packed texts.

What is known already is not written again: who used a name is given by the rank among the day's
persons, and so are the minutes. So `names` and `slots` are read beside `days`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap

from portal.usage.bitmaps import SLOTS_A_PERSON, words_of
from portal.usage.days import Numbers
from portal.usage.packing import bytes_of, from_bytes, from_gaps, gaps, pack, unpack

LENGTH = 28


def block_of(ordinal: int) -> int:
    return ordinal // LENGTH


class Packed(NamedTuple):
    days: bytes
    names: bytes
    slots: bytes


@dataclass(frozen=True, slots=True)
class DayColumns:
    """One element a day with events, ascending; `users` are the persons of all days one after
    the other, `counts` how many of each. `integrations`: day → integration → calls.
    """

    ordinals: Numbers
    events: Numbers
    calls: Numbers
    durations: Numbers
    online: Numbers
    counts: Numbers
    users: Numbers
    integrations: Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class NameColumns:
    """One element a name and day, in this order. `repeats` is beside `users`: how often each used
    the name beyond once (usage/repeats.py).
    """

    names: Numbers
    ordinals: Numbers
    events: Numbers
    durations: Numbers
    counts: Numbers
    users: Numbers
    repeats: Numbers


@dataclass(frozen=True, slots=True)
class SlotColumns:
    """The person × minute marks of all days one after the other; `counts` how many of each."""

    counts: Numbers
    slots: Numbers


def pack_block(block: int, days: DayColumns, names: NameColumns, slots: SlotColumns) -> Packed:
    return Packed(_pack_days(block, days), _pack_names(days, names), _pack_slots(days, slots))


def _pack_days(block: int, days: DayColumns) -> bytes:
    first = block * LENGTH
    called = {str(day - first): dict(found) for day, found in days.integrations.items() if found}
    text = json.dumps(called, ensure_ascii=False, separators=(",", ":")) if called else ""
    columns = (days.ordinals - first, days.events, days.calls, days.durations, days.online)
    return pack([*columns, days.counts, gaps(days.users, days.counts)], text.encode())


def unpack_days(block: int, packed: bytes) -> DayColumns:
    columns, rest = unpack(packed, 7)
    ordinals, events, calls, durations, online, counts, users = columns
    first = block * LENGTH
    called = {int(day) + first: found for day, found in json.loads(rest or b"{}").items()}
    return DayColumns(
        ordinals + first,
        events,
        calls,
        durations,
        online,
        counts,
        from_gaps(users, counts),
        called,
    )


def _pack_names(days: DayColumns, names: NameColumns) -> bytes:
    """Each name once, with a bit for each of its days. Where the repeats are whole they tell how
    many events there are; what is left is 0.
    """
    places = np.searchsorted(days.ordinals, names.ordinals)
    ranks = _keys(places, names.counts, names.users)
    ranks = np.searchsorted(_keys(np.arange(days.counts.size), days.counts, days.users), ranks)
    starts = np.cumsum(days.counts) - days.counts
    ranks -= np.repeat(starts[places], names.counts)
    distinct, index = np.unique(names.names, return_inverse=True)
    masks = np.zeros(distinct.size, np.int64)
    np.bitwise_or.at(masks, index, 1 << places)
    left = _folded(names.events - _events(names.counts, names.repeats))
    columns = [distinct, masks, left, names.durations, names.counts, gaps(ranks, names.counts)]
    return pack(columns, bytes_of(names.repeats))


def _keys(places: Numbers, counts: Numbers, users: Numbers) -> Numbers:
    keys: Numbers = np.repeat(places, counts) << 32 | users
    return keys


def unpack_names(packed: bytes, days: DayColumns) -> NameColumns:
    (distinct, masks, events, durations, counts, ranks), rest = unpack(packed, 6)
    named, places = np.nonzero(masks[:, None] >> np.arange(days.ordinals.size) & 1)
    starts = np.cumsum(days.counts) - days.counts
    ranks = from_gaps(ranks, counts)
    ranks += np.repeat(starts[places], counts)
    users = days.users[ranks]
    repeats = np.zeros(users.size, np.int64)
    if rest:  # else an older release sealed it
        repeats = from_bytes(rest, users.size)
        events = _unfolded(events) + _events(counts, repeats)
    return NameColumns(
        distinct[named], days.ordinals[places], events, durations, counts, users, repeats
    )


def _events(counts: Numbers, repeats: Numbers) -> Numbers:
    sums = np.concatenate([[0], np.cumsum(repeats)])
    ends = np.cumsum(counts)
    events: Numbers = counts + sums[ends] - sums[ends - counts]
    return events


def _folded(values: Numbers) -> Numbers:
    """Small numbers of either sign as small ones from 0."""
    folded: Numbers = values << 1 ^ values >> 63
    return folded


def _unfolded(values: Numbers) -> Numbers:
    unfolded: Numbers = values >> 1 ^ -(values & 1)
    return unfolded


def _pack_slots(days: DayColumns, slots: SlotColumns) -> bytes:
    """How many minutes each of the day's persons was active (of a told day nobody knows: none),
    the first of them, and the gaps.
    """
    day = np.repeat(np.arange(slots.counts.size), slots.counts)
    marked = day << 32 | slots.slots // SLOTS_A_PERSON
    persons = _keys(np.arange(days.counts.size), days.counts, days.users)
    counts = np.searchsorted(marked, persons, "right") - np.searchsorted(marked, persons)
    active = counts[counts > 0]
    starts = np.cumsum(active) - active
    steps = gaps(slots.slots % SLOTS_A_PERSON, active)
    return pack([counts, steps[starts], np.delete(steps, starts)])


def unpack_slots(packed: bytes, days: DayColumns) -> SlotColumns:
    (counts, firsts, rest), _ = unpack(packed, 3)
    active = counts[counts > 0]
    starts = np.cumsum(active) - active
    steps = np.empty(int(active.sum()), np.int64)
    inner = np.ones(steps.size, bool)
    inner[starts] = False
    steps[starts], steps[inner] = firsts, rest
    slots = np.repeat(days.users, counts) * SLOTS_A_PERSON + from_gaps(steps, active)
    day = np.repeat(np.arange(days.counts.size), days.counts)
    by_day = np.bincount(day, weights=counts, minlength=days.counts.size).astype(np.int64)
    return SlotColumns(by_day, slots)


def bitmaps(counts: Numbers, values: Numbers) -> list[Any]:
    """One for each group of `counts` values."""
    words = words_of(values)
    ends = np.cumsum(counts).tolist()
    return [
        BitMap(words[end - size : end]) for end, size in zip(ends, counts.tolist(), strict=True)
    ]


def joined(found: Sequence[Any]) -> tuple[Numbers, Numbers]:
    """The other way: how many each bitmap holds, and all of their values one after the other."""
    arrays = [np.frombuffer(one.to_array(), np.uint32) for one in found]
    counts = np.array([one.size for one in arrays], np.int64)
    return counts, np.concatenate(arrays).astype(np.int64) if arrays else np.zeros(0, np.int64)
