"""Vectors of passages on this machine's disk, by the digest of their text.

A pure function of texts and model: the file outlives generations of the index, and if it is lost
only work is lost. Records are only ever put at its end, whole and each with a checksum, so that
readers need no lock; a torn or damaged one counts as missing.
"""

import fcntl
import os
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from portal.search.meaning_model import DIMENSIONS, MODEL, Vector
from portal.search.tables import Array

_RECORD = np.dtype(
    [("check", "<u4"), ("scale", "<f4"), ("digest", "<u8"), ("values", "i1", (DIMENSIONS,))]
)
_NONE = np.zeros(0, _RECORD)
_CHECKED_FROM = 4
_AT_ONCE = 256
"""So many vectors of four bytes a number stay near the processor."""
_FINEST = 127

Print = tuple[int, int]
"""(inode, size): differs whenever records were added or others forgotten."""


class Vectors:
    """What was readable at one moment."""

    def __init__(self, records: Array) -> None:
        # A memmap would be asked again for each slice of it.
        self._records = records.view(np.ndarray)
        whole = np.flatnonzero([_is_whole(one) for one in records])
        order = np.argsort(records["digest"][whole], kind="stable")
        self._numbers = whole[order]
        self._digests = np.array(records["digest"][self._numbers])

    def rows(self, digests: Array) -> Array:
        """The number of each digest's record, -1 where there is none."""
        if not len(self._digests):
            return np.full(len(digests), -1, np.int64)
        at = np.minimum(np.searchsorted(self._digests, digests), len(self._digests) - 1)
        rows: Array = np.where(self._digests[at] == digests, self._numbers[at], -1)
        return rows

    def nearness(self, vector: Vector) -> Array:
        """The cosine of each record with the vector."""
        values = self._records["values"]
        found = np.empty(len(values), np.float32)
        some = np.empty((_AT_ONCE, DIMENSIONS), np.float32)
        for start in range(0, len(found), _AT_ONCE):
            part = values[start : start + _AT_ONCE]
            some[: len(part)] = part
            np.matmul(some[: len(part)], vector, out=found[start : start + len(part)])
        found *= self._records["scale"]
        return found

    def only(self, digests: Array) -> bytes | None:
        """The records of these alone; None where most of all are."""
        rows = self.rows(np.unique(digests))
        kept = rows[rows >= 0]
        return None if len(kept) * 2 >= len(self._records) else self._records[kept].tobytes()


class MeaningStore:
    def __init__(self, folder: Path) -> None:
        self._path = folder / f"meaning-{MODEL}.bin"
        self._open: tuple[Print, Vectors] = ((0, 0), Vectors(np.zeros(0, _RECORD)))

    def vectors(self) -> Vectors:
        """The newest; the same object as long as nothing was written."""
        opened, vectors = self._open
        found = self._print()
        if found != opened:
            count = found[1] // _RECORD.itemsize
            records = np.memmap(self._path, _RECORD, "r", shape=(count,)) if count else _NONE
            vectors = Vectors(records)
            self._open = found, vectors
        return vectors

    def add(self, digests: Sequence[int], vectors: Iterable[Vector]) -> None:
        written = b"".join(map(_record, digests, vectors))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            torn = os.fstat(file.fileno()).st_size % _RECORD.itemsize
            file.write(bytes((_RECORD.itemsize - torn) % _RECORD.itemsize) + written)

    def keep_only(self, digests: Array) -> None:
        """Forgets the others where they are most of the file; who reads goes on with the old one,
        and what is added to that meanwhile counts as missing.
        """
        kept = self.vectors().only(digests)
        if kept is not None:
            new = self._path.with_suffix(".new")
            new.write_bytes(kept)
            new.replace(self._path)

    def _print(self) -> Print:
        try:
            facts = os.stat(self._path)  # noqa: PTH116 - asked before each search
        except OSError:
            return 0, 0
        return facts.st_ino, facts.st_size


def _record(digest: int, vector: Vector) -> bytes:
    scale = max(float(np.abs(vector).max()), 1e-9) / _FINEST
    record = np.zeros(1, _RECORD)
    record["digest"], record["scale"] = digest, scale
    record["values"] = np.round(vector / scale)
    record["check"] = zlib.crc32(record.tobytes()[_CHECKED_FROM:])
    return record.tobytes()


def _is_whole(record: Array) -> bool:
    content = record.tobytes()
    return int.from_bytes(content[:_CHECKED_FROM], "little") == zlib.crc32(content[_CHECKED_FROM:])
