"""From what a reader typed to what the engine looks for: own tokens, nothing interpreted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.search.analysis import Kind, Token, phrase_terms, tokens, trigrams
from portal.search.folding import normalise
from portal.search.stopwords import BUILT_IN, STOPWORDS, StopWords

LONGEST, MOST_WORDS, MOST_TERMS, MOST_PHRASES = 512, 48, 128, 8
"""A question is cut to so many characters, distinct words, terms in all, and phrases."""

WEIGHTS = {
    Kind.PART: 1.0,
    Kind.WHOLE: 0.7,
    Kind.HAN_WORD: 0.5,
    Kind.HAN_PAIR: 0.25,
    Kind.HAN: 0.65,
}
"""What a term counts by its kind. A Chinese text is told three times, by words, by pairs and by
characters, so each weighs less; a word of two characters is a pair too. Measured on two labelled
sets, and flat around these values.
"""
_ASIDE = 0.75
"""Factor for a Chinese stop word: a question of six characters is short of evidence."""

_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|「([^」]+)」|『([^』]+)』|«([^»]+)»')
_PREFIX_FROM = 2
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Query:
    """`words` are distinct and in order, `characters` the single ones of each Chinese word; both
    find documents. `weights` hold by term what it counts: the words and, which only help to rank,
    Chinese pairs, characters and stop words. `asides` are English stop words, which help to tell
    titles apart. `order` has the terms that phrases are made of, as they stand in the question.
    `unfinished` is the last word where the text ends within it, so that it may be a beginning.
    `mended`: a slip is put right in `text`.
    """

    text: str
    words: tuple[Token, ...]
    characters: dict[str, tuple[str, ...]]
    weights: dict[str, float]
    asides: tuple[str, ...]
    order: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    trigrams: frozenset[str]
    unfinished: Token | None
    mended: bool = False


def parse(text: str, stop_words: StopWords = BUILT_IN) -> Query:
    shown = normalise(text[:LONGEST])
    found = list(tokens(shown))
    words = _telling(_without_own_characters(found), stop_words.every)
    return Query(
        text=shown,
        words=tuple(words),
        characters={
            word.term: tuple(dict.fromkeys(word.word))
            for word in words
            if word.kind is Kind.HAN_WORD
        },
        weights=_weights(words, found, stop_words.every),
        asides=_asides(words, found),
        order=tuple(phrase_terms(found)),
        phrases=_phrases(shown),
        trigrams=trigrams(token for token in found if token.word not in stop_words.own),
        unfinished=_unfinished(shown, found),
    )


def meant_as(asked: Query, meant: Query) -> Query:
    """What is meant, with the words that were typed counting as well: it may have been no slip."""
    typed = [word for word in asked.words if word.term not in meant.weights]
    return replace(
        meant,
        words=(*meant.words, *typed),
        characters=asked.characters | meant.characters,
        weights=asked.weights | meant.weights,
        mended=True,
    )


def weight(token: Token) -> float:
    pair = token.kind is Kind.HAN_WORD and token.length == _PAIR
    return WEIGHTS[token.kind] + (WEIGHTS[Kind.HAN_PAIR] if pair else 0.0)


def _without_own_characters(found: list[Token]) -> list[Token]:
    within = {t.start + at for t in found if t.kind is Kind.HAN_WORD for at in range(t.length)}
    asked = [t for t in found if t.kind is not Kind.HAN_PAIR]
    return [t for t in asked if not (t.kind is Kind.HAN and t.start in within)]


def _telling(asked: list[Token], stopped: frozenset[str]) -> list[Token]:
    """Without stop words, unless all are."""
    telling = [token for token in asked if token.word not in stopped] or asked
    return list({token.term: token for token in telling}.values())[:MOST_WORDS]


def _weights(words: list[Token], found: list[Token], stopped: frozenset[str]) -> dict[str, float]:
    weights = {token.term: weight(token) for token in words}
    for token in found:
        if token.kind >= Kind.HAN_WORD and len(weights) < MOST_TERMS:
            factor = _ASIDE if token.word in stopped else 1.0
            weights.setdefault(token.term, factor * weight(token))
    return weights


def _asides(words: list[Token], found: list[Token]) -> tuple[str, ...]:
    telling = {token.term for token in words}
    terms = (t.term for t in found if t.kind is Kind.PART and t.word in STOPWORDS)
    return tuple(term for term in dict.fromkeys(terms) if term not in telling)[:MOST_WORDS]


def _phrases(shown: str) -> tuple[tuple[str, ...], ...]:
    quoted = ("".join(filter(None, match.groups())) for match in _QUOTED.finditer(shown))
    terms: Iterable[tuple[str, ...]] = (tuple(phrase_terms(tokens(one))) for one in quoted)
    return tuple(dict.fromkeys(filter(None, terms)))[:MOST_PHRASES]


def _unfinished(shown: str, found: list[Token]) -> Token | None:
    if not found or found[-1].kind is not Kind.PART or len(found[-1].word) < _PREFIX_FROM:
        return None
    last = found[-1]
    return last if last.start + last.length == len(shown) else None
