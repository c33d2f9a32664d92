"""Ranking: BM25 summed over title, body and the title's trigrams, with NumPy over whole postings.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), §3.3; the
weights were measured on labelled questions. The view is applied before anything is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portal.search.facets import NOTHING, Faceting, Facets, Filters
from portal.search.fusion import fused
from portal.search.matching import SYNONYM, Sought
from portal.search.meaning import UNKNOWN, Nearness
from portal.search.rows import Rows
from portal.search.tables import FIELDS, Array, Tables
from portal.search.versions import Versions
from portal.search.views import K1, View

WEIGHTS = {"title": 1.3, "body": 1.0, "trigrams": 0.15}
"""Chosen with B and K1 on labelled English, misspelt and Chinese questions, half of them kept back
to check; flat around these values.
"""
TITLE_FLOOR = 0.8
"""Added to a term's rarity in a title: where few words stand, each of them tells something."""
ASIDE = 0.5
"""Weight of an English stop word in a title."""
PHRASE = 1.5
"""Weight of a synonym of several words: more than one word, less than each of its words."""
BEGINNING = 0.5
"""Weight of a word that only begins as asked, against a whole one."""
OTHER_LANGUAGE = 0.8
"""Factor for an item that has no version in the reader's language."""


_NONE = np.zeros(0, np.int32)


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
class _Postings:
    """Visible postings of some terms in one field, term after term: `saturation` is the part of
    BM25 that knows no other document, `holding` says how many documents each term has.
    """

    field: str
    documents: Array
    saturation: Array
    holding: Array


