"""The scorer's tables: whole-corpus arrays made once from the documents, never changed after.

Documents are numbered by (item, locale, id), so that the versions of one item stand together and
leaving documents out keeps the order of the rest.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from portal.search.analysis import Kind, Token, in_phrases, stem, tokens, trigrams
from portal.search.documents import Document
from portal.search.folding import normalise
from portal.search.passages import passages
from portal.search.pinyin import spellings

Array = npt.NDArray[Any]
FIELDS = ("title", "body")
Told = Callable[[float], object]
"""Hears which share of the work is done, from 0 to 1."""
_OFTEN = 100
"""Documents between two words about it."""


class Apart(Protocol):
    def array(self, name: str, first: int, end: int) -> Array: ...
    def text(self, first: int, end: int) -> bytes: ...
    def forget(self) -> None: ...


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Tables:
    """`names` holds the sorted lists that the arrays' numbers point into, and the documents' own
    strings; `texts` the titles and bodies as UTF-8. `apart` reads pieces of both without mapping
    them; in memory there is none.
    """

    arrays: Mapping[str, Array]
    names: Mapping[str, Sequence[str]]
    texts: bytes | memoryview
    apart: Apart | None = None

    def text(self, name: str, number: int) -> str:
        start, end = self.arrays[f"{name}.texts"][number : number + 2].tolist()
        if self.apart is not None:
            return self.apart.text(start, end).decode()
        return str(self.texts[start:end], "utf-8")

    def stretch(self, name: str, first: int, end: int) -> Array:
        """Of an array of which only this is wanted."""
        if self.apart is not None:
            return self.apart.array(name, first, end)
        return self.arrays[name][first:end]

    def forget(self) -> None:
        """After everything was read: a process should not hold it."""
        if self.apart is not None:
            self.apart.forget()

    def row(self, name: str, number: int) -> Array:
        """The values that belong to `number` in the ragged array `name`."""
        start, end = self.arrays[f"{name}.starts"][number : number + 2].tolist()
        return self.stretch(f"{name}.values", start, end)


def in_order(documents: Iterable[Document]) -> list[Document]:
    ordered = sorted(documents, key=lambda one: (one.item_id, one.locale, one.id))
    if len({one.id for one in ordered}) != len(ordered):
        raise ValueError("two documents have the same id")
    return ordered


def shown_texts(document: Document) -> dict[str, str]:
    """The text of each field as it is indexed and shown; the summary opens the body."""
    body = "\n".join(part for part in (document.summary, document.body) if part)
    return {"title": normalise(document.title), "body": normalise(body)}


def build(documents: Sequence[Document], told: Told | None = None) -> Tables:
    """Documents must come `in_order`."""
    arrays: dict[str, Array] = {}
    names: dict[str, list[str]] = {}
    texts = _texts(documents, arrays)
    _words(documents, arrays, names, told)
    _facts(documents, arrays, names)
    return Tables(arrays, names, texts)


def _texts(documents: Sequence[Document], arrays: dict[str, Array]) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for name in FIELDS:
        starts = [size]
        for document in documents:
            pieces.append(shown_texts(document)[name].encode())
            size += len(pieces[-1])
            starts.append(size)
        arrays[f"{name}.texts"] = np.array(starts, np.int64)
    _passages(documents, arrays)
    return b"".join(pieces)


def _passages(documents: Sequence[Document], arrays: dict[str, Array]) -> None:
    texts = [shown_texts(document) for document in documents]
    made = [passages(shown["title"], shown["body"]) for shown in texts]
    pieces = [piece for one in made for piece in one]
    arrays["passages.starts"] = np.cumsum([0, *map(len, made)])
    arrays["passages.digest"] = np.array([piece.digest for piece in pieces], np.uint64)
    arrays["passages.at"] = np.array([piece.start for piece in pieces], np.uint32)
    arrays["passages.end"] = np.array([piece.end for piece in pieces], np.uint32)


class _Words:
    """Collects tokens: in reading order for passages, by term for ranking, by word for spelling."""

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.words: dict[str, int] = {}
        self.trigrams: dict[str, int] = {}
        self.pinyin: dict[str, int] = {}
        self.read = {name: _Reading() for name in FIELDS}
        self.unread, self.title_trigrams = array("q"), array("q")
        self.title_pinyin = array("q")

    def add(self, number: int, document: Document) -> None:
        for name, text in shown_texts(document).items():
            found = list(tokens(text))
            for token in found:
                self.read[name].add(_pair(self.terms, token.term, number), token)
                self._add_word(name, token, number)
            self.read[name].ends.append(len(self.read[name].pairs))
            if name == "title":
                self._add_title(number, text, found)
        # A feature's name finds the document but stands nowhere in the text that is shown.
        for token in tokens(normalise(" ".join(document.features))):
            self.unread.append(_pair(self.terms, token.term, number))
            self._add_word("body", token, number)

    def _add_title(self, number: int, text: str, found: list[Token]) -> None:
        for gram in sorted(trigrams(found)):
            self.title_trigrams.append(_pair(self.trigrams, gram, number))
        for spelling in sorted(spellings(text)):
            self.title_pinyin.append(_pair(self.pinyin, spelling, number))

    def _add_word(self, name: str, token: Token, number: int) -> None:
        if token.kind is Kind.PART:
            self.read[name].words.append(_pair(self.words, token.word, number))


class _Reading:
    """The tokens of one field of all documents; `ends` are where each document's end."""

    def __init__(self) -> None:
        self.pairs, self.words, self.ends = array("q"), array("q"), array("q", [0])
        self.starts, self.lengths = array("I"), array("B")
        self.in_phrases = array("B")

    def add(self, pair: int, token: Token) -> None:
        self.pairs.append(pair)
        self.starts.append(token.start)
        self.lengths.append(min(token.length, 255))
        self.in_phrases.append(in_phrases(token))


