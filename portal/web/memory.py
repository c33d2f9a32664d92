"""What a process remembers of pages that it has made, so that the next reader need not wait."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from sys import getsizeof
from threading import Lock
from typing import Any, TypeVar

from portal.domain.turns import Turns

LARGEST = 8 * 1024 * 1024
Made = TypeVar("Made", str, bytes)


class Memory:
    """Texts by key, the least recently used forgotten first; together at most `limit` bytes.
    Who asks for a text that another thread is just making waits for it.
    """

    def __init__(self, limit: int = LARGEST) -> None:
        self._limit = limit
        self._size = 0
        self._texts: OrderedDict[Hashable, str | bytes] = OrderedDict()
        self._turns = Turns()
        self._lock = Lock()

    def remember(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The text made for the key before, else one made now. `key` must name all that it follows
        from.
        """
        found: Made | None = self._find(key)
        if found is not None:
            return found
        with self._turns.turn(key):
            found = self._find(key)
            return found if found is not None else self._keep(key, make())

    def _find(self, key: Hashable) -> Any:
        with self._lock:
            found = self._texts.get(key)
            if found is not None:
                self._texts.move_to_end(key)
            return found

    def _keep(self, key: Hashable, text: Made) -> Made:
        with self._lock:
            if key not in self._texts and _size(text) <= self._limit:
                self._texts[key] = text
                self._size += _size(text)
            while self._size > self._limit:
                _key, gone = self._texts.popitem(last=False)
                self._size -= _size(gone)
        return text


def _size(text: str | bytes) -> int:
    """A letter takes two bytes as soon as one of the text is beyond Latin."""
    return getsizeof(text) - getsizeof(type(text)())
