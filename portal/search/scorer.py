"""Ranking: what each word adds to each document (rows.py), summed; then the best items.

The view is applied before anything is counted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from portal.search.best import best
from portal.search.facets import NOTHING, Faceting, Facets, Filters
from portal.search.fusion import fused
from portal.search.matching import Alternatives, Sought
from portal.search.meaning import UNKNOWN, Nearness
from portal.search.places import Places
from portal.search.rows import Row, Rows, rarity_of
from portal.search.synonyms import Terms
from portal.search.tables import Array, Tables
from portal.search.views import View
from portal.search.weights import OTHER_LANGUAGE, PHRASE, SYNONYM

_TINY = 1e-30
"""Scores of what was found by words that count nothing."""
_NO_SLOTS, _NO_IMPACT = np.zeros(0, np.int64), np.zeros(0)


@dataclass(frozen=True, slots=True)
class Ranked:
    item: int
    shown: int
    matched: int
    score: float
    by_meaning: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    total: int
    by_meaning: int
    top: tuple[Ranked, ...]
    facets: Facets


@dataclass(frozen=True, slots=True)
class _Items:
    """By place: scores, and whether the item was found; `by_words` are the scores by slot that
    those of the items come from, `versions` the highest of each item.
    """

    scores: Array
    found: Array
    by_words: Array
    versions: Array


class Scorer:
    def __init__(self, tables: Tables, places: Places, rows: Rows) -> None:
        self._tables = tables
        self._places = places
        self._count = len(tables.names["id"])
        self._grams = {gram: number for number, gram in enumerate(tables.names["trigrams"])}
        self._faceting = Faceting(tables, places)
        self._rows = rows

    def rank(
        self,
        sought: Sought,
        trigrams: frozenset[str],
        view: View,
        locale: str,
        *,
        holding: Callable[[Terms], Array],
        required: Array | None,
        nearness: Nearness | None,
        filters: Filters,
        first: int,
        count: int,
    ) -> Ranking:
        """Items `first` to `first + count` of those that match; `holding` tells the documents that
        hold a phrase, `required` narrows documents.
        """
        by_words = self._documents(sought, trigrams, view, holding, required)
        versions = self._places.highest(by_words)
        matched = versions > 0
        if nearness is None and not matched.any():
            return Ranking(0, 0, (), NOTHING)
        scores, found = versions * self._language_factor(view, locale), matched
        if nearness is not None:
            scores, found = self._fused(scores, matched, nearness)
        found, facets = self._faceting.narrow(found, locale, view, filters)
        total = int(np.count_nonzero(found))
        last = min(first + count, total) if count else 0
        if found is not matched:
            scores = np.where(found, scores, -np.inf)
        chosen = best(scores, self._places.items, last)[first:]
        items = _Items(scores, matched, by_words, versions)
        top = self._ranked(chosen, items, view.shown(locale), nearness)
        near = 0 if nearness is None else int(np.count_nonzero(found & ~matched))
        return Ranking(total, near, top, facets)

    def _fused(self, scores: Array, matched: Array, nearness: Nearness) -> tuple[Array, Array]:
        """Meanings are compared item by item, in the order of items."""
        place_of = self._places.place_of
        by_words = scores[place_of].astype(np.float64)
        by_item, items = fused(by_words, matched[place_of], self._by_item(nearness))
        found = np.zeros(len(matched), bool)
        found[place_of[items]] = True
        return by_item[self._places.items], found

    def _by_item(self, nearness: Nearness) -> Array:
        """The mean of an item's versions: languages that agree tell more than one alone."""
        known = nearness.documents > UNKNOWN
        owners, items = self._tables.arrays["item"], len(self._tables.names["item"])
        counts = np.bincount(owners, known, items)
        sums = np.bincount(owners, np.where(known, nearness.documents, 0.0), items)
        near: Array = np.where(counts > 0, sums / np.maximum(counts, 1), UNKNOWN)
        return near

    def _ranked(
        self, chosen: Array, items: _Items, shown: Array, nearness: Nearness | None
    ) -> tuple[Ranked, ...]:
        numbers = self._places.items[chosen]
        versions = shown[numbers]
        same = items.by_words[self._places.slot_of[versions]] == items.versions[chosen]
        columns = (numbers, versions, items.scores[chosen], items.found[chosen], same)
        return tuple(
            Ranked(
                item,
                version,
                version if own and told else self._matched(item, version, items, nearness),
                score,
                not told,
            )
            for item, version, score, told, own in zip(
                *(column.tolist() for column in columns), strict=True
            )
        )

    def _matched(self, item: int, version: int, items: _Items, nearness: Nearness | None) -> int:
        """The version that tells most of the question; the one shown where that tells as much."""
        starts = self._tables.arrays["item.starts"]
        end = starts[item + 1] if item + 1 < len(starts) else self._count
        versions = slice(int(starts[item]), int(end))
        told = items.by_words[self._places.slot_of[versions]]
        if nearness is not None and not told.any():
            told = nearness.documents[versions]
        most = int(told.argmax())
        return version if told[version - versions.start] == told[most] else versions.start + most

    def _documents(
        self,
        sought: Sought,
        trigrams: frozenset[str],
        view: View,
        holding: Callable[[Terms], Array],
        required: Array | None,
    ) -> Array:
        """Scores by slot: above zero where a document matches, and zero where it does not."""
        rows, many = self._rows, len(sought.words)
        words = [(rows.term(view, n), w) for n, w in zip(sought.words, sought.weights)]  # noqa: B905 - weights go on
        if sought.beginning:
            words.append((rows.beginning(view, *sought.beginning), 1.0))
        words += [(rows.spelt(view, *spelt), 1.0) for spelt in sought.spelt]
        words += [(self._phrase(holding(one), view), SYNONYM * PHRASE) for one in sought.phrases]
        words += [(self._strongest(one, view, holding), 1.0) for one in sought.elsewhere]
        scores = self._sum(words)
        hits = scores > 0
        for characters in sought.characters:
            hits |= self._holding_all(characters, view)
        supporting = zip(sought.supporting, sought.weights[many:], strict=True)
        more = [(rows.term(view, number), weight) for number, weight in supporting]
        more += [(rows.aside(view, number), 1.0) for number in sought.asides]
        grams = sorted(self._grams[gram] for gram in trigrams if gram in self._grams)
        more += [(rows.trigram(view, gram), 1.0) for gram in grams]
        if required is not None:
            hits &= required[self._places.documents]
        if more:
            scores += self._sum(more)
        if sought.characters:
            np.maximum(scores, _TINY, out=scores)
        # Rounded, so that the order of summing can't part what counts the same.
        found: Array = (scores * hits).astype(np.float32)
        return found

    def _strongest(self, group: Alternatives, view: View, holding: Callable[[Terms], Array]) -> Row:
        """Of each document what it holds of the alternatives and counts most."""
        rows = [(self._rows.term(view, number), weight) for number, weight in group.words]
        rows += [(self._phrase(holding(terms), view), w * PHRASE) for terms, w in group.phrases]
        most = np.zeros(self._count)
        for row, weight in rows:
            if not row.holding:
                continue
            np.maximum(most, self._sum([(row, weight)]), out=most)
        return Row(None, most, 0, 0)

    def _sum(self, weighed: Iterable[tuple[Row, float]]) -> Array:
        """By slot."""
        slots, impacts, wide = [_NO_SLOTS], [_NO_IMPACT], []
        for row, weight in weighed:
            impact = row.impact if weight == 1.0 else row.impact * weight
            if row.slots is None:
                wide.append(impact)
            else:
                slots.append(row.slots)
                impacts.append(impact)
        counted = np.bincount(np.concatenate(slots), np.concatenate(impacts), self._count)
        # Of nothing it makes whole numbers.
        total: Array = counted.astype(np.float64, copy=False)
        for impact in wide:
            total += impact
        return total

    def _holding_all(self, terms: tuple[int, ...], view: View) -> Array:
        every = np.ones(self._count, bool)
        for term in terms:
            every &= self._rows.term(view, term).mask(self._count)
        return every

    def _phrase(self, holding: Array, view: View) -> Row:
        slots = self._places.slot_of[np.flatnonzero(holding & view.mask)]
        impact = np.full(len(slots), rarity_of(len(slots), view.count))
        return Row(slots, impact, len(slots), len(slots))

    def _language_factor(self, view: View, locale: str) -> Array:
        if locale not in view.factors:
            view.factors[locale] = self._factor(view.shown(locale), locale)
        return view.factors[locale]

    def _factor(self, shown: Array, locale: str) -> Array:
        """By place."""
        names = self._tables.names["locale"]
        own = names.index(locale) if locale in names else -1
        locales = self._tables.arrays["locale"][shown[self._places.items]]
        factor: Array = np.where(locales == own, 1.0, OTHER_LANGUAGE).astype(np.float32)
        return factor
