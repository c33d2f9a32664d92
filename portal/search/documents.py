"""What goes into the engine and what comes out: plain values that know no database and no index."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_HITS = 100
"""At most so many hits in one answer."""

Segments = tuple[tuple[str, bool], ...]
"""Text in reading order as (text, is a hit); whoever shows it escapes each text."""


class IndexDamaged(Exception):
    """No generation can be trusted: answer with `scan`, and rebuild."""


@dataclass(frozen=True, slots=True)
class Document:
    """One language version of one item, as plain text.

    `id` is unique among documents, `item_id` is what the versions of one item share. `audience`
    holds tokens such as "public", "vendor" or "account:acme"; a reader who carries none of them
    can't see the document, so a document without a token is seen by nobody. `changed` is the change
    number of the item's last change: by it the index tells which items it holds as they are.
    """

    id: str
    item_id: str
    locale: str
    type: str
    title: str
    summary: str = ""
    body: str = ""
    features: tuple[str, ...] = ()
    audience: frozenset[str] = frozenset()
    url: str = ""
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """An item, shown in the version nearest to the reader's language.

    `matched_locale` is the language of the version that the words were found in, which may be
    another one; the segments then hold no hit. `score` has no unit and compares only within one
    answer. `by_meaning`: no word was found, what it says is near to the question.
    """

    document_id: str
    item_id: str
    locale: str
    matched_locale: str
    type: str
    title: str
    url: str
    score: float
    title_segments: Segments
    passage_segments: Segments
    by_meaning: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """`total` and `facets` count items, exactly, and only those that the reader may see; `near` of
    them by their meaning alone.

    `facets` maps "type", "feature" and "locale" to counts by value, each counted after the other
    filters and before its own (facets.py). `did_you_mean` is the question with its unknown
    words replaced, or None. `weak`: nothing good, so that somebody should be asked: nothing at all,
    or what means most alike is far from the question and most of its words are known to no text.
    """

    total: int
    did_you_mean: str | None
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    took_ms: float = field(default=0.0, compare=False)
    near: int = 0
    weak: bool = False
