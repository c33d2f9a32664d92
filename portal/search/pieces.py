"""Pieces of a generation's files, read as they are wanted: of what is asked for here and there, all
over a large file, a mapping would soon hold the whole in the memory of every process.
"""

import mmap
import os
import weakref
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from portal.search.tables import Array

Place = tuple[np.dtype[np.generic], int]
"""(type of its values, first byte)"""


class Pieces:
    """The files stay open, and so readable when they are deleted, as long as this lives."""

    def __init__(
        self,
        arrays: Path,
        texts: Path,
        places: Mapping[str, Place],
        mapped: Collection[mmap.mmap] = (),
    ) -> None:
        self._arrays = os.open(arrays, os.O_RDONLY)
        weakref.finalize(self, os.close, self._arrays)
        self._texts = os.open(texts, os.O_RDONLY)
        weakref.finalize(self, os.close, self._texts)
        self._places, self._mapped = places, mapped

    def array(self, name: str, first: int, end: int) -> Array:
        kind, begin = self._places[name]
        size = kind.itemsize
        piece: Array = np.frombuffer(
            os.pread(self._arrays, (end - first) * size, begin + first * size), kind
        )
        return piece

    def text(self, first: int, end: int) -> bytes:
        return os.pread(self._texts, end - first, first)

    def forget(self) -> None:
        """What is mapped leaves this process's memory; a piece comes back when it is read again."""
        for one in self._mapped:
            one.madvise(mmap.MADV_DONTNEED)
