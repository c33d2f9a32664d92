"""Answers without an index, by reading every document: slower and plainer, the same shape.

A word counts as found where a text holds it, or its stem, as a part: "reset" finds "resetting",
and 密码 finds 密碼. Nothing is corrected.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from time import perf_counter

from portal.search.analysis import phrase_terms, tokens
from portal.search.documents import MOST_HITS, Document, Hit, Results
from portal.search.facets import NAMES, Facets, Filters
from portal.search.folding import fold, traditional
from portal.search.highlight import Mark, passage, whole
from portal.search.query import Query, parse
from portal.search.tables import in_order, shown_texts
from portal.search.views import preference

_MOST_SPELT = 8
_WEIGHTS = {"title": 2.0, "body": 1.0}


@dataclass(frozen=True, slots=True)
class _Found:
    shown: Document
    matched: Document
    score: float
    locales: frozenset[str]

    def values(self, facet: str) -> Collection[str]:
        if facet == "type":
            return (self.shown.type,)
        return self.locales if facet == "locale" else frozenset(self.shown.features)

    def fits(self, facet: str, filters: Filters) -> bool:
        wanted = filters.of(facet)
        return wanted is None or any(value in wanted for value in self.values(facet))


def scan(
    documents: Iterable[Document],
    text: str,
    *,
    locale: str,
    audiences: frozenset[str],
    types: Collection[str] | None = None,
    features: Collection[str] | None = None,
    locales: Collection[str] | None = None,
    limit: int = 20,
    offset: int = 0,
    withdrawn: frozenset[str] = frozenset(),
) -> Results:
    """As `Engine.search`, over rows at hand; `did_you_mean` is always None."""
    began = perf_counter()
    query = parse(text)
    visible = [
        one
        for one in in_order(documents)
        if one.audience & audiences
        and not {one.id, one.item_id, one.item_id.partition("/")[0]} & withdrawn
    ]
    found = sorted(_items(visible, query, locale), key=lambda one: -one.score)
    facets = _facets(found, wanted := Filters(types, features, locales))
    kept = [one for one in found if all(one.fits(name, wanted) for name in NAMES)]
    first = max(0, offset)
    page = kept[first : first + min(max(0, limit), MOST_HITS)]
    hits = tuple(_hit(one, query) for one in page)
    took = round((perf_counter() - began) * 1000, 3)
    return Results(len(kept), None, hits, facets, took, weak=not kept)


def _facets(found: Sequence[_Found], filters: Filters) -> Facets:
    facets = {}
    for name in NAMES:
        others = [other for other in NAMES if other != name]
        kept = [one for one in found if all(one.fits(other, filters) for other in others)]
        facets[name] = dict(Counter(value for one in kept for value in one.values(name)))
    return facets


def spellings(text: str) -> list[str]:
    """What a text that answers the question may hold, as it is written, for a database to look for:
    each word, its stem, and both scripts. Only the first few: each costs a pass over the texts.
    """
    found: list[str] = []
    for forms in _forms(parse(text))[:_MOST_SPELT]:
        found += sorted(forms)
        found += sorted({traditional(one) for one in forms} - forms)
    return found


def _items(visible: Sequence[Document], query: Query, locale: str) -> Iterator[_Found]:
    for _, group in groupby(visible, key=lambda one: one.item_id):
        versions = list(group)
        order = preference(locale, sorted({one.locale for one in versions}))
        versions.sort(key=lambda one: (order.index(one.locale), one.id))
        matched = max(versions, key=lambda one: _score(one, query))
        score = _score(matched, query)
        if score:
            yield _Found(versions[0], matched, score, frozenset(one.locale for one in versions))


def _score(document: Document, query: Query) -> float:
    texts = shown_texts(document)
    folded = {name: fold(text) for name, text in texts.items()}
    features = fold(" ".join(document.features))
    score = 0.0
    for forms in _forms(query):
        score += sum(_WEIGHTS[name] for name in folded if any(one in folded[name] for one in forms))
        score += any(one in features for one in forms)
    if query.phrases and not all(_holds(texts, phrase) for phrase in query.phrases):
        return 0.0
    return score


def _forms(query: Query) -> list[set[str]]:
    return [{word.word, word.term} for word in query.words]


def _holds(texts: dict[str, str], phrase: Sequence[str]) -> bool:
    wanted = " ".join(("", *phrase, ""))
    return any(wanted in " ".join(("", *phrase_terms(tokens(text)), "")) for text in texts.values())


def _hit(found: _Found, query: Query) -> Hit:
    shown = found.shown
    texts = shown_texts(shown)
    return Hit(
        document_id=shown.id,
        item_id=shown.item_id,
        locale=shown.locale,
        matched_locale=found.matched.locale,
        type=shown.type,
        title=texts["title"],
        url=shown.url,
        score=round(found.score, 4),
        title_segments=whole(texts["title"], _marks(texts["title"], query)),
        passage_segments=passage(texts["body"], _marks(texts["body"], query)),
    )


def _marks(text: str, query: Query) -> list[Mark]:
    folded = fold(text)
    marks: list[Mark] = []
    for number, forms in enumerate(_forms(query)):
        for form in forms:
            at = folded.find(form)
            while at >= 0:
                marks.append((at, at + len(form), number, 1.0))
                at = folded.find(form, at + len(form))
    return sorted(marks)
