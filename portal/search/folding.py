"""One spelling for what readers take as the same: case, accents, width, traditional and simplified.

Folding keeps the length, so that a place in the folded text is the same place in the text shown.
"""

import re
import unicodedata
from functools import cache

from portal.domain.chinese_scripts import rewritten

_HAN_BLOCKS = (range(0x3400, 0xA000), range(0xF900, 0xFB00))
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def normalise(text: str) -> str:
    """Composed, encodable, without control characters: the form that is kept and shown."""
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROLS.sub(" ", unicodedata.normalize("NFC", encodable))


def fold(text: str) -> str:
    """The search form of normalised text, character by character."""
    return text.lower() if text.isascii() else text.translate(_folding())


def traditional(text: str) -> str:
    """Folded text as it is written in traditional characters."""
    return text if text.isascii() else rewritten(text, "s2t")


class _Folding(dict[int, str]):
    def __init__(self, simplified: dict[str, str]) -> None:
        super().__init__()
        self._simplified = simplified

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = _plain(self._simplified.get(character, character))
        return self[code]


def _plain(character: str) -> str:
    lowered = character.lower()
    decomposed = unicodedata.normalize("NFKD", lowered)
    base = "".join(part for part in decomposed if not unicodedata.combining(part)).lower()
    if len(base) == 1:
        return base
    return lowered if len(lowered) == 1 else character


@cache
def _folding() -> _Folding:
    traditional = [chr(code) for block in _HAN_BLOCKS for code in block]
    # One character a line: no phrase of the converter's dictionary can reach across.
    simplified = rewritten("\n".join(traditional), "t2s").split("\n")
    return _Folding({a: b for a, b in zip(traditional, simplified, strict=True) if len(b) == 1})
