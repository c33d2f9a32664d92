"""A rebuild replaces the whole index, at once, for everyone, or not at all."""

import gc
import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from portal.search import Engine, IndexDamaged, arrayfile, storage
from tests.search.library import (
    PUBLIC,
    SHELF,
    document,
    engine,
    ids,
    random_documents,
    random_question,
)


def test_another_engine_sees_the_new_generation(tmp_path: Path) -> None:
    writer, reader = engine(tmp_path), Engine(tmp_path)
    assert reader.change_number == 1
    writer.rebuild((document("new", "Something new"),), 2)
    assert reader.change_number == 2
    assert ids(reader.search("something", locale="en", audiences=PUBLIC)) == ["new"]


def test_deleted_documents_never_return(tmp_path: Path) -> None:
    writer, reader = engine(tmp_path), Engine(tmp_path)
    assert reader.search('"pair the" scanner', locale="en", audiences=PUBLIC).total == 1
    writer.rebuild(tuple(one for one in SHELF if one.item_id != "scanner"), 2)
    for question in ("scanner", "scaner", "scan", '"pair the" scanner'):
        assert reader.search(question, locale="en", audiences=PUBLIC).total == 0


def test_an_older_change_number_replaces_too(tmp_path: Path) -> None:
    searching = engine(tmp_path, change_number=9)
    searching.rebuild(SHELF[:1], 3)
    assert searching.change_number == 3


def test_two_documents_with_one_id_are_refused(tmp_path: Path) -> None:
    searching = engine(tmp_path)
    with pytest.raises(ValueError, match="same id"):
        searching.rebuild((SHELF[0], SHELF[0]), 2)
    assert searching.change_number == 1


def test_a_rebuild_that_fails_leaves_the_old_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searching = engine(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(arrayfile, "write", full)
        with pytest.raises(OSError, match="No space"):
            searching.rebuild(SHELF, 2)
    assert Engine(tmp_path).change_number == 1
    searching.rebuild(SHELF, 3)
    assert searching.change_number == 3
    assert not list(tmp_path.rglob("*.unfinished"))


def test_old_generations_are_swept(tmp_path: Path) -> None:
    searching = engine(tmp_path)
    for number in range(2, 6):
        searching.rebuild(SHELF, number)
    assert len(list(tmp_path.glob("*/generation-*"))) == 2


def test_versions_of_the_portal_share_a_folder_without_undoing_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = engine(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(storage, "FORMAT", storage.FORMAT + 1)
        newer = Engine(tmp_path)
        assert newer.change_number is None
        newer.rebuild(SHELF, 7)
        assert (older.refresh(), newer.refresh()) == (1, 7)
        del older
        gc.collect()
        newer.rebuild(SHELF, 8)
        assert [one.name for one in tmp_path.glob("format-*")] == [f"format-{storage.FORMAT}"]
    assert Engine(tmp_path).change_number is None


def test_what_stood_outside_of_a_format_goes_after_a_day(tmp_path: Path) -> None:
    (tmp_path / "generation-1").mkdir()
    current = tmp_path / "CURRENT"
    current.write_text("generation-1 0")
    engine(tmp_path)
    assert current.exists()
    os.utime(current, (0, 0))
    engine(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [f"format-{storage.FORMAT}"]


def test_readers_are_served_while_others_rebuild(tmp_path: Path) -> None:
    searching = engine(tmp_path)
    all_read, rebuilt = threading.Barrier(4), threading.Event()

    def ask(reader: Engine) -> None:
        for question in ("reset password", '"sign-in page"'):
            assert reader.search(question, locale="en", audiences=PUBLIC).total == 1

    def read() -> int:
        reader, asked = Engine(tmp_path), 1
        ask(reader)
        all_read.wait()
        while not rebuilt.is_set():
            ask(reader)
            asked += 1
        return asked

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        all_read.wait()
        for number in range(2, 30):
            searching.rebuild(SHELF, number)
        rebuilt.set()
        assert all(reader.result() > 1 for reader in readers)


def test_one_engine_serves_many_threads(tmp_path: Path) -> None:
    documents = random_documents(3, 60)
    searching = engine(tmp_path, documents)
    questions = ['"route plan" driver', '"客户报表"', "driver depot", "rout", "parcl"] * 40
    audiences = frozenset({"public", "vendor"})

    def ask(question: str) -> object:
        return searching.search(question, locale="en", audiences=audiences)

    alone = [ask(question) for question in questions]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, questions)) == alone


@pytest.mark.processes
def test_killed_at_any_moment_of_a_write_a_whole_index_serves(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.search.killing", str(tmp_path), "60"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    moved, interrupted = map(int, done.stdout.split())
    assert moved > 5
    assert interrupted > 10
    engine(tmp_path, change_number=5000)
    assert not list(tmp_path.rglob("*.unfinished"))


def test_a_revision_is_seen_by_others_and_answers_as_a_rebuild(tmp_path: Path) -> None:
    documents = random_documents(4, 60)
    items = {"item0003", "item0017", "item0040"}
    fresh = [
        replace(one, title=f"{one.title} zeppelin", changed=2)
        for one in documents
        if one.item_id in items - {"item0040"}
    ]
    writer, reader = engine(tmp_path / "one", documents), Engine(tmp_path / "one")
    assert reader.change_number == 1
    writer.revise(fresh, items, 2)
    rest = [one for one in documents if one.item_id not in items]
    rebuilt = engine(tmp_path / "other", (*rest, *fresh), 2)
    assert reader.changes() == rebuilt.changes()
    dice = random.Random(4)
    for question in ("zeppelin", *(random_question(dice) for _ in range(60))):
        given = {"locale": "en", "audiences": frozenset({"public", "vendor"})}
        assert reader.search(question, **given) == rebuilt.search(question, **given)  # type: ignore[arg-type] # mixed keywords


def test_only_a_sound_index_can_be_revised(tmp_path: Path) -> None:
    searching = engine(tmp_path)
    next(tmp_path.glob("*/generation-*/arrays.bin")).write_bytes(b"nonsense")
    with pytest.raises(IndexDamaged):
        searching.revise(SHELF[:1], {"reset"}, 2)
