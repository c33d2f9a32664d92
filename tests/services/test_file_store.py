"""A file is there whole, or not at all."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.services.file_store import UNFINISHED, FileStore


@pytest.fixture(params=["folder", "elsewhere"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    place = {"folder": str(tmp_path / "new/files"), "elsewhere": f"memory://{tmp_path.name}"}
    return FileStore(place[request.param])


def test_what_was_put_is_read_and_removed(store: FileStore) -> None:
    assert list(store.names()) == []
    assert store.read("one") is None
    store.put("one", b"\x00bytes")
    store.put("one", b"\x00bytes")
    store.put("two", b"")
    assert store.read("one") == b"\x00bytes"
    assert sorted(store.names()) == ["one", "two"]
    assert abs(store.stored_at("one") - datetime.now(UTC)) < timedelta(minutes=1)
    store.remove("one")
    store.remove("one")
    assert sorted(store.names()) == ["two"]


def test_it_is_through_to_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    through = os.fsync

    def watch(number: int) -> None:
        seen.append(sorted(path.name for path in tmp_path.iterdir()))
        through(number)

    monkeypatch.setattr(os, "fsync", watch)
    FileStore(str(tmp_path)).put("one", b"bytes")
    [unfinished], finished = seen
    assert unfinished.startswith(UNFINISHED)
    assert finished == ["one"]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        FileStore(str(tmp_path)).put("one", b"bytes")
    assert list(tmp_path.iterdir()) == []
