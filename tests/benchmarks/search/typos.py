"""One slip a question, the same in every run: two letters swapped, one left out, doubled or wrong.

A slip falls on a word of four letters or more; in a Chinese question, which has no letters, two
neighbouring characters change places.
"""

import random
import re

from tests.benchmarks.search.corpus import Question

_WORD = re.compile(r"[A-Za-z]{4,}")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok",
    "o": "ipl", "p": "ol", "a": "sqz", "s": "adw", "d": "sfe", "f": "dgr", "g": "fht", "h": "gjy",
    "j": "hku", "k": "jli", "l": "kop", "z": "xa", "x": "zcs", "c": "xvd", "v": "cbf", "b": "vng",
    "n": "bmh", "m": "nj",
}  # fmt: skip


def misspelt(questions: list[Question], seed: int = 2026) -> list[Question]:
    return [
        Question(_slipped(random.Random(f"{seed} {number}"), one.text), one.relevant)
        for number, one in enumerate(questions)
    ]


def _slipped(dice: random.Random, text: str) -> str:
    words = list(_WORD.finditer(text))
    if words:
        word = dice.choice(words)
        return text[: word.start()] + _misspelt(dice, word.group()) + text[word.end() :]
    runs = list(_HAN.finditer(text))
    if not runs:
        return text
    run = dice.choice(runs)
    at = dice.randrange(run.start(), run.end() - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _misspelt(dice: random.Random, word: str) -> str:
    """The first letter stays, as in most slips that people make."""
    at = dice.randrange(1, len(word))
    kind = dice.choice(("swap", "omit", "double", "wrong"))
    if kind == "swap":
        at = min(at, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "omit":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    wrong = dice.choice(_NEIGHBOURS[word[at].lower()])
    return word[:at] + wrong + word[at + 1 :]
