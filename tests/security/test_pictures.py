"""A picture is seen through a text that shows it, by those who may read that text."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import update

from portal.db import Database
from portal.domain.errors import Forbidden, NotFound
from portal.domain.knowledge_files import key_of
from portal.models import KnowledgeItem
from portal.services.content_files import load_content
from portal.services.file_store import FileStore
from portal.services.images import make_anew
from portal.services.knowledge_files import read_file, store_picture, sweep_files
from portal.tenancy import system_scope
from tests.apps import Door
from tests.hub import READERS, TEXTS, fill, readable_by, reader, write_text, writing
from tests.moments import NOON


def picture(shade: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (20, 10), (shade, 0, 0)).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(str(tmp_path / "files"))


@pytest.fixture
def keys(database: Database, files: FileStore, tmp_path: Path) -> dict[str, str]:
    """A picture in each text of the hub, by the text's slug; one in none."""
    folder = tmp_path / "content"
    fill(database, folder)
    made = {}
    for shade, slug in enumerate([*TEXTS, "nothing"]):
        with writing(database) as session:
            made[slug] = store_picture(session, files, make_anew(picture(shade * 9)))
        if slug in TEXTS:
            body = f"![Words](/knowledge/files/{made[slug]})\n"
            write_text(folder, slug, TEXTS[slug], body=body)
    with writing(database) as session:
        load_content(session, folder)
    return made


def seen_by(database: Database, files: FileStore, keys: dict[str, str], name: str) -> set[str]:
    seen = set()
    with reader(database, name) as session:
        for slug, key in keys.items():
            try:
                assert read_file(session, files, key).public is (slug == "for-everyone")
            except NotFound:
                continue
            seen.add(slug)
    return seen


@pytest.mark.parametrize("name", READERS)
def test_readers_see_the_pictures_of_their_texts(
    database: Database, files: FileStore, keys: dict[str, str], name: str
) -> None:
    writes = {"nothing"} if name in {"vendor", "admin"} else set()
    assert seen_by(database, files, keys, name) == readable_by(name) | writes


def test_a_withdrawn_text_takes_its_pictures_with_it(
    database: Database, files: FileStore, keys: dict[str, str]
) -> None:
    with writing(database) as session:
        session.execute(
            update(KnowledgeItem)
            .where(KnowledgeItem.slug == "for-everyone")
            .values(state="archived")
            .execution_options(synchronize_session=False)
        )
        session.commit()
    assert seen_by(database, files, keys, "visitor") == set()


def test_only_writers_store_pictures(database: Database, files: FileStore) -> None:
    with reader(database, "acme") as session, pytest.raises(Forbidden):
        store_picture(session, files, make_anew(picture(1)))
    assert list(files.names()) == []


def test_only_what_no_text_shows_is_swept_and_late(
    database: Database, files: FileStore, keys: dict[str, str]
) -> None:
    (Path(files._root) / ".unfinished-x").write_bytes(b"half")
    with writing(database) as session:
        assert sweep_files(session, files) == 0
    # The file that was never finished is younger than that clock's day.
    later = system_scope(NOON + timedelta(days=31), "test")
    with database.session(later, writes=True) as session:
        sweep_files(session, files)
    assert {key for key in files.names() if not key.startswith(".")} == {
        key for slug, key in keys.items() if slug != "nothing"
    }


def send(client: FlaskClient, content: bytes, name: str = "x.png") -> tuple[int, dict[str, str]]:
    answer = client.post("/knowledge/files", data={"image": (io.BytesIO(content), name)})
    assert answer.json is not None
    return answer.status_code, answer.json


@pytest.fixture
def stored(door: Door) -> str:
    status, answer = send(door.role("editor"), picture(7))
    assert status == 200
    return answer["address"]


def test_a_picture_is_sent_as_data_that_runs_nothing(door: Door, stored: str) -> None:
    answer = door.role("editor").get(stored)
    assert (answer.status_code, answer.content_type) == (200, "image/webp")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert door.visitor().get(stored).status_code == 404
    assert door.role("member").get(stored).status_code == 404
    assert key_of(stored)


@pytest.mark.parametrize(
    "content", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>", b"x" * 2_000]
)
def test_hostile_uploads_are_answered_in_words(door: Door, content: bytes) -> None:
    status, answer = send(door.role("csm"), content, '../../x.svg"><script>')
    assert (status, answer["type"]) == (422, "urn:paceline:problem:no-image")
    assert "PNG" in answer["title"]


def sent_raw(client: FlaskClient, address: str, content: bytes) -> int:
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'
    body = head + content + b"\r\n--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    return client.post(address, data=body, content_type=kind).status_code


def test_what_is_larger_than_any_picture_is_not_read(door: Door) -> None:
    client = door.role("csm")
    assert sent_raw(client, "/knowledge/files", b"x" * 9_000_000) == 413
    assert sent_raw(client, "/knowledge/files", b"x" * 2_000_000) == 422
    # Other doors take no more than before.
    assert sent_raw(client, "/tasks", b"x" * 2_000_000) == 413


@pytest.mark.parametrize(
    "key", ["x", "..%2f..%2fpaceline.db", f"{'0' * 40}-8x8.svg", f"{'0' * 40}-8x8.webp"]
)
def test_names_that_nobody_stored_lead_nowhere(door: Door, key: str) -> None:
    for client in (door.visitor(), door.role("editor")):
        assert client.get(f"/knowledge/files/{key}").status_code == 404
