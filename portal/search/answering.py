"""From a question that was understood to the answer that its reader gets."""

from dataclasses import dataclass
from functools import reduce
from time import perf_counter

from portal.search.documents import Hit, Results
from portal.search.facets import Filters
from portal.search.highlight import passage, whole
from portal.search.index import Generation
from portal.search.marking import Marking, Marks
from portal.search.matching import Alternatives, Sought
from portal.search.meaning import Nearness
from portal.search.query import Query
from portal.search.scorer import Ranked, Ranking
from portal.search.tables import Array
from portal.search.views import View


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one generation understands it, in the eyes of one reader; `near` only where
    meanings are compared.
    """

    generation: Generation
    view: View
    locale: str
    query: Query
    sought: Sought
    near: Nearness | None


def answered(asked: Asked, filters: Filters, first: int, count: int, began: float) -> Results:
    """Items `first` to `first + count`; `began` is when the question came (perf_counter)."""
    ranking = _ranked(asked, filters, first, count)
    near = asked.near
    return Results(
        total=ranking.total,
        did_you_mean=asked.sought.did_you_mean,
        hits=_hits(asked, ranking.top),
        facets=ranking.facets,
        took_ms=round((perf_counter() - began) * 1000, 3),
        near=ranking.by_meaning,
        weak=not ranking.total or (near is not None and near.far and _strange(asked)),
    )


def _ranked(asked: Asked, filters: Filters, first: int, count: int) -> Ranking:
    return asked.generation.scorer.rank(
        asked.sought,
        asked.query.trigrams,
        asked.view,
        asked.locale,
        holding=asked.generation.phrases.containing,
        required=_required(asked.generation, asked.query),
        nearness=asked.near,
        filters=filters,
        first=first,
        count=count,
    )


def _required(generation: Generation, query: Query) -> Array | None:
    holding = [generation.phrases.containing(phrase) for phrase in query.phrases]
    return reduce(lambda one, other: one & other, holding) if holding else None


def _strange(asked: Asked) -> bool:
    """Whether at most half of the words stand anywhere, in whatever form or language."""
    sought = asked.sought
    otherwise = sought.beginning or sought.spelt or sought.phrases or any(sought.characters)
    if otherwise:
        return False
    elsewhere = sum(_stands(asked, one) for one in sought.elsewhere)
    return (len(sought.words) + elsewhere) * 2 <= len(asked.query.words)


def _stands(asked: Asked, word: Alternatives) -> bool:
    """Whether the reader may see a text with one of the alternatives."""
    holding, mask = asked.generation.phrases.containing, asked.view.mask
    return bool(word.words) or any((holding(one) & mask).any() for one, _ in word.phrases)


def _hits(asked: Asked, top: tuple[Ranked, ...]) -> tuple[Hit, ...]:
    generation = asked.generation
    marking = Marking(generation.tables, generation.rows, asked.sought, asked.view)
    marks = marking.of([one.shown for one in top])
    return tuple(_hit(generation, marks, one, asked.near) for one in top)


def _hit(generation: Generation, marks: Marks, ranked: Ranked, near: Nearness | None) -> Hit:
    tables, shown = generation.tables, ranked.shown
    names, arrays = tables.names, tables.arrays
    title = tables.text("title", shown)
    return Hit(
        document_id=names["id"][shown],
        item_id=names["item"][arrays["item"][shown]],
        locale=names["locale"][arrays["locale"][shown]],
        matched_locale=names["locale"][arrays["locale"][ranked.matched]],
        type=names["type"][arrays["type"][shown]],
        title=title,
        url=names["url"][shown],
        score=round(ranked.score, 4),
        title_segments=whole(title, marks["title", shown]),
        passage_segments=passage(
            tables.text("body", shown),
            marks["body", shown],
            near.place(shown) if near else None,
        ),
        by_meaning=ranked.by_meaning,
    )
