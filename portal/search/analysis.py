"""From text to tokens: the same cutter when indexing and when asking."""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang.porter2 import stem as porter2

from portal.search.chinese_words import words_of
from portal.search.folding import fold
from portal.search.stopwords import SAME_QUESTION, STOPWORDS

WORD_LENGTH = 64
"""Longer words are cut here, in documents and questions alike (characters)."""

_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W_{_HAN}]"
_PIECE = re.compile(
    rf"(?P<han>[{_HAN}]+)|(?P<latin>{_LETTER}+(?:['’._/@-]{_LETTER}+)*(?:\+\+|\#)?)",
)
_PART = re.compile(r"[^'’._/@-]+")
_JOINT = re.compile(r"(?<!\d)\.|\.(?!\d)|['’_/@-]")
_CONTRACTED = frozenset({"s", "t", "d", "m", "ll", "re", "ve"})
_STEMMED = re.compile(r"[a-z]{3,32}")


class Kind(IntEnum):
    """PART: a word in letters. WHOLE: one with joints, such as a product code, joints left out.
    HAN_WORD: a Chinese word, of two or more characters but for some that ask. HAN_PAIR: two
    neighbours that are no word of their own. HAN: a single character.
    """

    PART = 0
    WHOLE = 1
    HAN_WORD = 2
    HAN_PAIR = 3
    HAN = 4


class Token(NamedTuple):
    """`term` is what is indexed, `word` the folded word; `start` and `length` are in characters."""

    term: str
    word: str
    start: int
    length: int
    kind: Kind


def tokens(text: str) -> Iterator[Token]:
    """Tokens of normalised text in reading order; a part follows the whole that it belongs to."""
    for piece in _PIECE.finditer(fold(text)):
        cut = _han if piece.lastgroup == "han" else _latin
        yield from cut(piece.group(), piece.start())


def in_phrases(token: Token) -> bool:
    """Whether neighbours can be told in it: words in letters, and Chinese one by one."""
    return token.kind in (Kind.PART, Kind.HAN)


def phrase_terms(found: Iterable[Token]) -> list[str]:
    return [token.term for token in found if in_phrases(token)]


def trigrams(found: Iterable[Token]) -> frozenset[str]:
    """Groups of three characters of each word in letters, its edges marked by a space."""
    words = {token.word for token in found if token.kind is Kind.PART} - STOPWORDS
    return frozenset(gram for word in words for gram in _trigrams_of(word))


def cut_chinese(run: str) -> list[str]:
    """The words of a run of Chinese, traditional ones cut as their simplified twins are."""
    folded = fold(run)
    words = words_of(folded if len(folded) == len(run) else run)
    found, at = [], 0
    for word in words:
        found.append(run[at : at + len(word)])
        at += len(word)
    return found


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    return str(porter2(word)) if _STEMMED.fullmatch(word) else word


@lru_cache(maxsize=65_536)
def _trigrams_of(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(padded[at : at + 3] for at in range(len(padded) - 2))


def _han(run: str, start: int) -> Iterator[Token]:
    at = 0
    for word in words_of(run):
        shown = word[:WORD_LENGTH]
        if len(word) > 1 or word in SAME_QUESTION:
            yield Token(
                SAME_QUESTION.get(shown, shown), shown, start + at, len(shown), Kind.HAN_WORD
            )
        for place, character in enumerate(word, at):
            pair = run[place : place + 2]
            if len(pair) > 1 and pair != word:
                yield Token(pair, pair, start + place, 2, Kind.HAN_PAIR)
            yield Token(character, character, start + place, 1, Kind.HAN)
        at += len(word)


def _latin(piece: str, start: int) -> Iterator[Token]:
    parts = list(_PART.finditer(piece))
    if len(parts) > 1:
        whole = _JOINT.sub("", piece)
        if len(whole) <= WORD_LENGTH:
            owned = "'" in piece or "’" in piece
            yield Token(whole if owned else stem(whole), whole, start, len(piece), Kind.WHOLE)
    for part in parts:
        word = part.group()[:WORD_LENGTH]
        if word in _CONTRACTED and piece[part.start() - 1 : part.start()] in ("'", "’"):
            continue
        yield Token(stem(word), word, start + part.start(), len(word), Kind.PART)
