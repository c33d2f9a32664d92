"""Which of the index's terms a question stands for, in the eyes of one reader."""

from dataclasses import dataclass

from portal.search.analysis import Kind, Token, stem
from portal.search.query import Query
from portal.search.spelling import Spelling, prefix_range
from portal.search.tables import FIELDS, Tables
from portal.search.views import View


@dataclass(frozen=True, slots=True)
class Sought:
    """Numbers of terms. A document matches that holds one of `words`, or all `characters` of one
    Chinese word, or a word in the range `beginning`.
    """

    words: tuple[int, ...]
    characters: tuple[tuple[int, ...], ...]
    beginning: tuple[int, int] | None
    did_you_mean: str | None

    @property
    def single_characters(self) -> tuple[int, ...]:
        every = dict.fromkeys(number for word in self.characters for number in word)
        return tuple(number for number in every if number not in self.words)


class Matching:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._terms = {term: number for number, term in enumerate(tables.names["terms"])}
        self._spelling = Spelling(tables.names["words"])

    def seek(self, query: Query, view: View, *, as_you_type: bool) -> Sought:
        known = {w.term: self._known(w.term, view) for w in query.words}
        beginning = self._beginning(query.unfinished, view, always=as_you_type)
        finished = [
            w
            for w in query.words
            if known[w.term] is None and not (beginning and _same(w, query.unfinished))
        ]
        replaced = self._replacements(finished, view)
        numbers = [known[w.term] for w in query.words]
        numbers += [self._known(stem(word), view) for word in replaced.values()]
        return Sought(
            words=tuple(dict.fromkeys(n for n in numbers if n is not None)),
            characters=self._characters(query, view),
            beginning=beginning,
            did_you_mean=_reworded(query.text, finished, replaced),
        )

    def number(self, term: str) -> int | None:
        return self._terms.get(term)

    def _known(self, term: str, view: View) -> int | None:
        """A word that only hidden documents hold is unknown to this reader."""
        number = self._terms.get(term)
        if number is None:
            return None
        rows = (self._tables.row(name, number) for name in FIELDS)
        return number if view.whole or any(view.mask[row].any() for row in rows) else None

    def _characters(self, query: Query, view: View) -> tuple[tuple[int, ...], ...]:
        words = [
            [self._known(one, view) for one in characters]
            for characters in query.characters.values()
        ]
        return tuple(tuple(n for n in word if n is not None) for word in words if None not in word)

    def _beginning(self, word: Token | None, view: View, *, always: bool) -> tuple[int, int] | None:
        if word is None or (not always and self._known(word.term, view) is not None):
            return None
        first, last = prefix_range(self._tables.names["words"], word.word)
        return (first, last) if self._words_seen(first, last, view) else None

    def _replacements(self, unknown: list[Token], view: View) -> dict[str, str]:
        """The nearest word that the reader can see, then the most frequent, then the first."""
        found: dict[str, str] = {}
        for token in unknown:
            if token.kind is Kind.PART:
                near = self._spelling.near(token.word)
                seen = [(d, -self._words_seen(n, n + 1, view), n) for d, n in near]
                best = min((one for one in seen if one[1]), default=None)
                if best:
                    found[token.word] = self._tables.names["words"][best[2]]
        return found

    def _words_seen(self, first: int, last: int, view: View) -> int:
        """In how many visible places (a document's title, a document's body) the words stand."""
        total = 0
        for name in FIELDS:
            starts = self._tables.arrays[f"{name}.words.starts"]
            documents = self._tables.arrays[f"{name}.words.values"][starts[first] : starts[last]]
            total += int(view.mask[documents].sum())
        return total


def _same(word: Token, other: Token | None) -> bool:
    return other is not None and word.term == other.term


def _reworded(text: str, unknown: list[Token], replaced: dict[str, str]) -> str | None:
    if not replaced:
        return None
    for token in sorted(unknown, key=lambda one: -one.start):
        if token.word in replaced:
            end = token.start + token.length
            text = text[: token.start] + replaced[token.word] + text[end:]
    return text
