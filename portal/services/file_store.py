"""Files beside the database: named by their content, written whole or not at all.

A local folder, or whatever fsspec opens (PACELINE_FILES_URL), such as a bucket for several
machines. A key holds no slash.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

import fsspec

UNFINISHED = ".unfinished-"
REQUESTS = "requests"
"""The folder of what is attached to requests, inside that of the pictures."""


class FileStore:
    """`address` is the path of a local folder, or an address that fsspec knows."""

    def __init__(self, address: str) -> None:
        self._address = address

    def below(self, folder: str) -> "FileStore":
        """The files of a folder in it."""
        return FileStore(f"{self._address.rstrip('/')}/{folder}")

    def put(self, key: str, content: bytes) -> None:
        """Written beside its place, through to the disk, and moved there: a reader sees all of it
        or nothing. The same key again is the same content again.
        """
        place = self._place(key)
        if not self._local:
            self._system.pipe_file(place, content)
            return
        self._system.makedirs(self._root, exist_ok=True)
        unfinished = self._place(f"{UNFINISHED}{token_hex(8)}")
        try:
            with self._system.open(unfinished, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).replace(place)
        except BaseException:
            with suppress(OSError):
                Path(unfinished).unlink()
            raise
        _sync_folder(self._root)

    def read(self, key: str) -> bytes | None:
        """None for what is not there."""
        try:
            content: bytes = self._system.cat_file(self._place(key))
        except FileNotFoundError:
            return None
        return content

    def open(self, key: str) -> tuple[IO[bytes], int] | None:
        """The file and its size, for who reads parts of it and closes it; None for what is not
        there.
        """
        try:
            size = int(self._system.info(self._place(key))["size"])
            return self._system.open(self._place(key), "rb"), size
        except FileNotFoundError:
            return None

    def remove(self, key: str) -> None:
        """Whether it is there or not."""
        with suppress(FileNotFoundError):
            self._system.rm_file(self._place(key))

    def names(self) -> Iterator[str]:
        """All that lies there, what was never finished too; not what lies in folders below."""
        with suppress(FileNotFoundError):
            for found in self._system.ls(self._root, detail=True):
                if found["type"] == "file":
                    yield str(found["name"]).rpartition("/")[2]

    def stored_at(self, key: str) -> datetime:
        moment: datetime = self._system.modified(self._place(key))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _place(self, key: str) -> str:
        return f"{self._root}/{key}"

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        system, root = fsspec.core.url_to_fs(self._address)
        return system, str(root).rstrip("/")

    @property
    def _system(self) -> Any:
        return self._opened[0]

    @property
    def _root(self) -> str:
        return self._opened[1]

    @property
    def _local(self) -> bool:
        return "file" in self._system.protocol


def _sync_folder(folder: str) -> None:
    """That the file has its name is noted in the folder, which is written through too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
