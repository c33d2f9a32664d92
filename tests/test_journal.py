"""Parts of the journal: what was kept comes back, what was torn does not, read parts go."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import journal
from portal.journal import HEAD, NewRow, Writer, frames, pack, parts, read, remove_read, torn_parts
from tests.moments import NOON


def rows_of(number: int, count: int = 1) -> list[NewRow]:
    return [
        NewRow(NOON + timedelta(microseconds=number), 5, None, 3, "track", b"%d %d" % (number, one))
        for one in range(count)
    ]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    made = Writer(tmp_path)
    yield made
    made.close()


def everything(folder: Path) -> list[list[NewRow]]:
    return [rows for name in parts(folder) for _, rows in read(folder, name, 0)]


def read_to(folder: Path, name: str) -> int:
    return max((frame.end for frame in frames(folder, name, 0)), default=0)


def test_what_was_appended_comes_back_group_by_group(writer: Writer, tmp_path: Path) -> None:
    groups = [rows_of(1), rows_of(2, 3), [NewRow(NOON, None, 7, 1, "", b"\x00" * 9)]]
    for group in groups:
        writer.append(group)
    assert everything(tmp_path) == groups
    (name,) = parts(tmp_path)
    heads = list(frames(tmp_path, name, 0))
    assert [head.messages for head in heads] == [3, 9, 1]
    assert [head.at for head in heads][1] - heads[0].at == 1
    assert [rows for _, rows in read(tmp_path, name, heads[0].end)] == groups[1:]


@given(st.data())
def test_cut_or_damaged_anywhere_it_is_read_up_to_there(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    groups = [rows_of(number, number) for number in (1, 2, 3)]
    packed = [pack(group) for group in groups]
    whole = b"".join(packed)
    place = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:place]
    if data.draw(st.booleans()):
        damaged += bytes([whole[place] ^ data.draw(st.integers(1, 255))]) + whole[place + 1 :]
    good = sum(place >= sum(map(len, packed[: number + 1])) for number in range(3))
    folder = tmp_path_factory.mktemp("journal")
    (folder / "1-a.part").write_bytes(damaged)
    assert everything(folder) == groups[:good]


def test_a_part_that_is_written_stays_until_it_is_let_go(writer: Writer, tmp_path: Path) -> None:
    writer.append(rows_of(1))
    (name,) = parts(tmp_path)
    end = read_to(tmp_path, name)
    remove_read(tmp_path, name, end)
    assert parts(tmp_path) == [name]
    writer.close()
    remove_read(tmp_path, name, 0)
    assert parts(tmp_path) == [name]  # as nobody has read it
    remove_read(tmp_path, name, end)
    assert list(tmp_path.iterdir()) == []


def test_zeros_written_ahead_by_a_process_that_died_are_nothing(tmp_path: Path) -> None:
    frame = pack(rows_of(1))
    (tmp_path / "1-a.part").write_bytes(frame + bytes(5_000))
    assert read_to(tmp_path, "1-a.part") == len(frame)
    remove_read(tmp_path, "1-a.part", len(frame))
    assert list(tmp_path.iterdir()) == []


def test_a_torn_end_is_kept_aside(tmp_path: Path) -> None:
    frame = pack(rows_of(1))
    (tmp_path / "1-a.part").write_bytes(frame + frame[: HEAD.size + 3])
    remove_read(tmp_path, "1-a.part", len(frame))
    assert [file.name for file in tmp_path.iterdir()] == torn_parts(tmp_path) == ["1-a.torn"]
    assert parts(tmp_path) == []
    assert torn_parts(None) == torn_parts(tmp_path / "none") == []


def test_a_full_part_is_followed_by_another(
    writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "PART_BYTES", 100)
    for number in range(5):
        writer.append(rows_of(number))
    assert len(parts(tmp_path)) == 3
    assert everything(tmp_path) == [rows_of(number) for number in range(5)]


def test_a_disk_that_is_full_leaves_nothing_half(
    writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.append(rows_of(1))
    whole = os.pwrite
    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", lambda part, piece, place: whole(part, piece[:20], place))
        with pytest.raises(OSError, match="only 20 of"):
            writer.append(rows_of(2))
    writer.append(rows_of(3))
    assert everything(tmp_path) == [rows_of(1), rows_of(3)]


def test_the_name_tells_when_a_part_was_made(writer: Writer, tmp_path: Path) -> None:
    writer.append(rows_of(1))
    (name,) = parts(tmp_path)
    assert abs(journal.made_at(name) - datetime.now(UTC)) < timedelta(minutes=1)
