"""Who makes something that others want as well makes it once."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Lock


class Turns:
    """By key one thread at a time: who had to wait looks first whether the thing is there now."""

    def __init__(self) -> None:
        self._taken: dict[Hashable, Lock] = {}
        self._lock = Lock()

    @contextmanager
    def turn(self, key: Hashable) -> Iterator[None]:
        with self._lock:
            mine = self._taken.setdefault(key, Lock())
        try:
            with mine:
                yield
        finally:
            with self._lock:
                self._taken.pop(key, None)
