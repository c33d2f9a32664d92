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


ANY = Filters()
NOTHING: Facets = {name: {} for name in NAMES}


class Faceting:
    """Which values each item has, made once per generation."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        starts = tables.arrays["features.starts"]
        self._feature_owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))

    def narrow(
        self, items: Array, locale: str, view: View, filters: Filters
    ) -> tuple[Array, Facets]:
        """The items that fit every filter, and the facets of all, as shown in the language."""
        held = {name: self._held(name, view, locale) for name in NAMES}
        if filters == ANY:
            chosen = np.zeros(len(self._tables.names["item"]))
            chosen[items] = 1.0
            facets = {
                name: _named(np.bincount(values, chosen[owners]), self._names(name))
                for name, (owners, values) in held.items()
            }
            return items, facets
        return self._narrow(items, held, filters)

    def _narrow(
        self, items: Array, held: Mapping[str, tuple[Array, Array]], filters: Filters
    ) -> tuple[Array, Facets]:
        pairs = {name: self._placed(items, *held[name]) for name in NAMES}
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

    def _placed(self, items: Array, owners: Array, values: Array) -> tuple[Array, Array]:
        """(place in `items`, number of the value) for each value that one of them has."""
        place = np.full(len(self._tables.names["item"]), -1, np.int64)
        place[items] = np.arange(len(items))
        places = place[owners]
        there = places >= 0
        return places[there], values[there]

    def _held(self, name: str, view: View, locale: str) -> tuple[Array, Array]:
        """(item, number of the value) for each value that an item has in the view."""
        key = (name, "" if name == "locale" else locale)
        if key not in view.values:
            owners, values = self._work_out(name, view, locale)
            view.values[key] = owners, values.astype(np.int64)
        return view.values[key]

    def _work_out(self, name: str, view: View, locale: str) -> tuple[Array, Array]:
        arrays = self._tables.arrays
        if name == "locale":
            seen = np.flatnonzero(view.mask)
            return arrays["item"][seen], arrays["locale"][seen]
        shown = view.shown(locale)
        if name == "type":
            items = np.flatnonzero(shown >= 0)
            return items, arrays["type"][shown[items]]
        documents = arrays["features.values"]
        items = arrays["item"][documents]
        there = shown[items] == documents
        return items[there], self._feature_owners[there]

    def _fits(self, name: str, places: Array, values: Array, count: int, filters: Filters) -> Array:
        wanted = filters.of(name)
        if wanted is None:
            return np.ones(count, bool)
        numbers = [number for number, one in enumerate(self._names(name)) if one in wanted]
        fits = np.zeros(count, bool)
        fits[places[np.isin(values, numbers)]] = True
        return fits


def _counts(values: Array, names: list[str]) -> dict[str, int]:
    return _named(np.bincount(values, minlength=1), names)


def _named(counts: Array, names: list[str]) -> dict[str, int]:
    return {names[number]: int(counts[number]) for number in np.flatnonzero(counts).tolist()}
