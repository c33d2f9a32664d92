"""One process of a machine learns at a time, where several see that nobody does."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_learner(folder: Path) -> Iterator[bool]:
    """Whether this is the one; it is until the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "LEARNING").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
