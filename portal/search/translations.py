"""Which words stand for one another in two languages, learnt from texts that the hub has in both.

IBM Model 1 (Brown and others: "The Mathematics of Statistical Machine Translation", 1993) over
titles, summaries and paragraphs, each way; a pair is as strong as the geometric mean of both ways.
Learnt only from what everybody may read, so that no answer tells of what is hidden.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from portal.search.analysis import Kind, Token, tokens
from portal.search.stopwords import STOPWORDS
from portal.search.tables import Array, Tables

_ROUNDS = 5
_MOST_PAIRS = 4_000_000
"""Pairs of words that stand in one paragraph, counted each time: half a second, 200 MB."""
_SELDOM = 2
"""Paragraphs that a word must stand in."""
_WEAKEST, _MOST = 0.1, 3
_EVERYBODY = "public"

Pairs = Mapping[str, Sequence[tuple[str, float]]]


class _Unit(NamedTuple):
    english: list[str]
    chinese: list[str]


class Translations:
    """Kept in one folder of indexes; safe for many threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "translations.json"
        self._open: tuple[tuple[int, int], Pairs] = ((0, 0), {})

    def of(self, terms: Iterable[str]) -> dict[str, float]:
        """The words of the other language that these stand for, each with its strength below 1."""
        pairs = self._pairs()
        found: dict[str, float] = {}
        for term in terms:
            for other, strength in pairs.get(term, ()):
                found[other] = max(strength, found.get(other, 0.0))
        return found

    def learn(self, tables: Tables) -> None:
        """A pure function of the public texts; nothing is done where they are those of before."""
        texts = list(_parallel(tables))
        source = hashlib.blake2b(json.dumps(texts).encode(), digest_size=16).hexdigest()
        if source == self._source():
            return
        content = {"source": source, "pairs": learnt(_units(texts))}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        new.replace(self._path)

    def _pairs(self) -> Pairs:
        """Empty where the file is missing or damaged: it will be written anew."""
        try:
            facts = self._path.stat()
        except OSError:
            return {}
        found = facts.st_ino, facts.st_mtime_ns
        if found != self._open[0]:
            self._open = found, self._read().get("pairs", {})
        return self._open[1]

    def _source(self) -> str:
        return str(self._read().get("source", ""))

    def _read(self) -> dict[str, Pairs]:
        try:
            content = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def learnt(units: Iterable[_Unit]) -> dict[str, list[tuple[str, float]]]:
    """The strongest pairs by word, both ways."""
    kept = [one for one in units if one.english and one.chinese]
    english, of_english = _numbered([one.english for one in kept])
    chinese, of_chinese = _numbered([one.chinese for one in kept])
    if not english or not chinese:
        return {}
    strength, pairs = _expected(of_english, of_chinese, len(chinese))
    strong = np.flatnonzero(strength >= _WEAKEST)
    found: dict[str, list[tuple[str, float]]] = {}
    for pair in strong[np.argsort(-strength[strong], kind="stable")].tolist():
        one, other = divmod(int(pairs[pair]), len(chinese))
        told = round(float(strength[pair]), 3)
        for said, meant in ((english[one], chinese[other]), (chinese[other], english[one])):
            if len(found.setdefault(said, [])) < _MOST:
                found[said].append((meant, told))
    return dict(sorted(found.items()))


def _expected(english: list[Array], chinese: list[Array], width: int) -> tuple[Array, Array]:
    """(strengths, pairs): a pair is the number of the English word times `width` and the other."""
    told = [np.add.outer(a * width, b).ravel() for a, b in zip(english, chinese, strict=True)]
    within = np.searchsorted(np.cumsum([len(one) for one in told]), _MOST_PAIRS)
    told = told[: max(1, int(within))]
    owners = np.repeat(np.arange(len(told)), [len(one) for one in told])
    pairs, at = np.unique(np.concatenate(told), return_inverse=True)
    words = pairs // width, pairs % width
    ways = [_one_way(at, owners, words[way], words[1 - way]) for way in (0, 1)]
    return np.sqrt(ways[0] * ways[1]), pairs


def _one_way(at: Array, owners: Array, said: Array, meant: Array) -> Array:
    """How likely each pair's `meant` is said as its `said`; `at` holds pairs by place, `owners`
    the paragraph of each.
    """
    _, group = np.unique(owners * (int(meant.max()) + 1) + meant[at], return_inverse=True)
    likely = np.ones(len(said))
    for _ in range(_ROUNDS):
        share = likely[at]
        share /= np.bincount(group, share)[group]
        counted = np.bincount(at, share, len(said))
        likely = counted / np.maximum(np.bincount(said, counted)[said], 1e-9)
    return likely


def _numbered(texts: list[list[str]]) -> tuple[list[str], list[Array]]:
    """The words that stand often enough, sorted, and each text as their numbers."""
    counts: dict[str, int] = {}
    for words in texts:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    names = sorted(word for word, count in counts.items() if count >= _SELDOM)
    numbers = {word: number for number, word in enumerate(names)}
    return names, [
        np.array([numbers[word] for word in words if word in numbers], np.int64) for words in texts
    ]


def _parallel(tables: Tables) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """(title, body) in English and in Chinese of the public items that have both."""
    names, arrays = tables.names, tables.arrays
    if _EVERYBODY not in names["audience"]:
        return
    documents = tables.row("audience", names["audience"].index(_EVERYBODY))
    versions: dict[int, dict[str, int]] = {}
    for document in sorted(documents.tolist()):
        locale = names["locale"][arrays["locale"][document]].partition("-")[0]
        versions.setdefault(int(arrays["item"][document]), {}).setdefault(locale, document)
    for item in sorted(versions):
        if {"en", "zh"} <= versions[item].keys():
            english, chinese = versions[item]["en"], versions[item]["zh"]
            yield _text(tables, english), _text(tables, chinese)


def _text(tables: Tables, document: int) -> tuple[str, str]:
    return tables.text("title", document), tables.text("body", document)


def _units(texts: Iterable[tuple[tuple[str, str], tuple[str, str]]]) -> Iterator[_Unit]:
    """Titles, and paragraphs where both versions have as many."""
    for (english_title, english), (chinese_title, chinese) in texts:
        yield _Unit(_english(english_title), _chinese(chinese_title))
        ours, theirs = _paragraphs(english), _paragraphs(chinese)
        if len(ours) == len(theirs):
            for one, other in zip(ours, theirs, strict=True):
                yield _Unit(_english(one), _chinese(other))


def _paragraphs(body: str) -> list[str]:
    return [line for line in body.split("\n") if line.strip()]


def _english(text: str) -> list[str]:
    return _words(t for t in tokens(text) if t.kind is Kind.PART and not t.word.isdigit())


def _chinese(text: str) -> list[str]:
    return _words(token for token in tokens(text) if token.kind is Kind.HAN_WORD)


def _words(found: Iterable[Token]) -> list[str]:
    return sorted({token.term for token in found if token.word not in STOPWORDS})
