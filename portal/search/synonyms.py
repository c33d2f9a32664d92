"""Words that stand for one another: the admin's groups, and terms of the trade in two languages.

A term of the trade stands only for those of the other language: within one, measured on labelled
questions, such likeness did more harm than good.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from portal.search.analysis import phrase_terms, tokens
from portal.search.everyday import EVERYDAY
from portal.search.folding import normalise
from portal.search.glossary import GLOSSARY

_MOST = 16
"""Alternatives looked for in one question."""

Terms = tuple[str, ...]


class Synonyms:
    """Phrases of a question that others may stand for, found by their first terms."""

    def __init__(
        self, groups: Iterable[Sequence[str]], bilingual: Iterable[Sequence[str]] = GLOSSARY
    ) -> None:
        self._groups: list[list[Terms]] = []
        self._terms: set[str] = set()
        self._beginning: dict[str, list[tuple[Terms, int]]] = {}
        for group in groups:
            self._add(group, group)
        for group in bilingual:
            english = [phrase for phrase in group if phrase.isascii()]
            chinese = [phrase for phrase in group if not phrase.isascii()]
            self._add(english, chinese)
            self._add(chinese, english)

    def _add(self, said: Iterable[str], meant: Iterable[str]) -> None:
        for phrase in dict.fromkeys(filter(None, map(_cut, said))):
            self._beginning.setdefault(phrase[0], []).append((phrase, len(self._groups)))
            self._terms.update(phrase)
        self._groups.append(list(dict.fromkeys(filter(None, map(_cut, meant)))))

    def knows(self, term: str) -> bool:
        """Whether it is a word of the trade or one that was taught, and so nobody's slip."""
        return term in self._terms

    def others(self, order: Sequence[str]) -> list[Terms]:
        """What the question could have said instead; its own words are not among it."""
        own = list(self._said(order))
        groups = dict.fromkeys(number for _, number in own)
        said = {phrase for phrase, _ in own}
        others = (one for number in groups for one in self._groups[number] if one not in said)
        return list(dict.fromkeys(others))[:_MOST]

    def instead(self, order: Sequence[str]) -> list[tuple[Terms, list[Terms]]]:
        """Each phrase of the question that is known, and what it could have been said by."""
        return [(phrase, self._groups[number]) for phrase, number in self._said(order)]

    def _said(self, order: Sequence[str]) -> Iterator[tuple[Terms, int]]:
        """The longest phrases at each place, each with its group."""
        at = 0
        while at < len(order):
            known = self._beginning.get(order[at], ())
            here = [one for one in known if tuple(order[at : at + len(one[0])]) == one[0]]
            longest = max((len(phrase) for phrase, _ in here), default=0)
            yield from (one for one in here if len(one[0]) == longest)
            at += max(1, longest)


@lru_cache(maxsize=1024)
def _cut(phrase: str) -> Terms:
    return tuple(phrase_terms(tokens(normalise(phrase))))


@cache
def everyday() -> Synonyms:
    """Words of the office that have none of the trade's own meanings."""
    return Synonyms((), EVERYDAY)


@lru_cache(maxsize=4)
def synonyms_of(groups: tuple[tuple[str, ...], ...]) -> Synonyms:
    return Synonyms(groups)
