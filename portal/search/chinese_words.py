"""The words of a run of Chinese."""

from collections.abc import Callable
from functools import cache
from importlib import import_module


def words_of(run: str) -> list[str]:
    """In reading order, nothing left out."""
    return _cutter()(run)


@cache
def _cutter() -> Callable[[str], list[str]]:
    """The list of words takes 33 MB: a process that meets no Chinese does without."""
    found: Callable[[str], list[str]] = import_module("rjieba").cut
    return found
