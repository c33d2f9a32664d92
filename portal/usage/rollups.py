"""The rollups in memory: what a fold reads, changes and writes back. No database here.

Each part remembers whether it is stored and whether it changed. Moments are microseconds since
1970, days are ordinals (usage/days.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from portal.domain.event_rules import OTHER_NAME, Resolver, read_variant, resolver_of, variant
from portal.usage.days import EPOCH_ORDINAL
from portal.usage.repeats import Repeats

K = TypeVar("K", int, str, tuple[int, int], tuple[int, str])
Hashes = npt.NDArray[np.uint64]
# Beyond this many different names the ones that the catalogue doesn't name are counted under the
# pattern that fits them, or as one.
MOST_NAMES = 10_000
# And beyond this many that one account was the first to send, its further ones: a broken client
# that makes up names leaves room for everybody else.
MOST_NAMES_OF_ONE = 1_000
# Parts that a process keeps from one step to the next: about 100 MB.
MOST_KEPT = 150_000


@dataclass(slots=True)
class Part:
    stored: bool = False
    changed: bool = False


@dataclass(slots=True)
class Day(Part):
    events: int = 0
    calls: int = 0
    duration_ms: int = 0
    online_minutes: int = 0
    users: Any = field(default_factory=BitMap)
    slots: Any = field(default_factory=BitMap)
    integrations: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class NameDay(Part):
    events: int = 0
    duration_ms: int = 0
    users: Any = field(default_factory=BitMap)
    repeats: Repeats = field(default_factory=dict)

    def add_uses(self, persons: Sequence[int], uses: Sequence[int]) -> None:
        """Of each of these persons so many."""
        known, repeats = self.users, self.repeats
        for person, number in zip(persons, uses, strict=True):
            more = number if person in known else number - 1
            if more:
                repeats[person] = repeats.get(person, 0) + more
        known.update(persons)


@dataclass(slots=True)
class Seen(Part):
    hashes: Hashes = field(default_factory=lambda: np.empty(0, np.uint64))

    def add(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Which of these (ascending, distinct) are new; they are known from now on."""
        if not self.hashes.size:
            self.hashes, self.changed = hashes, True
            return np.ones(hashes.size, bool)
        places = self.hashes.searchsorted(hashes)
        new: npt.NDArray[np.bool_] = self.hashes.take(places, mode="clip") != hashes
        if new.any():
            self.hashes = np.concatenate((self.hashes, hashes[new]))
            # Two runs that ascend: merged, not sorted.
            self.hashes.sort(kind="stable")
            self.changed = True
        return new


@dataclass(slots=True)
class Name(Part):
    id: int = 0
    account: int | None = None
    events: int = 0
    first_at: int = 0
    last_at: int = 0


@dataclass(slots=True)
class Use(Part):
    """An account as a whole."""

    time_zone: str = "UTC"
    persons: int = 0
    events: int = 0
    first_at: int = 0
    last_at: int = 0


@dataclass(slots=True)
class PersonUse(Part):
    number: int = 0
    first_at: int = 0
    last_day: int = 0


@dataclass(slots=True)
class Membership(Part):
    account_key: str = ""
    at: int = 0


@dataclass(slots=True)
class Rollups:
    """Keys: (account, day), (account, day, name), (account, bucket), account and user id."""

    days: dict[tuple[int, int], Day] = field(default_factory=dict)
    name_days: dict[tuple[int, int, int], NameDay] = field(default_factory=dict)
    seen: dict[tuple[int, int], Seen] = field(default_factory=dict)
    names: dict[str, Name] = field(default_factory=dict)
    uses: dict[int, Use] = field(default_factory=dict)
    persons: dict[int, dict[str, PersonUse]] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    # Account → bitmap of days (ordinals) whose hashes were dropped.
    forgotten: dict[int, Any] = field(default_factory=dict)
    catalogue: frozenset[str] = frozenset()
    resolver: Resolver = field(default_factory=lambda: resolver_of(()))
    next_name: int = 1
    # How many names outside of the catalogue each account was the first to send.
    brought: dict[int | None, int] = field(default_factory=dict)
    # Keys that were asked for, by kind of part: what is not among the parts is not stored either.
    asked: dict[str, set[Any]] = field(default_factory=dict)
    # Accounts of which this step counted a name as OTHER_NAME.
    flooding: set[int] = field(default_factory=set)
    # A rebuild of one account must not count its events in the names a second time.
    count_names: bool = True

    def day(self, account: int, day: int) -> Day:
        found = self.days.get((account, day))
        if found is None:
            found = self.days[account, day] = Day()
        return found

    def name_day(self, account: int, day: int, name: int) -> NameDay:
        found = self.name_days.get((account, day, name))
        if found is None:
            found = self.name_days[account, day, name] = NameDay()
        return found

    def kept(self) -> "Rollups":
        """These after they were written, for the next step; or none, where they grow too many."""
        if len(self.days) + len(self.name_days) + self._persons() > MOST_KEPT:
            return Rollups()
        for part in self._parts():
            part.stored, part.changed = True, False
        self.flooding = set()
        if len(self.asked.get("names", ())) > 2 * MOST_NAMES:
            # Made-up names are asked for once and never come again.
            self.asked["names"] = set(self.names)
        return self

    def _persons(self) -> int:
        return sum(map(len, self.persons.values()))

    def _parts(self) -> Iterator[Part]:
        kinds: tuple[Mapping[Any, Part], ...] = (
            *(self.days, self.name_days, self.seen, self.names, self.uses, self.memberships),
            *self.persons.values(),
        )
        return chain.from_iterable(kind.values() for kind in kinds)

    def is_forgotten(self, account: int, bucket: int) -> bool:
        """Whether nobody can tell any more which messages of that day count already."""
        days = self.forgotten.get(account)
        return days is not None and bucket + EPOCH_ORDINAL in days

    def unasked(self, kind: str, keys: Iterable[K]) -> list[K]:
        """Those of the keys that nobody asked for before, in ascending order."""
        asked = self.asked.setdefault(kind, set())
        new = sorted({key for key in keys if key not in asked})
        asked.update(new)
        return new

    def name(self, text: str, account: int) -> Name:
        """The name's part, numbered when it is new; `account` is who sent it."""
        found = self.names.get(text)
        if found is not None:
            return found
        is_free = self._named(text)
        brought = self.brought.get(account, 0)
        if not is_free and (self.next_name > MOST_NAMES or brought >= MOST_NAMES_OF_ONE):
            shared = self.stand_in(text)
            if shared == OTHER_NAME:
                self.flooding.add(account)
            return self.name(shared, account)
        made = self.names[text] = Name(id=self.next_name, account=None if is_free else account)
        self.brought[account] = brought + (not is_free)
        self.next_name += 1
        return made

    def stand_in(self, text: str) -> str:
        """Under which name one counts that there is no room for: the pattern that decides where it
        belongs, so that its feature misses nothing.
        """
        rule = self.resolver.decide(text)
        return OTHER_NAME if rule is None else variant(rule.text.pattern, read_variant(text)[1])

    def _named(self, text: str) -> bool:
        """Whether it counts under its own name, however many there are."""
        return text == OTHER_NAME or read_variant(text)[0] in self.catalogue
