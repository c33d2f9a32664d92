"""Adds a plan's events to the rollups, each message once. No database here.

Everything is sorted and summed over the whole step, as arrays; Python only goes through the parts
of the rollups, not through the events.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from portal.usage.bitmaps import SLOTS_A_PERSON
from portal.usage.days import Numbers
from portal.usage.distinct import distinct
from portal.usage.messages import Flags
from portal.usage.online import add_time_online
from portal.usage.plan import Plan
from portal.usage.rollups import Day, NameDay, PersonUse, Rollups, Seen, Use

MOST_INTEGRATIONS = 100


@dataclass(frozen=True, slots=True)
class Runs:
    """Events grouped by a key: `order` sorts them by it (stable), `starts` begins each group."""

    order: Numbers
    starts: Numbers

    def first(self, column: Numbers) -> list[int]:
        return column[self.order[self.starts]].tolist()  # type: ignore[no-any-return] # numpy says Any

    def sums(self, column: Numbers) -> list[int]:
        return np.add.reduceat(column[self.order], self.starts).tolist()  # type: ignore[no-any-return] # numpy says Any

    def least(self, column: Numbers) -> list[int]:
        return np.minimum.reduceat(column[self.order], self.starts).tolist()  # type: ignore[no-any-return] # numpy says Any

    def most(self, column: Numbers) -> list[int]:
        return np.maximum.reduceat(column[self.order], self.starts).tolist()  # type: ignore[no-any-return] # numpy says Any

    def sizes(self) -> list[int]:
        return np.diff(self.starts, append=self.order.size).tolist()  # type: ignore[no-any-return] # numpy says Any

    def groups(self) -> Iterator[Numbers]:
        yield from np.split(self.order, self.starts[1:])

    def distinct(self, values: Numbers) -> Iterator[list[int]]:
        """For each group its distinct values (below 2³²), ascending."""
        number = np.zeros(self.order.size, np.int64)
        number[self.starts[1:]] = 1
        both = distinct(np.cumsum(number) << 32 | values[self.order])
        starts = np.flatnonzero(np.diff(both >> 32, prepend=-1))
        ends = [*starts[1:].tolist(), both.size]
        listed = (both & 0xFFFFFFFF).tolist()
        for start, end in zip(starts.tolist(), ends, strict=True):
            yield listed[start:end]

    def counted(self, values: Numbers) -> Iterator[tuple[list[int], list[int]]]:
        """The same, and how often each of them stands in the group."""
        number = np.zeros(self.order.size, np.int64)
        number[self.starts[1:]] = 1
        both = np.sort(np.cumsum(number) << 32 | values[self.order])
        places = _beginnings(both)
        times = np.diff(places, append=both.size).tolist()
        kept = both[places]
        listed = (kept & 0xFFFFFFFF).tolist()
        starts = _beginnings(kept >> 32).tolist()
        for start, end in zip(starts, [*starts[1:], len(listed)], strict=True):
            yield listed[start:end], times[start:end]


def _beginnings(ordered: Numbers) -> Numbers:
    """Where another number begins."""
    new = np.ones(ordered.size, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return np.flatnonzero(new)


def runs(*keys: Numbers) -> Runs:
    """The last key counts most, as in np.lexsort."""
    order = np.lexsort(keys)
    changes = np.zeros(order.size, bool)
    changes[:1] = True
    for key in keys:
        changes[1:] |= np.diff(key[order]) != 0
    return Runs(order, np.flatnonzero(changes))


@dataclass(frozen=True, slots=True)
class Added:
    """How many events were `new`; `late` ones, by their positions in the plan, did not count."""

    new: int
    late: list[int]


def add(rollups: Rollups, plan: Plan) -> Added:
    """Every part that `plan` touches must have been loaded."""
    if not plan.places.size:
        return Added(0, [])
    fresh, late = _fresh(rollups, plan)
    new = int(fresh.sum())
    if new:
        add_counted(rollups, plan if fresh.all() else plan.only(fresh))
    return Added(new, late)


def add_counted(rollups: Rollups, events: Plan) -> None:
    """Of all of which it is known that they count, and once."""
    _add_accounts(rollups, events)
    numbers = _numbers(rollups, events)
    _add_days(rollups, events, numbers)
    _add_integrations(rollups, events)
    _add_name_days(rollups, events, numbers, _add_names(rollups, events))
    add_time_online(rollups, events)


def _fresh(rollups: Rollups, plan: Plan) -> tuple[Flags, list[int]]:
    """Marks the first of each message that was not seen before, and remembers it. Those of whose
    day the hashes were dropped stand apart.
    """
    fresh = np.zeros(plan.hashes.size, bool)
    late: list[int] = []
    order = np.lexsort((plan.hashes, plan.buckets, plan.places))
    hashes, buckets, places = plan.hashes[order], plan.buckets[order], plan.places[order]
    begins = np.ones(order.size, bool)
    begins[1:] = (np.diff(buckets) != 0) | (np.diff(places) != 0)
    first = begins.copy()
    first[1:] |= hashes[1:] != hashes[:-1]
    own, hashes = order[first], hashes[first]
    starts = np.flatnonzero(begins)
    firsts = np.flatnonzero(begins[first])
    facts = (
        *(places[starts].tolist(), buckets[starts].tolist()),
        *(starts.tolist(), [*starts[1:].tolist(), order.size]),
        *(firsts.tolist(), [*firsts[1:].tolist(), own.size]),
    )
    for place, bucket, start, end, begin, close in zip(*facts, strict=True):
        key = (plan.accounts[place], bucket)
        seen = rollups.seen.setdefault(key, Seen())
        if not seen.hashes.size and rollups.is_forgotten(*key):
            late += order[start:end].tolist()
            continue
        fresh[own[begin:close][seen.add(hashes[begin:close])]] = True
    return fresh, sorted(late)


def _add_accounts(rollups: Rollups, plan: Plan) -> None:
    by = runs(plan.places)
    facts = by.first(plan.places), by.sizes(), by.least(plan.stamps), by.most(plan.stamps)
    for place, size, first, last in zip(*facts, strict=True):
        account = plan.accounts[place]
        use = rollups.uses.get(account)
        if use is None:
            use = rollups.uses[account] = Use(
                time_zone=plan.zones[place], first_at=first, last_at=last
            )
        use.events += size
        use.first_at, use.last_at = min(use.first_at, first), max(use.last_at, last)
        use.changed = True


def _numbers(rollups: Rollups, plan: Plan) -> Numbers:
    """The person number of each event; new persons are numbered, first and last use kept."""
    by = runs(plan.persons, plan.places)
    numbers = []
    facts = by.first(plan.places), by.first(plan.persons), by.least(plan.stamps), by.most(plan.days)
    for place, index, at, day in zip(*facts, strict=True):
        account = plan.accounts[place]
        known = rollups.persons.setdefault(account, {})
        text = plan.person_list[index]
        person = known.get(text)
        if person is None:
            use = rollups.uses[account]
            person = known[text] = PersonUse(
                number=use.persons, first_at=at, last_day=day, changed=True
            )
            use.persons += 1
        else:
            _note(person, at, day)
        numbers.append(person.number)
    found = np.empty(by.order.size, np.int64)
    found[by.order] = np.repeat(np.array(numbers, np.int64), by.sizes())
    return found


def _note(person: PersonUse, at: int, day: int) -> None:
    if at < person.first_at:
        person.first_at, person.changed = at, True
    if day > person.last_day:
        person.last_day, person.changed = day, True


def _add_days(rollups: Rollups, plan: Plan, numbers: Numbers) -> None:
    by = runs(plan.days, plan.places)
    slots = numbers * SLOTS_A_PERSON + np.minimum(plan.minutes, SLOTS_A_PERSON - 1)
    facts = (
        by.first(plan.places),
        by.first(plan.days),
        by.sizes(),
        by.sums(plan.calls.astype(np.int64)),
        by.sums(plan.durations),
        by.distinct(numbers),
        by.distinct(slots),
    )
    for place, ordinal, size, calls, duration, users, marks in zip(*facts, strict=True):
        day = rollups.day(plan.accounts[place], ordinal)
        day.events += size
        day.calls += calls
        day.duration_ms += duration
        day.users.update(users)
        day.slots.update(marks)
        day.changed = True


def _add_integrations(rollups: Rollups, plan: Plan) -> None:
    """In the order in which they came: the first hundred of a day have a count of their own."""
    called = plan.only(plan.calls & (plan.integrations > 0))
    if not called.places.size:
        return
    by = runs(called.integrations, called.days, called.places)
    facts = (
        by.first(np.arange(called.places.size)),
        by.first(called.places),
        by.first(called.days),
        by.first(called.integrations),
        by.sizes(),
    )
    for _, place, ordinal, index, size in sorted(zip(*facts, strict=True)):
        day = rollups.day(called.accounts[place], ordinal)
        _count_integration(day, called.integration_list[index], size)


def _count_integration(day: Day, integration: str, size: int) -> None:
    room = integration in day.integrations or len(day.integrations) < MOST_INTEGRATIONS
    if room:
        day.integrations[integration] = day.integrations.get(integration, 0) + size


def _add_names(rollups: Rollups, plan: Plan) -> dict[int, int]:
    """The number of each name, by its place in the plan's list."""
    ids: dict[int, int] = {}
    by = runs(plan.names)
    facts = (
        by.first(plan.names),
        by.first(plan.places),
        by.sizes(),
        by.least(plan.stamps),
        by.most(plan.stamps),
    )
    for index, place, size, first, last in zip(*facts, strict=True):
        name = rollups.name(plan.name_list[index], plan.accounts[place])
        ids[index] = name.id
        if name.events == 0:
            name.first_at, name.last_at = first, last
        name.first_at, name.last_at = min(name.first_at, first), max(name.last_at, last)
        name.events += size if rollups.count_names else 0
        name.changed = name.changed or rollups.count_names or not name.stored
    return ids


def _add_name_days(rollups: Rollups, plan: Plan, numbers: Numbers, ids: dict[int, int]) -> None:
    by = runs(plan.names, plan.days, plan.places)
    facts = (
        by.first(plan.places),
        by.first(plan.days),
        by.first(plan.names),
        by.sizes(),
        by.sums(plan.durations),
        by.counted(numbers),
    )
    parts = rollups.name_days
    for place, ordinal, index, size, duration, (users, uses) in zip(*facts, strict=True):
        key = (plan.accounts[place], ordinal, ids[index])
        part = parts.get(key)
        if part is None:
            part = parts[key] = NameDay(False, True, size, duration, BitMap(users))
            if size > len(users):
                pairs = zip(users, uses, strict=True)
                part.repeats = {user: times - 1 for user, times in pairs if times > 1}
            continue
        part.events += size
        part.duration_ms += duration
        part.add_uses(users, uses)
        part.changed = True
