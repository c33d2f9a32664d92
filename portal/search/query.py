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

    `unfinished` is the last word where the text ends within it, so that it may be a beginning.
    """

    text: str
    words: tuple[Token, ...]
    characters: dict[str, tuple[str, ...]]
    phrases: tuple[tuple[str, ...], ...]
    trigrams: frozenset[str]
    unfinished: Token | None


def parse(text: str) -> Query:
    shown = normalise(text[:LONGEST])
    found = list(tokens(shown))
    words = _asked(found)
    return Query(
        text=shown,
        words=tuple(words),
        characters={
            word.term: tuple(dict.fromkeys(word.word))
            for word in words
            if word.kind is Kind.HAN_WORD
        },
        phrases=_phrases(shown),
        trigrams=trigrams(found),
        unfinished=_unfinished(shown, found),
    )


def _asked(found: list[Token]) -> list[Token]:
    """Words without the characters that they are made of, and without stop words unless all are."""
    ends = {t.start + at for t in found if t.kind is Kind.HAN_WORD for at in range(t.length)}
    words = [t for t in found if not (t.kind is Kind.HAN and t.start in ends)]
    telling = [t for t in words if t.word not in STOPWORDS] or words
    return list({t.term: t for t in telling}.values())[:MOST_WORDS]


def _phrases(shown: str) -> tuple[tuple[str, ...], ...]:
    quoted = ("".join(filter(None, match.groups())) for match in _QUOTED.finditer(shown))
    terms: Iterable[tuple[str, ...]] = (tuple(phrase_terms(tokens(one))) for one in quoted)
    return tuple(dict.fromkeys(filter(None, terms)))[:MOST_PHRASES]


def _unfinished(shown: str, found: list[Token]) -> Token | None:
    if not found or found[-1].kind is not Kind.PART or len(found[-1].word) < _PREFIX_FROM:
        return None
    last = found[-1]
    return last if last.start + last.length == len(shown) else None
