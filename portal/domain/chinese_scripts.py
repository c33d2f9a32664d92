"""Chinese written in the other script, by OpenCC's dictionaries.

The library reads them anew for each converter, ten megabytes each for the phrases. Here all
converters of a process share them, and each is kept as text: a hundredth of that.
"""

from functools import cache
from pathlib import Path

from opencc import OpenCC


def rewritten(text: str, conversion: str) -> str:
    """`conversion` as OpenCC names it: s2t, t2s, s2twp."""
    return str(_converter(conversion).convert(text))


class Words:
    """What each word is written as: lines "word, tab, other", by the word's first character."""

    def __init__(self, lines: list[str]) -> None:
        lists: dict[str, list[str]] = {}
        for line in lines:
            lists.setdefault(line[0], []).append(line)
        self._lines = {first: "\n".join(["", *some, ""]) for first, some in lists.items()}

    def __contains__(self, word: str) -> bool:
        return f"\n{word}\t" in self._lines.get(word[:1], "")

    def __getitem__(self, word: str) -> str:
        """Raises KeyError."""
        _, found, after = self._lines.get(word[:1], "").partition(f"\n{word}\t")
        if not found:
            raise KeyError(word)
        return after.partition("\n")[0]


Dictionary = tuple[int, int, Words]
"""(characters of its longest word, of its shortest, the words), as the library wants it."""


class _Shared(dict[str, Dictionary]):
    """By path; the library reads only those that it does not find here."""

    def __contains__(self, path: object) -> bool:
        return True

    def __missing__(self, path: str) -> Dictionary:
        lines = Path(path).read_text("utf-8").strip().split("\n")
        lengths = [line.index("\t") for line in lines]
        self[path] = max(lengths), min(lengths), Words(lines)
        return self[path]


_SHARED = _Shared()


@cache
def _converter(conversion: str) -> OpenCC:
    made = OpenCC()
    made.dict_cache = _SHARED
    made.set_conversion(conversion)
    # The library finds its dictionaries by the first text: another thread must not do so too.
    made.convert("")
    return made
