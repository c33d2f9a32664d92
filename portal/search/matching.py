"""Which of the index's terms a question stands for, in the eyes of one reader."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from portal.search.analysis import Kind, Token, stem
from portal.search.bilingual import Group
from portal.search.query import Query, meant_as, parse
from portal.search.rows import Rows
from portal.search.slips import Slips
from portal.search.spelling import Spelling, prefix_range
from portal.search.stopwords import StopWords
from portal.search.strings import Strings
from portal.search.synonyms import Synonyms, Terms
from portal.search.tables import FIELDS, Tables
from portal.search.views import View
from portal.search.weights import SYNONYM

_SPELT_FROM, _SPELT_TO = 2, 40
"""Letters of a word, or of a whole question, that may be pinyin."""

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Of one word of the question; of what a document holds of them the strongest counts."""

    words: tuple[tuple[int, float], ...]
    phrases: tuple[tuple[Terms, float], ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """Numbers of terms. A document matches that holds one of `words`, or all `characters` of one
    Chinese word, or a word in the range `beginning`, or a title spelt in a range of `spelt`, or one
    of the `phrases`; `supporting` terms only help to rank. `weights` are those of `words` and then
    `supporting`; `asides` count in titles. `letters` are what was typed for each range of `spelt`.
    """

    words: tuple[int, ...]
    supporting: tuple[int, ...]
    weights: tuple[float, ...]
    asides: tuple[int, ...]
    characters: tuple[tuple[int, ...], ...]
    beginning: Range | None
    spelt: tuple[Range, ...]
    letters: tuple[str, ...]
    phrases: tuple[Terms, ...]
    elsewhere: tuple[Alternatives, ...]
    did_you_mean: str | None


class Matching:
    def __init__(self, tables: Tables, rows: Rows, synonyms: Synonyms) -> None:
        self._tables = tables
        self._rows = rows
        self._synonyms = synonyms
        self._terms = Strings.of(tables.names["terms"])
        self._spelling = Spelling(tables.names["words"])
        self._slips = Slips(self._terms, rows)

    def taught(self, synonyms: Synonyms) -> "Matching":
        """The same of the same tables, by other synonyms."""
        other = copy(self)
        other._synonyms = synonyms  # noqa: SLF001 # its own class
        return other

    def read(self, text: str, stop_words: StopWords, view: View) -> Query:
        """The question; where a slip in its Chinese is put right, as it may be meant too."""
        asked = parse(text, stop_words)
        mended = None if asked.phrases else self._slips.mended(asked.text, view)
        return asked if mended is None else meant_as(asked, parse(mended, stop_words))

    def is_strange(self, query: Query, view: View) -> bool:
        """Whether fewer than two of three words stand in what the reader may see, and none is to
        be taken literally: the answer may stand in the other language.
        """
        known = sum(self._known(word.term, view) is not None for word in query.words)
        return not query.phrases and 3 * known < 2 * len(query.words)

    def seek(
        self,
        query: Query,
        view: View,
        *,
        as_you_type: bool,
        chinese: bool,
        elsewhere: Sequence[Group],
    ) -> Sought:
        """`chinese`: the reader may be typing pinyin even where a word begins so. `elsewhere`:
        for words of the question, what may stand for each in texts of the other language.
        """
        beginning = self._beginning(query.unfinished, view, always=as_you_type)
        unknown = self._unknown(query, view, beginning)
        typed = [*unknown, query.unfinished] if chinese and query.unfinished else unknown
        spelt = self._spelt(query, typed, view)
        unknown = [token for token in unknown if not spelt.keys() & {token.word, None}]
        replaced = self._replacements(unknown, view)
        others = self._synonyms.others(query.order)
        wanted = {word.term: query.weights[word.term] for word in query.words}
        wanted |= {stem(word): 1.0 for word in replaced.values()}
        alike = {other[0]: SYNONYM for other in others if len(other) == 1}
        words = self._known_of({**alike, **wanted}, view)
        characters = {one: self._known_of(one, view) for one in query.characters.values()}
        supporting = self._known_of(query.weights.keys() - wanted.keys() - alike.keys(), view)
        names, weights = self._tables.names["terms"], {**query.weights, **alike, **wanted}
        return Sought(
            words=words,
            supporting=supporting,
            weights=tuple(weights[names[number]] for number in (*words, *supporting)),
            asides=self._known_of(query.asides, view),
            characters=tuple(n for one, n in characters.items() if len(n) == len(one)),
            beginning=beginning,
            spelt=tuple(found for _, found in spelt.values()),
            letters=tuple(letters for letters, _ in spelt.values()),
            phrases=tuple(other for other in others if len(other) > 1),
            elsewhere=tuple(self._seen_elsewhere(elsewhere, {*others}, {*query.weights}, view)),
            did_you_mean=_reworded(query, unknown, replaced),
        )

    def _known(self, term: str, view: View) -> int | None:
        """A word that only hidden documents hold is unknown to this reader."""
        number = self._terms.find(term)
        return number if number is not None and self._rows.term(view, number).holding else None

    def _known_of(self, terms: Iterable[str], view: View) -> tuple[int, ...]:
        numbers = (self._known(term, view) for term in terms)
        return tuple(sorted({number for number in numbers if number is not None}))

    def _seen_elsewhere(
        self, groups: Sequence[Group], others: set[Terms], asked: set[str], view: View
    ) -> Iterator[Alternatives]:
        """What the reader may see of it and the question does not look for anyhow."""
        for group in groups:
            new = {terms: weight for terms, weight in group.items() if terms not in others}
            words = tuple(
                (number, weight)
                for terms, weight in new.items()
                if len(terms) == 1 and terms[0] not in asked
                if (number := self._known(terms[0], view)) is not None
            )
            phrases = tuple((terms, weight) for terms, weight in new.items() if len(terms) > 1)
            if words or phrases:
                yield Alternatives(words, phrases)

    def _unknown(self, query: Query, view: View, beginning: Range | None) -> list[Token]:
        """Words that may be misspelt; one that begins a known word is not, nor is a word of the
        trade, even if all that hold it are hidden from this reader.
        """
        begun = query.unfinished.term if query.unfinished and beginning else None
        words = (w for w in query.words if w.kind is Kind.PART and w.term != begun)
        strange = (word for word in words if not self._synonyms.knows(word.term))
        return [word for word in strange if self._known(word.term, view) is None]

    def _beginning(self, word: Token | None, view: View, *, always: bool) -> Range | None:
        if word is None or (not always and self._known(word.term, view) is not None):
            return None
        first, last = prefix_range(self._tables.names["words"], word.word)
        return (first, last) if self._rows.beginning(view, first, last).holding else None

    def _spelt(
        self, query: Query, typed: list[Token], view: View
    ) -> dict[str | None, tuple[str, Range]]:
        """Letters that begin a visible title by their word, or by None for all words at once:
        people type chong zhi mi ma with and without spaces.
        """
        if not typed:
            return {}
        words: dict[str | None, str] = {token.word: token.word for token in typed}
        if len(query.order) > 1:
            words[None] = "".join(query.text.lower().split())
        ranges = {word: self._spelling_range(letters, view) for word, letters in words.items()}
        return {word: (words[word], found) for word, found in ranges.items() if found}

    def _spelling_range(self, letters: str, view: View) -> Range | None:
        whole = letters.isascii() and letters.isalpha()
        if not whole or not _SPELT_FROM <= len(letters) <= _SPELT_TO:
            return None
        first, last = prefix_range(self._tables.names["pinyin"], letters)
        return (first, last) if self._rows.spelt(view, first, last).holding else None

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
            part = int(starts[first]), int(starts[last])
            documents = self._tables.stretch(f"{name}.words.values", *part)
            total += int(view.mask[documents].sum())
        return total


def _reworded(query: Query, unknown: list[Token], replaced: dict[str, str]) -> str | None:
    text = query.text
    if not replaced:
        return text if query.mended else None
    for token in sorted(unknown, key=lambda one: -one.start):
        if token.word in replaced:
            end = token.start + token.length
            text = text[: token.start] + replaced[token.word] + text[end:]
    return text
