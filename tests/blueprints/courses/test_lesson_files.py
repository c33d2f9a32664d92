"""A lesson brings a video with captions and a file along: sent, published, played, taken along."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.services.content_files import export_content, load_content
from portal.services.knowledge_files import sweep_files
from portal.tenancy import system_scope
from portal.web.files import file_store
from tests.apps import Door
from tests.courses import SLUG, load_course, write_course
from tests.domain.test_lesson_files import MP4, VTT
from tests.world import ELIF, NOW, PIA

PDF = b"%PDF-1.7\nsomething\n%%EOF\n"
LESSON = f"/courses/{SLUG}/builder/lessons/find"
SENT = {"title": "Find it", "minutes": "5", "body": "Look."}


@pytest.fixture
def hub(door: Door, tmp_path: Path) -> Door:
    write_course(tmp_path / "in", audience="{accounts: [oskelund-foods]}")
    load_course(door.world.database, tmp_path / "in")
    return door


def send(
    editor: FlaskClient, said: dict[str, str] | None = None, /, **parts: tuple[bytes, str]
) -> TestResponse:
    found = re.search(r'name="token"[^>]*value="([^"]*)"', editor.get(LESSON).text)
    assert found
    files = {f"send_{name}": (io.BytesIO(raw), called) for name, (raw, called) in parts.items()}
    typed = {**SENT, "token": found[1], **files, **(said or {})}
    return editor.post(LESSON, data=typed, content_type="multipart/form-data")


def publish_all(editor: FlaskClient) -> None:
    sent = send(editor, video=(MP4, "a.mp4"), captions=(VTT, "a.vtt"), file=(PDF, "x.html"))
    assert sent.status_code == 302
    assert editor.post(f"/editorial/texts/{SLUG}/steps/publish").status_code == 302


def addresses(page: str) -> list[str]:
    return re.findall(r"/knowledge/files/[0-9a-f]{40}\.\w+", page)


def test_what_is_sent_is_played_and_taken_along_by_the_lesson_s_readers(hub: Door) -> None:
    publish_all(hub.role("editor"))
    pia, elif_ = hub.sign_in(PIA), hub.sign_in(ELIF)
    page = pia.get(f"/courses/{SLUG}/lessons/find").text
    assert re.search(r'<video controls[^>]*src="/knowledge/files/\w+\.mp4"', page)
    assert 'kind="captions"' in page
    video, captions, file = addresses(page)
    for address, kind, how in (
        (video, "video/mp4", "inline"),
        (captions, "text/vtt", "inline"),
        (file, "application/pdf", "attachment"),
    ):
        way = pia.get(address).headers["Location"]
        assert way.startswith("/files/lessons/")
        answer = hub.app.test_client().get(way)
        assert answer.content_type.startswith(kind)
        assert answer.headers["Content-Disposition"].startswith(f"{how}; filename=find.")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        # Who may not read the course hears of no file of it.
        assert elif_.get(address).status_code == 404
        assert hub.app.test_client().get(address).status_code == 404


def test_a_player_gets_the_part_that_it_asks_for(hub: Door) -> None:
    publish_all(hub.role("editor"))
    pia = hub.sign_in(PIA)
    video = addresses(pia.get(f"/courses/{SLUG}/lessons/find").text)[0]
    way = pia.get(video).headers["Location"]
    part = pia.get(way, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.data) == (206, b"ftyp")
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(MP4)}"
    assert pia.get(way, headers={"Range": "bytes=9000-"}).status_code == 416
    assert pia.get("/files/lessons/no-such-token").status_code == 404


@pytest.mark.parametrize(
    ("part", "raw", "said"),
    [
        ("video", b"<script>", "no video that browsers play"),
        ("captions", b"hello", "no captions"),
        ("file", b"\x00\x01\x02", "Files of this kind are not taken"),
    ],
)
def test_what_is_no_such_file_is_refused_beside_its_field(
    hub: Door, part: str, raw: bytes, said: str
) -> None:
    refused = send(hub.role("editor"), **{part: (raw, "a.mp4")})
    assert refused.status_code == 422
    assert said in refused.text
    assert "Look." in refused.text


@pytest.mark.parametrize(
    ("wrong", "parts"),
    [
        ({"minutes": "many"}, {}),
        ({"file": "javascript:alert(1)"}, {}),
        ({"step": "preview"}, {}),
        ({}, {"captions": (b"hello", "a.vtt")}),
    ],
)
def test_what_was_sent_is_not_sent_again_where_something_else_is_refused(
    hub: Door, wrong: dict[str, str], parts: dict[str, tuple[bytes, str]]
) -> None:
    editor = hub.role("editor")
    answer = send(editor, wrong, video=(MP4, "a.mp4"), **parts)
    (kept,) = addresses(answer.text)[:1]
    found = re.search(rf'name="video"[^>]*value="{kept}"', answer.text)
    assert found
    assert send(editor, {"video": kept, "captions": "/knowledge/captions"}).status_code == 302
    assert kept in editor.get(LESSON).text


def test_files_go_out_with_their_course_and_come_in_again(hub: Door, tmp_path: Path) -> None:
    publish_all(hub.role("editor"))
    out, again = tmp_path / "out", tmp_path / "again"
    with hub.app.test_request_context():
        files = file_store()
    database, soon = hub.world.database, system_scope(NOW, "test")
    with database.session(soon, writes=True) as session:
        export_content(session, out, files)
    # Long after, nothing that a lesson brings along is swept away.
    later = system_scope(NOW + timedelta(days=99), "test")
    with database.session(later, writes=True) as session:
        assert sweep_files(session, files) == 0
    with database.session(soon, writes=True) as session:
        load_content(session, out, files=files)
        export_content(session, again, files)
    keys = sorted(one.name for one in (out / "files").iterdir())
    assert {key.rpartition(".")[2] for key in keys} == {"mp4", "vtt", "pdf"}
    lesson = f"courses/{SLUG}/01-find.en.md"
    assert (again / lesson).read_bytes() == (out / lesson).read_bytes()
    assert all((again / "files" / key).read_bytes() for key in keys)
