"""How Chinese titles are typed on a Latin keyboard: whole syllables, or their first letters."""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from portal.search.chinese_words import words_of
from portal.search.folding import fold

_LONGEST, _READINGS, _WAYS = 10, 3, 8
"""Characters spelt from the beginning of a word on, ways to read one, and ways in all."""
_RUN = re.compile("[\u3400-\u9fff]+")


def spellings(text: str) -> set[str]:
    """Latin spellings of what normalised text says from each of its Chinese words on."""
    return {
        spelt
        for run in _RUN.findall(fold(text))
        for begin in _begins(run)
        for spelt in _spelt(run[begin : begin + _LONGEST])
    }


def places(text: str, letters: str) -> Iterator[tuple[int, int]]:
    """(start, end) of what the letters spell in normalised text, from one of its words on."""
    for run in _RUN.finditer(fold(text)):
        for begin in _begins(run.group()):
            count = _count_spelt(run.group()[begin : begin + _LONGEST], letters)
            if count:
                yield run.start() + begin, run.start() + begin + count


def _count_spelt(run: str, letters: str) -> int:
    """Characters from the beginning on that the letters spell, the last of them whole or not."""
    for way in _ways(run):
        for syllables in (way, [syllable[:1] for syllable in way]):
            joined = list(accumulate(syllables))
            count = 1 + sum(len(one) < len(letters) for one in joined)
            if count <= len(joined) and joined[count - 1].startswith(letters):
                return count
    return 0


def _begins(run: str) -> Iterator[int]:
    at = 0
    for word in words_of(run):
        yield at
        at += len(word)


def _spelt(run: str) -> Iterator[str]:
    for way in _ways(run):
        yield "".join(way)
        yield "".join(syllable[:1] for syllable in way)


def _ways(run: str) -> list[list[str]]:
    """The usual one, then those with one character read otherwise."""
    usual = [readings(character)[0] for character in run]
    others = [
        [*usual[:at], other, *usual[at + 1 :]]
        for at, character in enumerate(run)
        for other in readings(character)[1:]
    ]
    return [usual, *others][:_WAYS]


@lru_cache(maxsize=8192)
def readings(character: str) -> tuple[str, ...]:
    """Syllables without tones, the usual one first; an empty one where none is known."""
    found = _read(character)
    return tuple(dict.fromkeys(found[0]))[:_READINGS] if found else ("",)


def _read(character: str) -> list[list[str]]:
    """Its table takes 11 MB: a process that has no Chinese title to read goes without."""
    # Looked at by the import: a dictionary of phrases would take 45 MB more.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415 - see above

    found: list[list[str]] = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    return found
