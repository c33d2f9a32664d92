"""Names found by their words: of accounts, features, pages. They are few words long, so that each
word of the question must stand in them; a question put as a sentence finds none.
"""

from collections.abc import Sequence

MOST_WORDS = 8
LEAST_LETTERS = 2
Segments = tuple[tuple[str, bool], ...]


def asked_words(folded: str) -> tuple[str, ...]:
    """The distinct words of a folded question; () where it holds too little, or too much to be
    part of a name.
    """
    words = tuple(dict.fromkeys(folded.split()))
    enough = any(not word.isascii() or len(word) >= LEAST_LETTERS for word in words)
    return words if enough and len(words) <= MOST_WORDS else ()


def holds_all(words: Sequence[str], folded: str) -> bool:
    return bool(words) and all(word in folded for word in words)


def leads(words: Sequence[str], folded: str) -> bool:
    """The question is how the name begins, or all of its words begin words of the name."""
    if folded.startswith(" ".join(words)):
        return True
    return all(f" {word}" in f" {folded}" for word in words) and any(map(str.isascii, words))


def marked(name: str, folded: str, words: Sequence[str]) -> Segments:
    """The name in reading order, what was asked for marked. `folded` has the length of `name`."""
    hit = [False] * len(name)
    for word in words:
        at = folded.find(word)
        while at >= 0:
            hit[at : at + len(word)] = [True] * len(word)
            at = folded.find(word, at + len(word))
    segments: list[tuple[str, bool]] = []
    for character, is_hit in zip(name, hit, strict=True):
        if segments and segments[-1][1] == is_hit:
            segments[-1] = (segments[-1][0] + character, is_hit)
        else:
            segments.append((character, is_hit))
    return tuple(segments)
