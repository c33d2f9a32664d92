"""One account's events of one fold step as columns, and which parts of the rollups they touch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from portal.usage.days import Numbers, split
from portal.usage.message import Event
from portal.usage.rollups import Hashes

Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Plan:
    """Columns of equal length; `persons` and `names` hold indexes into the two lists."""

    account: int
    zone: str
    stamps: Numbers
    days: Numbers
    minutes: Numbers
    hashes: Hashes
    buckets: Numbers
    persons: Numbers
    names: Numbers
    calls: Flags
    durations: Numbers
    integrations: list[str]
    person_list: list[str]
    name_list: list[str]

    def own_days(self) -> set[int]:
        return set(np.unique(self.days).tolist())

    def touched_days(self) -> set[int]:
        """With the neighbours: a minute after midnight changes the day before."""
        touched = self.own_days()
        return touched | {day - 1 for day in touched} | {day + 1 for day in touched}

    def touched_buckets(self) -> set[int]:
        return set(np.unique(self.buckets).tolist())


def plan_of(account: int, zone: str, events: Sequence[Event]) -> Plan:
    stamps = np.array([event.at for event in events], np.int64)
    days, minutes = split(zone, stamps)
    persons, person_list = _indexed([event.person for event in events])
    names, name_list = _indexed([event.name for event in events])
    return Plan(
        account=account,
        zone=zone,
        stamps=stamps,
        days=days,
        minutes=minutes,
        hashes=np.array([event.identity for event in events], np.uint64),
        buckets=np.array([event.bucket for event in events], np.int64),
        persons=persons,
        names=names,
        calls=np.array([event.call for event in events], bool),
        durations=np.array([event.milliseconds for event in events], np.int64),
        integrations=[event.integration for event in events],
        person_list=person_list,
        name_list=name_list,
    )


def _indexed(values: list[str]) -> tuple[Numbers, list[str]]:
    places: dict[str, int] = {}
    index = [places.setdefault(value, len(places)) for value in values]
    return np.array(index, np.int64), list(places)