def _pair(numbers: dict[str, int], string: str, document: int) -> int:
    return numbers.setdefault(string, len(numbers)) << 32 | document


def _words(
    documents: Sequence[Document],
    arrays: dict[str, Array],
    names: dict[str, list[str]],
    told: Told | None,
) -> None:
    collected = _Words()
    for number, document in enumerate(documents):
        collected.add(number, document)
        if told and number % _OFTEN == 0:
            told(number / len(documents))
    terms, names["terms"] = _sorted(collected.terms)
    words, names["words"] = _sorted(collected.words)
    grams, names["trigrams"] = _sorted(collected.trigrams)
    stems = [collected.terms[stem(word)] for word in names["words"]]
    arrays["words.terms"] = terms[np.array(stems, np.int64)].astype(np.int32)
    for name, read in collected.read.items():
        pairs = _renumbered(read.pairs, terms)
        _reading_order(arrays, name, read, pairs)
        if name == "body":
            pairs = np.concatenate([pairs, _renumbered(collected.unread, terms)])
        _scored_postings(arrays, name, pairs, len(names["terms"]), len(documents))
        _postings(arrays, f"{name}.words", _renumbered(read.words, words), len(names["words"]))
    pairs = _renumbered(collected.title_trigrams, grams)
    _scored_postings(arrays, "trigrams", pairs, len(names["trigrams"]), len(documents))
    spelt, names["pinyin"] = _sorted(collected.pinyin)
    _postings(arrays, "pinyin", _renumbered(collected.title_pinyin, spelt), len(names["pinyin"]))


def _sorted(ids: dict[str, int]) -> tuple[Array, list[str]]:
    """New number by old number, and the strings by new number."""
    strings = sorted(ids)
    order = np.zeros(len(ids), np.int64)
    for new, string in enumerate(strings):
        order[ids[string]] = new
    return order, strings


def _reading_order(arrays: dict[str, Array], name: str, read: _Reading, pairs: Array) -> None:
    arrays[f"{name}.read.starts"] = np.array(read.ends, np.int64)
    arrays[f"{name}.read.values"] = (pairs >> 32).astype(np.int32)
    arrays[f"{name}.read.at"] = np.array(read.starts, np.uint32)
    arrays[f"{name}.read.length"] = np.array(read.lengths, np.uint8)
    ordered = np.array(read.in_phrases, bool)
    arrays[f"{name}.order.starts"] = np.concatenate([[0], np.cumsum(ordered)])[read.ends]
    arrays[f"{name}.order.values"] = arrays[f"{name}.read.values"][ordered]


def _renumbered(pairs: Sequence[int], order: Array) -> Array:
    packed = np.array(pairs, np.int64)
    renumbered: Array = order[packed >> 32] << 32 | (packed & 0xFFFFFFFF)
    return renumbered


def _scored_postings(
    arrays: dict[str, Array], name: str, pairs: Array, values: int, documents: int
) -> None:
    frequencies = _postings(arrays, name, pairs, values)
    arrays[f"{name}.frequencies"] = np.minimum(frequencies, 65_535).astype(np.uint16)
    lengths = np.bincount(pairs & 0xFFFFFFFF, minlength=documents)
    arrays[f"{name}.lengths"] = lengths.astype(np.int32)


def _postings(arrays: dict[str, Array], name: str, pairs: Array, values: int) -> Array:
    """Writes the documents by value; answers with how often each pair stood there."""
    distinct, frequencies = np.unique(pairs, return_counts=True)
    arrays[f"{name}.starts"] = np.searchsorted(distinct >> 32, np.arange(values + 1))
    arrays[f"{name}.values"] = (distinct & 0xFFFFFFFF).astype(np.int32)
    return frequencies


def _facts(
    documents: Sequence[Document], arrays: dict[str, Array], names: dict[str, list[str]]
) -> None:
    for column in ("locale", "type"):
        values = [str(getattr(one, column)) for one in documents]
        names[column], numbers = _numbered(values)
        arrays[column] = np.array(numbers, np.int32)
    for column in ("audience", "features"):
        rows = [sorted(getattr(one, column)) for one in documents]
        names[column], numbers = _numbered([value for row in rows for value in row])
        owners = np.repeat(np.arange(len(rows)), np.array([len(row) for row in rows], np.int64))
        pairs = np.array(numbers, np.int64) << 32 | owners
        _postings(arrays, column, pairs, len(names[column]))
    names["id"] = [one.id for one in documents]
    names["url"] = [one.url for one in documents]
    arrays["changed"] = np.array([one.changed for one in documents], np.int64)
    items = [one.item_id for one in documents]
    names["item"], numbers = _numbered(items)
    arrays["item"] = np.array(numbers, np.int32)
    arrays["item.starts"] = np.searchsorted(arrays["item"], np.arange(len(names["item"])))


def _numbered(values: Sequence[str]) -> tuple[list[str], list[int]]:
    distinct = sorted(set(values))
    places = {value: place for place, value in enumerate(distinct)}
    return distinct, [places[value] for value in values]
