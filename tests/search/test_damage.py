"""A damaged index says so, or answers rightly; never wrongly."""

import random
from pathlib import Path

import pytest

from portal.search import Engine, IndexDamaged, Results, scan
from tests.search.library import PUBLIC, SHELF, engine, ids

QUESTIONS = ("reset password", '"sign-in page"', "忘记密码", "rotues", "scan")


def _answers(searching: Engine) -> list[Results]:
    return [searching.search(one, locale="en", audiences=PUBLIC) for one in QUESTIONS]


def _answers_or_none(searching: Engine) -> list[Results] | None:
    try:
        return _answers(searching)
    except IndexDamaged:
        assert searching.change_number is None
        return None


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize(
    "damage", ["cut", "emptied", "missing", "first", "middle", "last", "longer"]
)
def test_each_file_damaged_before_it_is_opened(tmp_path: Path, damage: str) -> None:
    right = _answers(engine(tmp_path))
    assert len(_files(tmp_path)) >= 6
    for path in _files(tmp_path):
        whole = path.read_bytes()
        _damage(path, whole, damage)
        assert _answers_or_none(Engine(tmp_path)) in (None, right), path.name
        path.write_bytes(whole)
    assert _answers(Engine(tmp_path)) == right


@pytest.mark.parametrize("damage", ["cut", "emptied", "missing", "first", "middle", "longer"])
def test_each_file_damaged_while_it_is_open(tmp_path: Path, damage: str) -> None:
    for number, name in enumerate(path.name for path in _files(_made(tmp_path / "names"))):
        folder = _made(tmp_path / str(number))
        searching = Engine(folder)
        right = _answers(searching)
        path = _files(folder)[number]
        _damage(path, path.read_bytes(), damage)
        assert _answers_or_none(searching) in (None, right), name


def test_random_bytes_flipped(tmp_path: Path) -> None:
    right = _answers(engine(tmp_path))
    dice = random.Random(11)
    noticed = 0
    for _ in range(60):
        path = dice.choice(_files(tmp_path))
        whole = path.read_bytes()
        path.write_bytes(_flipped(whole, dice.randrange(len(whole))))
        answers = _answers_or_none(Engine(tmp_path))
        assert answers in (None, right)
        noticed += answers is None
        path.write_bytes(whole)
    assert noticed > 50


def test_rebuilding_heals(tmp_path: Path) -> None:
    searching = engine(tmp_path)
    right = _answers(searching)
    next(tmp_path.glob("*/generation-*/arrays.bin")).write_bytes(b"nonsense")
    assert searching.change_number is None
    with pytest.raises(IndexDamaged):
        searching.search("password", locale="en", audiences=PUBLIC)
    searching.rebuild(SHELF, 1)
    assert searching.change_number == 1
    assert _answers(searching) == right


def test_no_index_yet(tmp_path: Path) -> None:
    searching = Engine(tmp_path / "nowhere")
    assert searching.change_number is None
    with pytest.raises(IndexDamaged):
        searching.search("password", locale="en", audiences=PUBLIC)


def test_rows_answer_meanwhile(tmp_path: Path) -> None:
    by_index = engine(tmp_path).search("reset password", locale="zh-Hant", audiences=PUBLIC)
    by_rows = scan(SHELF, "reset password", locale="zh-Hant", audiences=PUBLIC)
    assert ids(by_rows) == ids(by_index) == ["reset.zh-Hant"]
    assert (by_rows.total, by_rows.facets) == (by_index.total, by_index.facets)


def _made(folder: Path) -> Path:
    engine(folder)
    return folder


def _damage(path: Path, whole: bytes, damage: str) -> None:
    if damage == "missing":
        path.unlink()
        return
    half = len(whole) // 2
    content = {
        "cut": whole[:half],
        "emptied": b"",
        "first": _flipped(whole, 0),
        "middle": _flipped(whole, half),
        "last": _flipped(whole, len(whole) - 1),
        "longer": whole + b"\0" * 64,
    }
    path.write_bytes(content[damage])
