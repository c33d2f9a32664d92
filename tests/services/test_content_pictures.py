"""Pictures go out with the texts that show them, and come in again byte for byte."""

import io
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from portal.db import Database
from portal.domain.errors import Invalid
from portal.domain.knowledge_files import media_key
from portal.services.content_files import export_content, load_content
from portal.services.file_store import FileStore
from portal.services.images import make_anew
from portal.services.knowledge_files import read_file, store_picture
from tests.courses import SLUG as COURSE
from tests.courses import write_course
from tests.databases import open_database
from tests.domain.test_lesson_files import VTT
from tests.hub import reader, write_text, writing

SLUG = "for-everyone"


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (20, 10), (9, 0, 0)).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def out(sqlite_database: Database, tmp_path: Path) -> Path:
    """A folder that another portal has written: a text and its picture."""
    files = FileStore(str(tmp_path / "there"))
    with writing(sqlite_database) as session:
        key = store_picture(session, files, make_anew(picture()))
    write_text(tmp_path / "in", SLUG, "public", body=f"![Words](/knowledge/files/{key})\n")
    with writing(sqlite_database) as session:
        load_content(session, tmp_path / "in", files=files)
        assert export_content(session, tmp_path / "out", files) == 2
    return tmp_path / "out"


@pytest.fixture
def elsewhere(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'other.db')}")
    yield database
    database.dispose()


@pytest.fixture
def key(out: Path) -> str:
    return next((out / "files").iterdir()).name


def test_a_text_comes_with_its_picture(
    out: Path, key: str, elsewhere: Database, tmp_path: Path
) -> None:
    files = FileStore(str(tmp_path / "here"))
    with writing(elsewhere) as session:
        assert load_content(session, out, files=files).added == 1
        assert load_content(session, out, files=files).unchanged == 1
        export_content(session, tmp_path / "again", files)
    with reader(elsewhere, "visitor") as session:
        assert read_file(session, files, key).content == (out / "files" / key).read_bytes()
    assert (tmp_path / "again/files" / key).read_bytes() == (out / "files" / key).read_bytes()


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", None])
def test_what_is_not_the_picture_is_refused_by_name(
    out: Path, key: str, elsewhere: Database, tmp_path: Path, content: bytes | None
) -> None:
    place = out / "files" / key
    if content is None:
        place.unlink()
    else:
        place.write_bytes(content)
    files = FileStore(str(tmp_path / "here"))
    with writing(elsewhere) as session, pytest.raises(Invalid) as refusal:
        load_content(session, out, files=files)
    assert set(refusal.value.fields) == {
        f"faqs/{SLUG}.en.md: body" if content is None else f"files/{key}"
    }
    assert list(files.names()) == []


def test_a_lesson_s_picture_is_the_course_s_readers_to_see(
    sqlite_database: Database, tmp_path: Path
) -> None:
    files = FileStore(str(tmp_path / "files"))
    with writing(sqlite_database) as session:
        key = store_picture(session, files, make_anew(picture()))
        write_course(tmp_path / "texts", audience="public")
        lesson = next((tmp_path / "texts").glob("courses/*/01-*.en.md"))
        lesson.write_text(f"{lesson.read_text()}\n![Words](/knowledge/files/{key})\n")
        load_content(session, tmp_path / "texts", files=files)
    with reader(sqlite_database, "visitor") as session:
        assert read_file(session, files, key).public


@pytest.mark.parametrize("content", [b"<script>", VTT.replace(b"Hello", b"Other"), None])
def test_what_a_lesson_brings_along_is_what_its_name_says(
    elsewhere: Database, tmp_path: Path, content: bytes | None
) -> None:
    write_course(tmp_path, quiz=False)
    key = media_key(sha256(VTT).hexdigest(), "vtt")
    lesson = tmp_path / "courses" / COURSE / "01-find.en.md"
    media = f"minutes: 4\nvideo: https://a.example/v\ncaptions: /knowledge/files/{key}\n"
    lesson.write_text(lesson.read_text().replace("minutes: 4\n", media))
    (tmp_path / "files").mkdir()
    files = FileStore(str(tmp_path / "here"))
    (tmp_path / "files" / key).write_bytes(VTT)
    if content is None:
        with writing(elsewhere) as session:
            load_content(session, tmp_path, files=files)
        assert files.read(key) == VTT
        return
    (tmp_path / "files" / key).write_bytes(content)
    with writing(elsewhere) as session, pytest.raises(Invalid) as refusal:
        load_content(session, tmp_path, files=files)
    assert f"files/{key}" in refusal.value.fields
