"""What one kind of reader can see of the tables.

Everything that a score is made of (how many documents, how long, how many hold a word) is counted
in a view, never over the whole corpus: an answer is then the same as if the documents that the
reader may not see did not exist.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import count
from threading import Lock

import numpy as np

from portal.search.strings import number_of, place_of
from portal.search.tables import FIELDS, Array, Tables
from portal.search.weights import K1, B

SCORED = (*FIELDS, "trigrams")
_MOST_VIEWS = 64
_NUMBERS = count()

_FALLBACKS = {
    "zh-Hant": ("zh-Hant", "zh-Hans", "en"),
    "zh-Hans": ("zh-Hans", "zh-Hant", "en"),
    "en": ("en", "zh-Hans", "zh-Hant"),
}


class View:
    """`mask` is true for the documents seen; `norms` are BM25's length terms by field. `held` is
    for the facets, by language: which items have which value; `factors` for the ranking. No two
    views have one `number`.
    """

    def __init__(self, tables: Tables, mask: Array) -> None:
        self.mask = mask
        self.count = int(mask.sum())
        self.whole = self.count == len(mask)
        self.norms = {name: self._norm(name, tables.arrays[f"{name}.lengths"]) for name in SCORED}
        self._tables = tables
        self._shown: dict[str, Array] = {}
        self.held: dict[str, dict[str, Array]] = {}
        self.factors: dict[str, Array] = {}
        self.number = next(_NUMBERS)

    def shown(self, locale: str) -> Array:
        """By item: the number of the version to show to a reader of this language, or -1."""
        if locale not in self._shown:
            self._shown[locale] = self._nearest(locale)
        return self._shown[locale]

    def _norm(self, name: str, lengths: Array) -> Array:
        average = max(1.0, float(lengths[self.mask].sum()) / max(1, self.count))
        norm: Array = (K1 * (1 - B[name] + B[name] * lengths / average)).astype(np.float32)
        return norm

    def _nearest(self, locale: str) -> Array:
        items, locales = self._tables.arrays["item"], self._tables.arrays["locale"]
        nearest = np.full(len(self._tables.names["item"]), -1, np.int64)
        for choice in reversed(preference(locale, self._tables.names["locale"])):
            number = self._tables.names["locale"].index(choice)
            versions = np.flatnonzero(self.mask & (locales == number))[::-1]
            nearest[items[versions]] = versions
        return nearest


class Views:
    """The views of the readers who asked last (thread-safe)."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._views: dict[tuple[frozenset[str], frozenset[str]], View] = {}
        self._lock = Lock()
        self._audiences = {name: number for number, name in enumerate(tables.names["audience"])}

    def of(self, audiences: frozenset[str], withdrawn: frozenset[str]) -> View:
        key = (audiences, withdrawn)
        with self._lock:
            view = self._views.pop(key, None) or View(self._tables, self._mask(*key))
            self._views[key] = view
            if len(self._views) > _MOST_VIEWS:
                del self._views[next(iter(self._views))]
        return view

    def _mask(self, audiences: frozenset[str], withdrawn: frozenset[str]) -> Array:
        mask = np.zeros(len(self._tables.names["id"]), bool)
        for token in audiences:
            if token in self._audiences:
                mask[self._tables.row("audience", self._audiences[token])] = True
        for gone in withdrawn:
            if gone in self._by_id:
                mask[self._by_id[gone]] = False
            for item in self._named(gone):
                mask[self._tables.arrays["item"] == item] = False
        return mask

    @cached_property
    def _by_id(self) -> dict[str, int]:
        """Made where something was withdrawn: that is seldom, and soon over."""
        return {name: number for number, name in enumerate(self._tables.names["id"])}

    def _named(self, gone: str) -> Iterator[int]:
        """The item of this name, and those that are parts of it: "course/lesson"."""
        names = self._tables.names["item"]
        number = number_of(names, gone)
        if number is not None:
            yield number
        # What comes next after the slash.
        yield from range(place_of(names, f"{gone}/"), place_of(names, f"{gone}0"))


def preference(locale: str, existing: Sequence[str]) -> list[str]:
    """Languages in the order in which they serve a reader of `locale`."""
    wanted = _FALLBACKS.get(locale, (locale, *_FALLBACKS["en"]))
    order = [name for name in dict.fromkeys(wanted) if name in existing]
    return order + [name for name in existing if name not in order]
