"""New tables from old ones: some items taken out, some put in, nothing else cut into words again.

What comes out is, array by array, what `build` makes of all the documents, so that nobody who
searches can tell how an index came to be (tests/search/test_revising.py compares them). The cost
is a few passes over the arrays.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from portal.search.joining import join
from portal.search.strings import Strings, number_of, one_after_another, place_of
from portal.search.tables import FIELDS, Array, Tables

ROWS = {
    "title": "terms",
    "body": "terms",
    "title.words": "words",
    "body.words": "words",
    "trigrams": "trigrams",
    "pinyin": "pinyin",
    "audience": "audience",
    "features": "features",
}
"""Arrays of documents by value, and the list of names that says what each row stands for."""
SCORED = ("title", "body", "trigrams")
COLUMNS = ("locale", "type", "item")
FACTS = ("changed", *(f"{name}.lengths" for name in SCORED))


class Arrays(Mapping[str, Array]):
    """Made one by one as they are asked for, so that they need not be in memory together, nor what
    each is made from: `made` hears of each.
    """

    def __init__(
        self, makers: Mapping[str, Callable[[], Array]], made: Callable[[], object]
    ) -> None:
        self._makers, self._made = makers, made

    def __getitem__(self, name: str) -> Array:
        array = self._makers[name]()
        self._made()
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class Revision:
    """`fresh` holds the new documents of the items that are put in; `items` are all that are taken
    out, those put in among them.
    """

    def __init__(self, base: Tables, fresh: Tables, items: Collection[str]) -> None:
        self._base, self._fresh = base, fresh
        self._places_left: dict[str, Array] = {}
        self._out = self._taken_out({*items, *fresh.names["item"]})
        self._number_documents()
        lists = {name: self._alive(name) for name in dict.fromkeys((*ROWS.values(), *COLUMNS))}
        self._joined = {
            name: join(Strings.of(base.names[name]), alive, fresh.names[name])
            for name, alive in lists.items()
        }

    @property
    def names(self) -> dict[str, Strings]:
        own = {name: self._strings(name) for name in ("id", "url")}
        return {name: one.names for name, one in self._joined.items()} | own

    @property
    def arrays(self) -> Arrays:
        makers: dict[str, Callable[[], Array]] = {"words.terms": self._terms_of_words}
        for name in FIELDS:
            makers |= self._texts_of(name)
        for name in ROWS:
            makers[f"{name}.starts"] = partial(self._row_starts, name)
            makers[f"{name}.values"] = partial(self._row_values, name)
        for name in SCORED:
            makers[f"{name}.frequencies"] = partial(self._frequencies, name)
        makers |= {name: partial(self._fact, name) for name in FACTS}
        makers |= {name: partial(self._column, name) for name in COLUMNS}
        makers["item.starts"] = self._item_starts
        makers["passages.starts"] = partial(self._starts, "passages.starts")
        for part in ("digest", "at", "end"):
            makers[f"passages.{part}"] = partial(self._stretches, "passages", part)
        return Arrays(makers, self._base.forget)

    @property
    def texts(self) -> Iterator[bytes | memoryview]:
        for name in FIELDS:
            for tables, first, end in self._runs:
                starts = tables.arrays[f"{name}.texts"]
                yield tables.texts[starts[first] : starts[end]]

    def _taken_out(self, items: set[str]) -> Array:
        """By document of the base."""
        known = self._base.names["item"]
        found = (number_of(known, one) for one in items)
        numbers = [number for number in found if number is not None]
        chosen = np.zeros(len(known), bool)
        chosen[np.array(numbers, np.int64)] = True
        out: Array = chosen[self._base.arrays["item"]]
        return out

    def _number_documents(self) -> None:
        base, fresh = self._base, self._fresh
        count = len(self._out)
        starts = np.append(base.arrays["item.starts"], count)
        # The versions of an item stand together, so its place is that of its name.
        at_item = [place_of(base.names["item"], one) for one in fresh.names["item"]]
        self._insert_at = starts[np.array(at_item, np.int64)][fresh.arrays["item"]]
        kept_before = np.concatenate([[0], np.cumsum(~self._out)])
        before = np.searchsorted(self._insert_at, np.arange(count), "right")
        self._of_base = kept_before[:-1] + before
        self._of_fresh = kept_before[self._insert_at] + np.arange(len(self._insert_at))
        self._count = int(kept_before[-1]) + len(self._of_fresh)
        self._runs = self._in_runs()

    def _in_runs(self) -> list[tuple[Tables, int, int]]:
        """The documents in their new order, as stretches of the base and of the fresh ones."""
        apart = len(self._out) + 1
        source = np.empty(self._count, np.int64)
        source[self._of_base[~self._out]] = np.flatnonzero(~self._out)
        source[self._of_fresh] = apart + np.arange(len(self._of_fresh))
        breaks = np.flatnonzero(np.diff(source) != 1) + 1
        bounds = [0, *breaks.tolist(), self._count] if self._count else []
        runs: list[tuple[Tables, int, int]] = []
        for first, end in pairwise(bounds):
            at = int(source[first])
            tables, at = (self._base, at) if at < apart else (self._fresh, at - apart)
            runs.append((tables, at, at + end - first))
        return runs

    def _alive(self, name: str) -> Array:
        """Whether a value of the base is still in some document that stays."""
        if name in COLUMNS:
            staying = self._base.arrays[name][~self._out]
            counts = np.bincount(staying, minlength=len(self._base.names[name]))
        else:
            rows = [row for row, of in ROWS.items() if of == name]
            counts = np.sum([self._staying(row) for row in rows], axis=0)
        alive: Array = counts > 0
        return alive

    def _staying(self, name: str) -> Array:
        """How many documents of each row stay."""
        starts = self._base.arrays[f"{name}.starts"]
        rows = np.searchsorted(starts, self._leaving(name), "right") - 1
        staying: Array = np.diff(starts) - np.bincount(rows, minlength=len(starts) - 1)
        return staying

    def _leaving(self, name: str) -> Array:
        if name not in self._places_left:
            values = self._base.arrays[f"{name}.values"]
            self._places_left[name] = np.flatnonzero(self._out[values])
        return self._places_left[name]

    # --- documents by value -------------------------------------------------------------------

    def _entering(self, name: str) -> Array:
        """Before which place of the base's array each value of the fresh one belongs."""
        joined = self._joined[ROWS[name]]
        starts, values = (self._base.arrays[f"{name}.{part}"] for part in ("starts", "values"))
        fresh_starts = self._fresh.arrays[f"{name}.starts"].tolist()
        wanted = self._insert_at[self._fresh.arrays[f"{name}.values"]]
        places = np.empty(len(wanted), np.int64)
        pairs = zip(joined.at.tolist(), joined.known.tolist(), strict=True)
        for number, (at, known) in enumerate(pairs):
            own = slice(fresh_starts[number], fresh_starts[number + 1])
            first, end = int(starts[at]), int(starts[at + 1] if known else starts[at])
            places[own] = first + np.searchsorted(values[first:end], wanted[own])
        return places

    def _row_starts(self, name: str) -> Array:
        joined = self._joined[ROWS[name]]
        counts = np.zeros(len(joined.names), np.int64)
        staying = joined.of_base >= 0
        counts[joined.of_base[staying]] = self._staying(name)[staying]
        counts[joined.of_fresh] += np.diff(self._fresh.arrays[f"{name}.starts"])
        return np.concatenate([[0], np.cumsum(counts)])

    def _row_values(self, name: str) -> Array:
        base, fresh = (one.arrays[f"{name}.values"] for one in (self._base, self._fresh))
        # All numbers of the base's documents are below their count, new ones begin at it.
        numbers = np.concatenate([self._of_base, self._of_fresh]).astype(np.int32)
        values = self._spliced(name, base, fresh + np.int32(len(self._of_base)))
        return np.take(numbers, values, out=values, mode="clip")

    def _frequencies(self, name: str) -> Array:
        base, fresh = (one.arrays[f"{name}.frequencies"] for one in (self._base, self._fresh))
        return self._spliced(name, base, fresh)

    def _spliced(self, name: str, base: Array, fresh: Array) -> Array:
        leaving, entering = self._leaving(name), self._entering(name)
        staying = np.ones(len(base), bool)
        staying[leaving] = False
        places = entering - np.searchsorted(leaving, entering) + np.arange(len(entering))
        old = np.ones(len(base) - len(leaving) + len(entering), bool)
        old[places] = False
        spliced = np.empty(len(old), base.dtype)
        spliced[places] = fresh
        spliced[old] = base[staying]
        return spliced

    def _terms_of_words(self) -> Array:
        words, terms = self._joined["words"], self._joined["terms"]
        numbers = np.empty(len(words.names), np.int32)
        staying = words.of_base >= 0
        numbers[words.of_base[staying]] = terms.of_base[self._base.arrays["words.terms"][staying]]
        numbers[words.of_fresh] = terms.of_fresh[self._fresh.arrays["words.terms"]]
        return numbers

    # --- by document --------------------------------------------------------------------------

    def _texts_of(self, field: str) -> dict[str, Callable[[], Array]]:
        read, order = f"{field}.read", f"{field}.order"
        return {
            f"{field}.texts": partial(self._text_starts, field),
            f"{read}.starts": partial(self._starts, f"{read}.starts"),
            f"{read}.values": partial(self._stretches, read, "values"),
            f"{read}.at": partial(self._stretches, read, "at"),
            f"{read}.length": partial(self._stretches, read, "length"),
            f"{order}.starts": partial(self._starts, f"{order}.starts"),
            f"{order}.values": partial(self._stretches, order, "values"),
        }

    def _text_starts(self, field: str) -> Array:
        starts = self._starts(f"{field}.texts")
        for before in FIELDS[: FIELDS.index(field)]:
            starts += self._starts(f"{before}.texts")[-1]
        return starts

    def _starts(self, name: str) -> Array:
        lengths = [np.zeros(1, np.int64)]
        for tables, first, end in self._runs:
            lengths.append(np.diff(tables.arrays[name][first : end + 1]))
        return np.cumsum(np.concatenate(lengths))

    def _stretches(self, name: str, part: str) -> Array:
        """`values` are numbers of terms, the rest stays as it is."""
        terms = self._joined["terms"]
        pieces = [self._base.arrays[f"{name}.{part}"][:0]]
        for tables, first, end in self._runs:
            starts = tables.arrays[f"{name}.starts"]
            pieces.append(tables.arrays[f"{name}.{part}"][starts[first] : starts[end]])
        joined = np.concatenate(pieces)
        if part == "values":
            at = 0
            for (tables, _, _), piece in zip(self._runs, pieces[1:], strict=True):
                numbers = terms.of_base if tables is self._base else terms.of_fresh
                own = joined[at : at + len(piece)]
                np.take(numbers.astype(np.int32), own, out=own, mode="clip")
                at += len(piece)
        return joined

    def _fact(self, name: str) -> Array:
        return self._placed(self._base.arrays[name], self._fresh.arrays[name])

    def _column(self, name: str) -> Array:
        joined = self._joined[name]
        base, fresh = (one.arrays[name] for one in (self._base, self._fresh))
        old, new = joined.of_base.astype(np.int32), joined.of_fresh.astype(np.int32)
        return self._placed(old[base], new[fresh])

    def _placed(self, base: Array, fresh: Array) -> Array:
        placed = np.empty(self._count, base.dtype)
        placed[self._of_base[~self._out]] = base[~self._out]
        placed[self._of_fresh] = fresh
        return placed

    def _item_starts(self) -> Array:
        return np.searchsorted(self._column("item"), np.arange(len(self._joined["item"].names)))

    def _strings(self, name: str) -> Strings:
        base, fresh = (Strings.of(one.names[name]) for one in (self._base, self._fresh))
        return one_after_another(
            (base if tables is self._base else fresh, first, end)
            for tables, first, end in self._runs
        )


def revised(base: Tables, fresh: Tables, items: Collection[str]) -> Tables:
    """All at once, in memory."""
    made = Revision(base, fresh, items)
    names = {name: list(one) for name, one in made.names.items()}
    return Tables(dict(made.arrays), names, b"".join(made.texts))


def changes_of(tables: Tables) -> dict[str, int]:
    """The change number that each item is held as of."""
    names: Sequence[str] = tables.names["item"]
    firsts = tables.arrays["item.starts"]
    return dict(zip(names, tables.arrays["changed"][firsts].tolist(), strict=True))
