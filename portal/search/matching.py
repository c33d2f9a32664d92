"""Which of the index's terms a question stands for, in the eyes of one reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from portal.search.analysis import Kind, Token, stem
from portal.search.query import Query
from portal.search.spelling import Spelling, prefix_range
from portal.search.tables import FIELDS, Tables
from portal.search.views import View


@dataclass(frozen=True, slots=True)
class Sought:
    """Numbers of terms. A document matches that holds one of `words`, or all `characters` of one
    Chinese word, or a word in the range `beginning`; `supporting` terms only help to rank.
    """

    words: tuple[int, ...]
    characters: tuple[tuple[int, ...], ...]
    beginning: tuple[int, int] | None
    supporting: tuple[int, ...]
    did_you_mean: str | None


class Matching:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._terms = {term: number for number, term in enumerate(tables.names["terms"])}
        self._spelling = Spelling(tables.names["words"])

    def seek(self, query: Query, view: View, *, as_you_type: bool) -> Sought:
        beginning = self._beginning(query.unfinished, view, always=as_you_type)
        unknown = self._unknown(query, view, beginning)
        replaced = self._replacements(unknown, view)
        asked = [word.term for word in query.words] + [stem(word) for word in replaced.values()]
        words = self._known_of(asked, view)
        characters = {one: self._known_of(one, view) for one in query.characters.values()}
        supporting = [
            *self._known_of(query.asides, view),
            *chain.from_iterable(characters.values()),
        ]
        return Sought(
            words=words,
            characters=tuple(n for one, n in characters.items() if len(n) == len(one)),
            beginning=beginning,
            supporting=tuple(n for n in dict.fromkeys(supporting) if n not in words),
            did_you_mean=_reworded(query.text, unknown, replaced),
        )

    def _known(self, term: str, view: View) -> int | None:
        """A word that only hidden documents hold is unknown to this reader."""
        number = self._terms.get(term)
        if number is None:
            return None
        rows = (self._tables.row(name, number) for name in FIELDS)
        return number if view.whole or any(view.mask[row].any() for row in rows) else None

    def _known_of(self, terms: Iterable[str], view: View) -> tuple[int, ...]:
        numbers = (self._known(term, view) for term in terms)
        return tuple(dict.fromkeys(number for number in numbers if number is not None))

    def _unknown(self, query: Query, view: View, beginning: tuple[int, int] | None) -> list[Token]:
        """Words that may be misspelt; one that begins a known word is not."""
        begun = query.unfinished.term if query.unfinished and beginning else None
        words = (w for w in query.words if w.kind is Kind.PART and w.term != begun)
        return [word for word in words if self._known(word.term, view) is None]

    def _beginning(self, word: Token | None, view: View, *, always: bool) -> tuple[int, int] | None:
        if word is None or (not always and self._known(word.term, view) is not None):
            return None
        first, last = prefix_range(self._tables.names["words"], word.word)
        return (first, last) if self._words_seen(first, last, view) else None

    def _replacements(self, unknown: list[Token], view: View) -> dict[str, str]:
        """The nearest word that the reader can see, then the most frequent, then the first."""
        found: dict[str, str] = {}
        for token in unknown:
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


def _reworded(text: str, unknown: list[Token], replaced: dict[str, str]) -> str | None:
    if not replaced:
        return None
    for token in sorted(unknown, key=lambda one: -one.start):
        if token.word in replaced:
            end = token.start + token.length
            text = text[: token.start] + replaced[token.word] + text[end:]
    return text
