"""Generations on disk: a folder is written whole and only then pointed to.

CURRENT names a generation and the digest of its manifest; the manifest holds size and digest of
every file. A reader trusts a generation after reading every byte of it once, and notices later
changes by size and time. Each FORMAT has a folder of its own, so that two versions of the portal
can serve from one disk while an upgrade rolls on.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
import uuid
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.search.documents import IndexDamaged

FORMAT = 7
"""Raise this when tokens or tables change meaning: older generations then count as missing."""

_MAPPED = (".bin", ".seg")
"""Files that stay mapped while a generation is open; the others are read once."""

_PIECE = 1 << 20
_LEFT_BEHIND = 24 * 3600.0
"""Seconds after which what stands outside of any format's folder counts as unused."""

Print = tuple[int, int, int]
"""(inode, size, time of change in ns): differs whenever a file was replaced or written to."""


def home(folder: Path) -> Path:
    """Where this version keeps its generations."""
    return folder / f"format-{FORMAT}"


class Use:
    """Keeps other versions from sweeping the folder away, as long as this lives."""

    def __init__(self, root: Path) -> None:
        try:
            handle = os.open(root / "USED", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as problem:
            raise IndexDamaged(f"no folder to read from: {problem}") from problem
        self.end = weakref.finalize(self, os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_SH)


def publish(
    root: Path, change_number: int, write: Callable[[Path], None], *, lasting: bool
) -> None:
    """Lets `write` fill a new folder, then makes it the current generation.

    Killed at any moment, the old generation stays current. One writer at a time; a second waits.
    What is not `lasting` isn't waited for to be on the disk: if power fails, its digests tell.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _only_writer(root), _used(root):
        _sweep_formats(root)
        _sweep(root, keep=_current_name(root))
        name = f"generation-{uuid.uuid4().hex}"
        unfinished = root / f"{name}.unfinished"
        unfinished.mkdir()
        write(unfinished)
        digest = _seal(unfinished, change_number)
        if lasting:
            _sync_all(unfinished)
        unfinished.rename(root / name)
        _point_to(root, f"{name} {digest}\n")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A generation that was whole when the `prints` of its mapped files were taken."""

    folder: Path
    change_number: int
    prints: Mapping[Path, Print]


def read_current(root: Path) -> Sealed:
    """Every byte of the current generation is read and compared with its digest."""
    try:
        name, digest = (root / "CURRENT").read_text("ascii").split()
        folder = root / Path(name).name
        seen = {path: _print(path) for path in folder.rglob("*") if path.suffix in _MAPPED}
        facts = _verified(folder, digest)
    except (OSError, ValueError) as problem:
        raise IndexDamaged(f"no readable generation: {problem}") from problem
    if facts["format"] != FORMAT:
        raise IndexDamaged(f"format {facts['format']} was written by another version")
    return Sealed(folder, int(facts["change_number"]), seen)


def _verified(folder: Path, digest: str) -> dict[str, Any]:
    manifest = (folder / "manifest.json").read_bytes()
    if _digest(manifest) != digest:
        raise IndexDamaged("the manifest is not the one that was written")
    facts: dict[str, Any] = json.loads(manifest)
    for path, expected in facts["files"].items():
        if _digest_of(folder / path) != expected:
            raise IndexDamaged(f"{path} is not the file that was written")
    return facts


def pointer(root: Path) -> Print:
    return _print(f"{root}/CURRENT")


def check_unchanged(sealed: Sealed) -> None:
    for path, before in sealed.prints.items():
        if _print(path) != before:
            raise IndexDamaged(f"{path.name} was changed after it was written")


def is_unchanged_or_gone(sealed: Sealed) -> bool:
    """A mapped file that was deleted can still be read."""
    try:
        check_unchanged(sealed)
    except IndexDamaged:
        return not sealed.folder.exists()
    return True


def _print(path: Path | str) -> Print:
    try:
        facts = os.stat(path)  # noqa: PTH116 - twice as fast as Path.stat, and asked before each search
    except OSError as problem:
        raise IndexDamaged(f"{Path(path).name} is missing") from problem
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_of(path: Path) -> str:
    """Read in pieces: the files of a large hub don't belong in memory. SHA-256 is what processors
    have instructions for: half of what a revision took went into digests.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _seal(folder: Path, change_number: int) -> str:
    written = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = {str(path.relative_to(folder)): _digest_of(path) for path in written}
    facts = {"format": FORMAT, "change_number": change_number, "files": files}
    manifest = json.dumps(facts).encode()
    (folder / "manifest.json").write_bytes(manifest)
    return _digest(manifest)


def _point_to(root: Path, content: str) -> None:
    new = root / "CURRENT.new"
    new.write_text(content, "ascii")
    new.rename(root / "CURRENT")


def _sync_all(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _current_name(root: Path) -> str | None:
    try:
        return (root / "CURRENT").read_text("ascii").split()[0]
    except (OSError, ValueError, IndexError):
        return None


def _sweep(root: Path, keep: str | None) -> None:
    """The generation that others still read stays until the next rebuild."""
    for folder in root.glob("generation-*"):
        if folder.name != keep:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep_formats(root: Path) -> None:
    """Those of other versions that no process uses, and what older ones kept outside of any."""
    for other in root.parent.glob("format-*"):
        if other != root and _is_unused(other):
            shutil.rmtree(other, ignore_errors=True)
    with suppress(OSError):
        if time.time() - (root.parent / "CURRENT").stat().st_mtime > _LEFT_BEHIND:
            _sweep(root.parent, keep=None)
            (root.parent / "CURRENT").unlink()


def _is_unused(root: Path) -> bool:
    try:
        with (root / "USED").open("rb") as used:
            fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


@contextmanager
def _used(root: Path) -> Iterator[None]:
    use = Use(root)
    try:
        yield
    finally:
        use.end()


@contextmanager
def _only_writer(root: Path) -> Iterator[None]:
    with (root / "LOCK").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
