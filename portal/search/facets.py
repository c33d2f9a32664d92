"""Filters on what was found, and how much each of their values would leave.

A facet is counted after the other filters and before its own, so that a reader who changes one
choice finds as many as it said. All counts are of items that the reader may see.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from portal.search.tables import Array, Tables
from portal.search.views import View

Facets = Mapping[str, Mapping[str, int]]
NAMES = ("type", "feature", "locale")


@dataclass(frozen=True, slots=True)
class Filters:
    """None: any will do. An item fits `features` by one of them, `locales` by a version in one."""

    types: Collection[str] | None = None
    features: Collection[str] | None = None
    locales: Collection[str] | None = None

    def of(self, name: str) -> Collection[str] | None:
        return {"type": self.types, "feature": self.features, "locale": self.locales}[name]


NOTHING: Facets = {name: {} for name in NAMES}


class Faceting:
    """Which values each item has, made once per generation."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        starts = tables.arrays["features.starts"]
        self._feature_owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))

    def narrow(
        self, items: Array, shown: Array, view: View, filters: Filters
    ) -> tuple[Array, Facets]:
        """The items that fit every filter, and the facets of all."""
        pairs = {name: self._pairs(name, items, shown, view) for name in NAMES}
        fits = {name: self._fits(name, *pairs[name], len(items), filters) for name in NAMES}
        facets = {}
        for name, (places, values) in pairs.items():
            others = np.ones(len(items), bool)
            for other in NAMES:
                if other != name:
                    others &= fits[other]
            facets[name] = _counts(values[others[places]], self._names(name))
        return items[fits["type"] & fits["feature"] & fits["locale"]], facets

    def _names(self, name: str) -> list[str]:
        return self._tables.names["features" if name == "feature" else name]

    def _pairs(self, name: str, items: Array, shown: Array, view: View) -> tuple[Array, Array]:
        """(place in `items`, number of the value) for each value that an item has."""
        arrays = self._tables.arrays
        if name == "type":
            return np.arange(len(items)), arrays["type"][shown[items]]
        place = np.full(len(self._tables.names["id"]), -1, np.int64)
        if name == "feature":
            place[shown[items]] = np.arange(len(items))
            places, values = place[arrays["features.values"]], self._feature_owners
        else:
            by_item = np.full(len(self._tables.names["item"]), -1, np.int64)
            by_item[items] = np.arange(len(items))
            places, values = np.where(view.mask, by_item[arrays["item"]], -1), arrays["locale"]
        there = places >= 0
        return places[there], values[there]

    def _fits(self, name: str, places: Array, values: Array, count: int, filters: Filters) -> Array:
        wanted = filters.of(name)
        if wanted is None:
            return np.ones(count, bool)
        numbers = [number for number, one in enumerate(self._names(name)) if one in wanted]
        fits = np.zeros(count, bool)
        fits[places[np.isin(values, numbers)]] = True
        return fits


def _counts(values: Array, names: list[str]) -> dict[str, int]:
    counts = np.bincount(values, minlength=1)
    return {names[number]: int(counts[number]) for number in np.flatnonzero(counts).tolist()}
