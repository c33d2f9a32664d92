"""Files with a message, sent before it or with it."""

import io

from portal.domain.requests import Kind
from portal.services.requests.handing_in import Telling, hand_in
from tests.apps import Door
from tests.blueprints.request_files.test_files import sent
from tests.services.requests.town import SCENE, Town
from tests.world import HENRIK, INGRID, PIA


def told(door: Door, *files: str) -> str:
    telling = Telling(Kind.NEED, "Own plants", SCENE, files=files)
    key: str = Town(door.world).call(PIA, hand_in, telling)
    return key


def test_a_message_takes_what_came_before_it_and_with_it(door: Door) -> None:
    client = door.sign_in(PIA)
    key = told(door, sent(client, b"%PDF-1.4 %%EOF", "plan.pdf"))
    before = sent(client, b"a,b", "before.csv")
    data = {"body": "Look.", "file": before, "files": (io.BytesIO(b"words"), "with.log")}
    assert client.post(f"/requests/{key}/message", data=data).status_code == 302
    for email in (INGRID, HENRIK):
        page = door.sign_in(email).get(f"/requests/{key}").text
        assert [name in page for name in ("plan.pdf", "before.csv", "with.log")] == [True] * 3
        assert f"/requests/files/{before}" in page


def test_a_refused_message_keeps_its_files(door: Door) -> None:
    client, key = door.sign_in(PIA), told(door)
    data = {"body": "", "files": (io.BytesIO(b"words"), "with.log")}
    page = client.post(f"/requests/{key}/message", data=data)
    assert page.status_code == 422
    assert "with.log" in page.text
    assert "Write something first." in page.text
    data = {"body": "Typed.", "files": (io.BytesIO(b"MZ\x90\0"), "setup.exe")}
    page = client.post(f"/requests/{key}/message", data=data)
    assert page.status_code == 422
    assert "Files of this kind are not taken." in page.text
    assert "Typed." in page.text


def test_only_who_writes_has_the_field_and_its_script(door: Door) -> None:
    key = told(door)
    writes, reads = (door.sign_in(one).get(f"/requests/{key}").text for one in (PIA, HENRIK))
    assert ["htmx.min.js" in page for page in (writes, reads)] == [True, False]
    assert ['name="files"' in page for page in (writes, reads)] == [True, False]


def test_a_draft_keeps_its_files(door: Door) -> None:
    client = door.sign_in(PIA)
    key, other = sent(client), sent(door.sign_in(INGRID), name="theirs.txt")
    client.post("/requests/drafts/need", data={"file": [key, other, "none"]})
    page = door.sign_in(PIA).get("/requests/new/need").text
    assert f'value="{key}"' in page
    assert "words.txt" in page
    assert other not in page
    client.post("/requests/drafts/need", data={"title": "Own plants"})
    assert key not in client.get("/requests/new/need").text


def test_files_go_with_what_is_handed_in(door: Door) -> None:
    client = door.sign_in(PIA)
    data = {"title": "Own plants", **SCENE, "visibility": "company", "file": sent(client)}
    refused = client.post("/requests/new/need", data={**data, "who": ""})
    assert refused.status_code == 422
    assert data["file"] in refused.text
    with_it = {**data, "files": (io.BytesIO(b"words"), "with.log")}
    made = client.post("/requests/new/need", data=with_it)
    assert made.status_code == 302, made.text
    page = door.sign_in(INGRID).get(made.location).text
    assert [name in page for name in ("words.txt", "with.log")] == [True] * 2
