"""From what a reader typed to what the engine looks for: own tokens, nothing interpreted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portal.search.analysis import Kind, Token, phrase_terms, tokens, trigrams
from portal.search.folding import normalise
from portal.search.stopwords import STOPWORDS

LONGEST, MOST_WORDS, MOST_PHRASES = 512, 48, 8
"""A question is cut to so many characters, distinct words and phrases."""

_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|「([^」]+)」|『([^』]+)』|«([^»]+)»')
_PREFIX_FROM = 2


@dataclass(frozen=True, slots=True)
class Query:
    """`words` are distinct and in order, `characters` the single ones of each Chinese word.

    `asides` are the Chinese stop words, which help to rank (a question of six characters is short
    of evidence) but find nothing; English ones only did harm to the ranking when measured.
    `unfinished` is the last word where the text ends within it, so that it may be a beginning.
    """

    text: str
    words: tuple[Token, ...]
    characters: dict[str, tuple[str, ...]]
    asides: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    trigrams: frozenset[str]
    unfinished: Token | None


def parse(text: str) -> Query:
    shown = normalise(text[:LONGEST])
    found = list(tokens(shown))
    asked = _without_own_characters(found)
    words = _telling(asked)
    return Query(
        text=shown,
        words=tuple(words),
        characters={
            word.term: tuple(dict.fromkeys(word.word))
            for word in words
            if word.kind is Kind.HAN_WORD
        },
        asides=_asides(asked),
        phrases=_phrases(shown),
        trigrams=trigrams(found),
        unfinished=_unfinished(shown, found),
    )


def _without_own_characters(found: list[Token]) -> list[Token]:
    within = {t.start + at for t in found if t.kind is Kind.HAN_WORD for at in range(t.length)}
    return [t for t in found if not (t.kind is Kind.HAN and t.start in within)]


def _telling(asked: list[Token]) -> list[Token]:
    """Without stop words, unless all are."""
    telling = [token for token in asked if token.word not in STOPWORDS] or asked
    return list({token.term: token for token in telling}.values())[:MOST_WORDS]


def _asides(asked: list[Token]) -> tuple[str, ...]:
    words = (t.word for t in asked if t.kind >= Kind.HAN_WORD and t.word in STOPWORDS)
    return tuple(dict.fromkeys(term for word in words for term in (word, *word)))[:MOST_WORDS]


def _phrases(shown: str) -> tuple[tuple[str, ...], ...]:
    quoted = ("".join(filter(None, match.groups())) for match in _QUOTED.finditer(shown))
    terms: Iterable[tuple[str, ...]] = (tuple(phrase_terms(tokens(one))) for one in quoted)
    return tuple(dict.fromkeys(filter(None, terms)))[:MOST_PHRASES]


def _unfinished(shown: str, found: list[Token]) -> Token | None:
    if not found or found[-1].kind is not Kind.PART or len(found[-1].word) < _PREFIX_FROM:
        return None
    last = found[-1]
    return last if last.start + last.length == len(shown) else None
