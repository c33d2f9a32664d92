"""Accepted requests in append-only files: the inbox of a portal on SQLite.

A folder of parts. Each process that accepts requests writes a part of its own and holds its lock
meanwhile; a part is full after so many bytes or a day. A frame holds what one commit took: a head,
then rows. Readers go from frame to frame and stop where none is whole, which is where a process
died in the midst of writing. Who reads notes elsewhere how far it came (portal/usage/inbox.py).

Names of parts begin with the time of their making, and never come again.
"""

import errno
import fcntl
import os
import secrets
import struct
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from portal.domain.quotas import Quota

PART_BYTES = 64_000_000
PART_SECONDS = 86_400
FILLED_BYTES = 1 << 20
ENDING = ".part"
# What was left of a part that did not end with a whole frame.
TORN = ".torn"
MAGIC = b"PLJ1"
# Magic, check sum of all that follows, bytes of the rows, messages, microseconds of the first row.
HEAD = struct.Struct("<4sIIIq")
CHECKED = struct.Struct("<IIq")
# Microseconds, account and key (0: none), messages, length of the kind, length of the body.
ROW = struct.Struct("<qqqIBI")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A request as it goes into the inbox; the columns of UsageInbox. Its key's `quota` is drawn
    before; None: there is none.
    """

    received_at: datetime
    bound_id: int | None
    key_id: int | None
    messages: int
    kind: str
    body: bytes
    quota: Quota | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Where it begins and the next one does; how many messages it holds; when its first row came,
    in microseconds since 1970.
    """

    begin: int
    end: int
    messages: int
    at: int


# --- writing ----------------------------------------------------------------------------------


class Writer:
    """The part of this process. Not for two threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._part = -1
        self._size = 0
        self._filled = 0
        self._until = 0.0

    def append(self, rows: Sequence[NewRow]) -> None:
        """Durable when it returns. Raises OSError; then a new part is begun with the next."""
        if self._part < 0 or self._size > PART_BYTES or time.monotonic() > self._until:
            self._begin()
        try:
            self._write(pack(rows))
        except OSError:
            with suppress(OSError):
                self.close()
            raise

    def close(self) -> None:
        """Lets go of the part: who has read all of it may delete it."""
        part, self._part = self._part, -1
        if part >= 0:
            os.ftruncate(part, self._size)
            os.close(part)

    def _write(self, frame: bytes) -> None:
        """Over zeros: a file that does not grow is written with half the work."""
        while self._filled < self._size + len(frame):
            self._filled += _write_whole(self._part, bytes(FILLED_BYTES), self._filled)
        self._size += _write_whole(self._part, frame, self._size)

    def _begin(self) -> None:
        self.close()
        self._folder.mkdir(exist_ok=True)
        while self._part < 0:
            self._part = _new_part(self._folder)
        self._size = self._filled = 0
        self._until = time.monotonic() + PART_SECONDS


def _new_part(folder: Path) -> int:
    """Its descriptor; -1 where a reader took the new file for one that was left over."""
    name = f"{time.time_ns():020}-{secrets.token_hex(4)}{ENDING}"
    # Each write is durable when it returns.
    part = os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_DSYNC, 0o600)
    fcntl.flock(part, fcntl.LOCK_EX)
    if not os.fstat(part).st_nlink:
        os.close(part)
        return -1
    # The name too must outlast a loss of power.
    above = os.open(folder, os.O_RDONLY)
    os.fsync(above)
    os.close(above)
    return part


def _write_whole(part: int, piece: bytes, place: int) -> int:
    written = os.pwrite(part, piece, place)
    if written < len(piece):
        raise OSError(errno.ENOSPC, f"only {written} of {len(piece)} bytes were written")
    return written


def pack(rows: Sequence[NewRow]) -> bytes:
    pieces = []
    for row in rows:
        kind = row.kind.encode()
        pieces += [
            ROW.pack(
                (row.received_at - EPOCH) // MICROSECOND,
                row.bound_id or 0,
                row.key_id or 0,
                row.messages,
                len(kind),
                len(row.body),
            ),
            kind,
            row.body,
        ]
    text = b"".join(pieces)
    messages = sum(row.messages for row in rows)
    checked = CHECKED.pack(len(text), messages, (rows[0].received_at - EPOCH) // MICROSECOND)
    check = zlib.crc32(text, zlib.crc32(checked))
    return b"".join((MAGIC, check.to_bytes(4, "little"), checked, text))


# --- reading ----------------------------------------------------------------------------------


def parts(folder: Path) -> list[str]:
    """Their names, the oldest first."""
    return sorted(part.name for part in folder.glob(f"*{ENDING}"))


def made_at(name: str) -> datetime:
    return EPOCH + timedelta(microseconds=int(name.partition("-")[0]) // 1000)


def frames(folder: Path, name: str, begin: int) -> Iterator[Frame]:
    """By their heads alone, which says nothing about what follows."""
    with suppress(FileNotFoundError), (folder / name).open("rb") as part:
        size = os.fstat(part.fileno()).st_size
        while begin < size:
            frame = _head(part, begin)
            if frame is None or frame.end > size:
                return
            yield frame
            begin = frame.end


def read(folder: Path, name: str, begin: int) -> Iterator[tuple[Frame, list[NewRow]]]:
    """Frames that are whole, with their rows."""
    with suppress(FileNotFoundError), (folder / name).open("rb") as part:
        while True:
            frame = _head(part, begin)
            if frame is None:
                return
            part.seek(begin)
            text = part.read(frame.end - begin)
            if len(text) < frame.end - begin or not _is_whole(text):
                return
            yield frame, _rows(text)
            begin = frame.end


def _head(part: BinaryIO, begin: int) -> Frame | None:
    head = os.pread(part.fileno(), HEAD.size, begin)
    if len(head) < HEAD.size:
        return None
    magic, _, length, messages, at = HEAD.unpack(head)
    if magic != MAGIC:
        return None
    return Frame(begin, begin + HEAD.size + length, messages, at)


def _is_whole(text: bytes) -> bool:
    return int.from_bytes(text[4:8], "little") == zlib.crc32(memoryview(text)[8:])


def _rows(text: bytes) -> list[NewRow]:
    place, found = HEAD.size, []
    while place < len(text):
        at, bound, key, messages, kind_length, length = ROW.unpack_from(text, place)
        body = place + ROW.size + kind_length
        kind = text[body - kind_length : body].decode()
        place = body + length
        found.append(
            NewRow(
                EPOCH + at * MICROSECOND,
                bound or None,
                key or None,
                messages,
                kind,
                text[body:place],
            )
        )
    return found


def torn_parts(folder: Path | None) -> list[str]:
    """Names of what `remove_read` kept aside; none where there is no journal."""
    if folder is None or not folder.is_dir():
        return []
    return sorted(file.name for file in folder.iterdir() if file.suffix == TORN)


def remove_read(folder: Path, name: str, read_to: int) -> None:
    """Deletes a part that nobody writes any more and that was read to its end. What lies behind
    its last whole frame (but zeros, which were written ahead) nobody was told to be safe; it is
    kept by another name all the same.
    """
    with suppress(FileNotFoundError), (folder / name).open("rb") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if next(read(folder, name, read_to), None) is not None:
            return
        part.seek(read_to)
        if part.read().strip(b"\0"):
            (folder / name).rename((folder / name).with_suffix(TORN))
        else:
            (folder / name).unlink()
