"""What a process keeps of what it has read, the least recently used given up first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from portal.domain.turns import Turns

LARGEST = 20 * 1024 * 1024
Made = TypeVar("Made")


class Shelf:
    """Values by key, each with the bytes that it takes, about; together at most `limit`. Threads
    may share it; a value that changes after it was put here must bear that.

    `making` is for whoever makes a value that takes much memory meanwhile: one at a time, and who
    waited finds what the other made. Nothing else is done under it.
    """

    def __init__(self, limit: int = LARGEST) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()
        self._turns = Turns()
        self.making = Lock()

    def find(self, key: Hashable) -> Any:
        """None where it is not, or no longer, kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def once(self, key: Hashable, make: Callable[[], Made], size: int) -> Made:
        """What is kept, else what `make` makes: one thread for all that ask meanwhile."""
        found: Made | None = self.find(key)
        if found is not None:
            return found
        with self._turns.turn(key):
            found = self.find(key)
            if found is None:
                found = make()
                self.put(key, found, size)
            return found

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """In place of what stood there; nothing stays that alone is larger than all may be."""
        with self._lock:
            self._size -= self._kept.pop(key, (None, 0))[1]
            if size > self._limit:
                return
            self._kept[key] = value, size
            self._size += size
            while self._size > self._limit:
                _key, (_value, gone) = self._kept.popitem(last=False)
                self._size -= gone
