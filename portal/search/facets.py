"""Filters on what was found, and how much each of their values would leave.

A facet is counted after the other filters and before its own, so that a reader who changes one
choice finds as many as it said. All counts are of items that the reader may see.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portal.search.places import Places
from portal.search.tables import Array, Tables
from portal.search.views import View

Facets = Mapping[str, Mapping[str, int]]
NAMES = ("type", "feature", "locale")
_ALL = ""
_BYTES = 8
"""In a word of 64 bits."""


@dataclass(frozen=True, slots=True)
class Filters:
    """None: any will do. An item fits `features` by one of them, `locales` by a version in one."""

    types: Collection[str] | None = None
    features: Collection[str] | None = None
    locales: Collection[str] | None = None

    def of(self, name: str) -> Collection[str] | None:
        return {"type": self.types, "feature": self.features, "locale": self.locales}[name]


ANY = Filters()
NOTHING: Facets = {name: {} for name in NAMES}


class Faceting:
    """Sets of items are bits by place, eight to a byte: a count is then an intersection."""

    def __init__(self, tables: Tables, places: Places) -> None:
        self._tables = tables
        self._places = places
        self._count = len(places.items)

    def narrow(
        self, found: Array, locale: str, view: View, filters: Filters
    ) -> tuple[Array, Facets]:
        """Which of the items found (by place) fit every filter, and the facets of all, as shown in
        the language.
        """
        held = self._held(view, locale)
        every = _packed(found)
        if filters == ANY:
            return found, self._all_counted(held[_ALL], every)
        fits = {name: self._fits(name, held[name], filters) for name in NAMES}
        facets = {}
        for name in NAMES:
            others = [fits[other] for other in NAMES if other != name]
            facets[name] = self._counted(name, held[name], every & others[0] & others[1])
        left = every & fits["type"] & fits["feature"] & fits["locale"]
        return np.unpackbits(left.view(np.uint8), count=self._count).view(bool), facets

    def _names(self, name: str) -> Sequence[str]:
        return self._tables.names["features" if name == "feature" else name]

    def _all_counted(self, held: Array, items: Array) -> Facets:
        """Those of all names in one go."""
        counts = _counts(held, items)
        facets, first = {}, 0
        for name in NAMES:
            values = self._names(name)
            end = first + len(values)
            facets[name] = _told(values, counts[first:end])
            first = end
        return facets

    def _counted(self, name: str, held: Array, items: Array) -> dict[str, int]:
        return _told(self._names(name), _counts(held, items))

    def _fits(self, name: str, held: Array, filters: Filters) -> Array:
        """The items with any of the values asked for."""
        wanted = filters.of(name)
        if wanted is None:
            return np.full(held.shape[1], ~np.uint64(0))
        numbers = [number for number, one in enumerate(self._names(name)) if one in wanted]
        fits: Array = np.bitwise_or.reduce(held[numbers], axis=0)
        return fits

    def _held(self, view: View, locale: str) -> dict[str, Array]:
        """By facet, and by _ALL, a set of items for each of its values."""
        if locale not in view.held:
            view.held[locale] = self._all_sets(view, locale)
        return view.held[locale]

    def _all_sets(self, view: View, locale: str) -> dict[str, Array]:
        """By facet, and those of all facets in their order, as one."""
        sets = [self._sets(name, view, locale) for name in NAMES]
        every = np.concatenate(sets)
        ends = np.cumsum([len(one) for one in sets])[:-1]
        return {**dict(zip(NAMES, np.split(every, ends), strict=True)), _ALL: every}

    def _sets(self, name: str, view: View, locale: str) -> Array:
        owners, values = self._values(name, view, locale)
        places = self._places.place_of[owners]
        sets = np.zeros((len(self._names(name)), _words(self._count) * _BYTES), np.uint8)
        # As packbits has it: the first of eight is the highest bit.
        np.bitwise_or.at(sets, (values, places // 8), (128 >> places % 8).astype(np.uint8))
        return sets.view(np.uint64)

    def _values(self, name: str, view: View, locale: str) -> tuple[Array, Array]:
        """(item, number of the value) for each value that an item has in the view."""
        arrays = self._tables.arrays
        if name == "locale":
            seen = np.flatnonzero(view.mask)
            return arrays["item"][seen], arrays["locale"][seen]
        shown = view.shown(locale)
        if name == "type":
            items = np.flatnonzero(shown >= 0)
            return items, arrays["type"][shown[items]]
        documents, starts = arrays["features.values"], arrays["features.starts"]
        items = arrays["item"][documents]
        there = shown[items] == documents
        return items[there], np.repeat(np.arange(len(starts) - 1), np.diff(starts))[there]


def _counts(held: Array, items: Array) -> list[int]:
    counts: list[int] = np.bitwise_count(held & items).sum(axis=1, dtype=np.uint32).tolist()
    return counts


def _told(names: Sequence[str], counts: list[int]) -> dict[str, int]:
    return {one: count for one, count in zip(names, counts, strict=True) if count}


def _packed(members: Array) -> Array:
    packed = np.zeros(_words(len(members)) * _BYTES, np.uint8)
    packed[: (len(members) + 7) // 8] = np.packbits(members)
    return packed.view(np.uint64)


def _words(count: int) -> int:
    """Words of 64 bits that so many bits take."""
    return (count + 63) // 64