class Scorer:
    def __init__(self, tables: Tables, rows: Rows) -> None:
        self._tables = tables
        self._count = len(tables.names["id"])
        self._grams = {gram: number for number, gram in enumerate(tables.names["trigrams"])}
        self._faceting = Faceting(tables)
        self._versions = Versions(tables)
        self._rows = rows

    def rank(
        self,
        sought: Sought,
        trigrams: frozenset[str],
        view: View,
        locale: str,
        *,
        phrases: Sequence[Array],
        required: Array | None,
        nearness: Nearness | None,
        filters: Filters,
        first: int,
        count: int,
    ) -> Ranking:
        """Items `first` to `first + count` of those that match; `phrases` are the documents that
        hold each of those sought, `required` narrows documents.
        """
        scores, hits = self._documents(sought, trigrams, view)
        for holding in phrases:
            self._add_holding(scores, holding & view.mask, SYNONYM * PHRASE, view)
            hits |= holding
        hits &= view.mask if required is None else view.mask & required
        scores[~hits] = 0.0
        shown = view.shown(locale)
        matched = self._versions.highest(hits)
        if nearness is None and not matched.any():
            return Ranking(0, 0, (), NOTHING)
        by_item = self._versions.highest(scores) * self._language_factor(view, locale)
        items = np.flatnonzero(matched)
        if nearness is not None:
            by_item, items = fused(by_item, matched, self._by_item(nearness))
        items, facets = self._faceting.narrow(items, locale, view, filters)
        best = _best(by_item, items, first, count)
        top = [self._ranked(i, by_item, shown, scores, nearness) for i in best]
        return Ranking(len(items), int(np.sum(~matched[items])), tuple(top), facets)

    def _by_item(self, nearness: Nearness) -> Array:
        """The mean of an item's versions: languages that agree tell more than one alone."""
        known = nearness.documents > UNKNOWN
        owners, items = self._tables.arrays["item"], len(self._tables.names["item"])
        counts = np.bincount(owners, known, items)
        sums = np.bincount(owners, np.where(known, nearness.documents, 0.0), items)
        near: Array = np.where(counts > 0, sums / np.maximum(counts, 1), UNKNOWN)
        return near

    def _ranked(
        self, item: int, by_item: Array, shown: Array, scores: Array, nearness: Nearness | None
    ) -> Ranked:
        starts = self._tables.arrays["item.starts"]
        end = starts[item + 1] if item + 1 < len(starts) else self._count
        versions = slice(int(starts[item]), int(end))
        by_meaning = nearness is not None and not scores[versions].any()
        told = nearness.documents if nearness is not None and by_meaning else scores
        matched = versions.start + int(told[versions].argmax())
        version = int(shown[item])
        if told[version] == told[matched]:
            matched = version
        return Ranked(item, version, matched, float(by_item[item]), by_meaning)

    def _documents(
        self, sought: Sought, trigrams: frozenset[str], view: View
    ) -> tuple[Array, Array]:
        scores, hits = np.zeros(self._count), np.zeros(self._count, bool)
        terms = sought.words + sought.supporting
        weights = np.array(sought.weights)
        postings = [self._postings(name, terms, view) for name in FIELDS]
        # A word common in bodies is common, however few titles hold it.
        rarity = _rarity(np.maximum(*(one.holding for one in postings)), view.count)
        for one, floor in zip(postings, (TITLE_FLOOR, 0.0), strict=True):
            self._add(scores, one, weights * (rarity + floor))
            telling = int(one.holding[: len(sought.words)].sum())
            hits[one.documents[:telling]] = True
        for word in sought.characters:
            hits |= self._holding_all(word)
        if sought.beginning:
            hits |= self._add_beginning(scores, sought.beginning, view)
        for spelt in sought.spelt:
            hits |= self._add_spelt(scores, spelt, view)
        self._add_titles(scores, sought.asides, trigrams, view)
        return scores, hits

    def _add_titles(
        self, scores: Array, asides: tuple[int, ...], trigrams: frozenset[str], view: View
    ) -> None:
        """What only tells titles apart: stop words, and likeness letter by letter."""
        if asides:
            said = self._postings("title", asides, view)
            self._add(scores, said, ASIDE * (_rarity(said.holding, view.count) + TITLE_FLOOR))
        grams = sorted(self._grams[gram] for gram in trigrams if gram in self._grams)
        if grams:
            alike = self._postings("trigrams", tuple(grams), view)
            self._add(scores, alike, _rarity(alike.holding, view.count))

    def _postings(self, name: str, terms: tuple[int, ...], view: View) -> _Postings:
        rows = [self._rows.of(view, name, term) for term in terms]
        return _Postings(
            name,
            np.concatenate([documents for documents, _ in rows] or [_NONE]),
            np.concatenate([saturation for _, saturation in rows] or [_NONE]),
            np.array([len(documents) for documents, _ in rows], np.int64),
        )

    def _add(self, scores: Array, postings: _Postings, weights: Array) -> None:
        """Adds the field's scores; `weights` by term, rarity included."""
        weights = (WEIGHTS[postings.field] * (K1 + 1) * weights).astype(np.float32)
        impact = np.repeat(weights, postings.holding) * postings.saturation
        scores += np.bincount(postings.documents, impact, self._count)

    def _holding_all(self, terms: tuple[int, ...]) -> Array:
        every = np.ones(self._count, bool)
        for term in terms:
            one = np.zeros(self._count, bool)
            for name in FIELDS:
                one[self._tables.row(name, term)] = True
            every &= one
        return every

    def _add_beginning(self, scores: Array, beginning: tuple[int, int], view: View) -> Array:
        fields: dict[str, Array] = {}
        for name in FIELDS:
            starts = self._tables.arrays[f"{name}.words.starts"]
            first, last = starts[beginning[0]], starts[beginning[1]]
            holding = np.zeros(self._count, bool)
            holding[self._tables.arrays[f"{name}.words.values"][first:last]] = True
            fields[name] = holding & view.mask
        rarity = _rarity(np.array(max(one.sum() for one in fields.values())), view.count)
        for name, holding in fields.items():
            scores[holding] += BEGINNING * WEIGHTS[name] * rarity
        either: Array = np.logical_or(*fields.values())
        return either

    def _add_spelt(self, scores: Array, spelt: tuple[int, int], view: View) -> Array:
        starts = self._tables.arrays["pinyin.starts"]
        holding = np.zeros(self._count, bool)
        values = self._tables.arrays["pinyin.values"][starts[spelt[0]] : starts[spelt[1]]]
        holding[values] = True
        holding &= view.mask
        self._add_holding(scores, holding, BEGINNING * WEIGHTS["title"], view)
        return holding

    def _add_holding(self, scores: Array, holding: Array, weight: float, view: View) -> None:
        scores[holding] += weight * _rarity(holding.sum(), view.count)

    def _language_factor(self, view: View, locale: str) -> Array:
        if locale not in view.factors:
            view.factors[locale] = self._factor(view.shown(locale), locale)
        return view.factors[locale]

    def _factor(self, shown: Array, locale: str) -> Array:
        names = self._tables.names["locale"]
        own = names.index(locale) if locale in names else -1
        factor: Array = np.where(self._tables.arrays["locale"][shown] == own, 1.0, OTHER_LANGUAGE)
        return factor


def _rarity(holding: Array, count: int) -> Array:
    rarity: Array = np.log1p((count - holding + 0.5) / (holding + 0.5))
    return rarity


def _best(scores: Array, items: Array, first: int, count: int) -> list[int]:
    """Highest score first, ties by item, so that pages never overlap."""
    wanted = first + count
    if not count or first >= len(items):
        return []
    found = scores[items]
    if wanted < len(items):
        least = np.partition(found, len(items) - wanted)[len(items) - wanted]
        items, found = items[found >= least], found[found >= least]
    order = np.argsort(-found, kind="stable")[first:wanted]
    best: list[int] = items[order].tolist()
    return best
