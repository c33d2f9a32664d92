"""When each person of an account had their first activation event, where the vendor names some."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from pyroaring import BitMap

from portal.domain.event_rules import Resolver, Rule
from portal.usage.bitmaps import array_of
from portal.usage.days import Numbers

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Firsts:
    """By person number the ordinal of the day, or NEVER. They follow from `rules` and from all
    days up to `last`.
    """

    rules: tuple[Rule, ...]
    last: date
    days: Numbers

    def fit(self, resolver: Resolver, last: date) -> bool:
        return last <= self.last and self.rules == resolver.rules

    def persons(self, day: date) -> Any:
        """Whoever had one by the end of the day."""
        return BitMap(np.flatnonzero(self.days <= day.toordinal()).astype(np.uint32))


@dataclass(slots=True)
class FirstsInMaking:
    """Hot rows come before sealed ones and count instead of them."""

    resolver: Resolver
    last: date
    _hot: set[tuple[int, str]] = field(default_factory=set)
    _uses: list[tuple[int, Numbers]] = field(default_factory=list)

    def add_hot(self, day: date, name: str, users: Any) -> None:
        if self.counts(name):
            self._hot.add((day.toordinal(), name))
            self._uses.append((day.toordinal(), array_of(users)))

    def add_sealed(self, uses: Iterable[tuple[str, int, Numbers]]) -> None:
        """Name, ordinal, persons."""
        end = self.last.toordinal()
        self._uses += [
            (ordinal, users)
            for name, ordinal, users in uses
            if ordinal <= end and self.counts(name) and (ordinal, name) not in self._hot
        ]

    def counts(self, name: str) -> bool:
        rule = self.resolver.rule_of(name)
        return rule is not None and rule.activation

    def made(self) -> Firsts:
        """The latest uses first, so that the earliest stays."""
        highest = max((int(users[-1]) for _, users in self._uses if users.size), default=-1)
        days = np.full(highest + 1, NEVER)
        for ordinal, users in sorted(self._uses, key=lambda use: use[0], reverse=True):
            days[users] = ordinal
        return Firsts(self.resolver.rules, self.last, days)
