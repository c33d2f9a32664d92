"""Adds a plan's events to the rollups, each message once. No database here."""

from collections.abc import Iterator

import numpy as np

from portal.usage import bitmaps
from portal.usage.days import Numbers, day_minutes
from portal.usage.plan import Flags, Plan
from portal.usage.rollups import Day, PersonUse, Rollups, Seen, Use

MOST_INTEGRATIONS = 100


def add(rollups: Rollups, plan: Plan) -> int:
    """Returns how many events were new. Every part that `plan` touches must have been loaded."""
    fresh = np.flatnonzero(_fresh(rollups, plan))
    if fresh.size:
        _add_account(rollups, plan, fresh)
        numbers = _numbers(rollups, plan, fresh)
        _add_days(rollups, plan, fresh, numbers)
        _add_names(rollups, plan, fresh)
        _add_name_days(rollups, plan, fresh, numbers)
        _add_time_online(rollups, plan, fresh)
    return int(fresh.size)


def _groups(*keys: Numbers) -> Iterator[Numbers]:
    """The positions of each distinct combination of keys."""
    order = np.lexsort(keys)
    changes = np.zeros(max(order.size - 1, 0), bool)
    for key in keys:
        changes |= np.diff(key[order]) != 0
    yield from np.split(order, np.flatnonzero(changes) + 1)


def _fresh(rollups: Rollups, plan: Plan) -> Flags:
    """Marks the first of each message that was not seen before, and remembers it."""
    fresh = np.zeros(plan.hashes.size, bool)
    for group in _groups(plan.buckets):
        seen = rollups.seen.setdefault((plan.account, int(plan.buckets[group[0]])), Seen())
        hashes, first = np.unique(plan.hashes[group], return_index=True)
        new = ~np.isin(hashes, seen.hashes, assume_unique=True)
        if new.any():
            fresh[group[first[new]]] = True
            seen.hashes = np.union1d(seen.hashes, hashes[new])
            seen.changed = True
    return fresh


def _add_account(rollups: Rollups, plan: Plan, fresh: Numbers) -> None:
    stamps = plan.stamps[fresh]
    first, last = int(stamps.min()), int(stamps.max())
    use = rollups.uses.get(plan.account)
    if use is None:
        use = rollups.uses[plan.account] = Use(time_zone=plan.zone, first_at=first, last_at=last)
    use.events += int(fresh.size)
    use.first_at, use.last_at = min(use.first_at, first), max(use.last_at, last)
    use.changed = True


def _numbers(rollups: Rollups, plan: Plan, fresh: Numbers) -> Numbers:
    """The person number of each event; new persons are numbered, first and last use kept."""
    known = rollups.persons.setdefault(plan.account, {})
    use = rollups.uses[plan.account]
    by_index = np.zeros(len(plan.person_list), np.int64)
    for group in _groups(plan.persons[fresh]):
        index = int(plan.persons[fresh[group[0]]])
        at = int(plan.stamps[fresh[group]].min())
        day = int(plan.days[fresh[group]].max())
        person = known.get(plan.person_list[index])
        if person is None:
            person = PersonUse(number=use.persons, first_at=at, last_day=day, changed=True)
            known[plan.person_list[index]] = person
            use.persons += 1
        _note(person, at, day)
        by_index[index] = person.number
    return by_index[plan.persons[fresh]]


def _note(person: PersonUse, at: int, day: int) -> None:
    if at < person.first_at:
        person.first_at, person.changed = at, True
    if day > person.last_day:
        person.last_day, person.changed = day, True


def _add_days(rollups: Rollups, plan: Plan, fresh: Numbers, numbers: Numbers) -> None:
    for group in _groups(plan.days[fresh]):
        events = fresh[group]
        day = rollups.day(plan.account, int(plan.days[events[0]]))
        day.events += int(events.size)
        day.calls += int(plan.calls[events].sum())
        day.duration_ms += int(plan.durations[events].sum())
        day.users |= bitmaps.bitmap_of(numbers[group])
        day.slots |= bitmaps.slots_of(numbers[group], plan.minutes[events])
        day.changed = True
        for event in events[plan.calls[events]].tolist():
            _count_integration(day, plan.integrations[event])


def _count_integration(day: Day, integration: str) -> None:
    room = integration in day.integrations or len(day.integrations) < MOST_INTEGRATIONS
    if integration and room:
        day.integrations[integration] = day.integrations.get(integration, 0) + 1


def _add_names(rollups: Rollups, plan: Plan, fresh: Numbers) -> None:
    for group in _groups(plan.names[fresh]):
        events = fresh[group]
        name = rollups.name(plan.name_list[int(plan.names[events[0]])])
        first, last = int(plan.stamps[events].min()), int(plan.stamps[events].max())
        if name.events == 0:
            name.first_at, name.last_at = first, last
        name.first_at, name.last_at = min(name.first_at, first), max(name.last_at, last)
        name.events += int(events.size) if rollups.count_names else 0
        name.changed = name.changed or rollups.count_names or not name.stored


def _add_name_days(rollups: Rollups, plan: Plan, fresh: Numbers, numbers: Numbers) -> None:
    for group in _groups(plan.names[fresh], plan.days[fresh]):
        events = fresh[group]
        name = rollups.name(plan.name_list[int(plan.names[events[0]])])
        part = rollups.name_day(plan.account, int(plan.days[events[0]]), name.id)
        part.events += int(events.size)
        part.duration_ms += int(plan.durations[events].sum())
        part.users |= bitmaps.bitmap_of(numbers[group])
        part.changed = True


def _add_time_online(rollups: Rollups, plan: Plan, fresh: Numbers) -> None:
    touched = set(np.unique(plan.days[fresh]).tolist())
    for ordinal in touched | {day - 1 for day in touched}:
        day = rollups.days.get((plan.account, ordinal))
        if day is None or not day.slots:
            continue
        after = rollups.days.get((plan.account, ordinal + 1))
        length = day_minutes(plan.zone, ordinal)
        online = bitmaps.online_minutes(day.slots, after.slots if after else Day().slots, length)
        if online != day.online_minutes:
            day.online_minutes, day.changed = online, True
