"""Attaching in a form, and fetching on a path without cookies."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.domain.requests import Kind
from portal.models import Request
from portal.services.requests.handing_in import Telling, hand_in
from portal.tenancy import system_scope
from tests.apps import Door
from tests.services.requests.town import SCENE, Town
from tests.world import ELIF, HENRIK, INGRID, JONAS, MARA, NOW, OSKELUND, PIA, QUILLON

HX = {"HX-Request": "true"}


def send(client: FlaskClient, *files: tuple[bytes, str], **more: Any) -> TestResponse:
    headers = more.pop("headers", {})
    data = {"files": [(io.BytesIO(raw), name) for raw, name in files], **more}
    return client.post("/requests/files", data=data, headers=headers)


def sent(client: FlaskClient, raw: bytes = b"words", name: str = "words.txt", **more: Any) -> str:
    answer = send(client, (raw, name), **more)
    assert answer.status_code == 200, answer.text
    key: str = answer.json["files"][-1]["key"]  # type: ignore[index] # just seen to be JSON
    return key


def handed_in(door: Door, *keys: str) -> None:
    telling = Telling(Kind.NEED, "Own plants", SCENE, files=keys)
    Town(door.world).call(PIA, hand_in, telling)


def test_whoever_reads_the_request_fetches_its_file_without_a_cookie(door: Door) -> None:
    key = sent(door.sign_in(PIA), "尺寸".encode(), "尺寸.html")
    handed_in(door, key)
    for email in (INGRID, HENRIK, MARA):
        led = door.sign_in(email).get(f"/requests/files/{key}")
        assert led.status_code == 302
        assert led.headers["Cache-Control"] == "no-store"
        got = door.visitor().get(led.location)
        assert (got.status_code, got.data) == (200, "尺寸".encode())
        assert got.mimetype == "text/plain"
        assert got.headers["Content-Disposition"].startswith("attachment; ")
        assert "%E5%B0%BA%E5%AF%B8.html.txt" in got.headers["Content-Disposition"]
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in got.headers["Content-Security-Policy"]
        got.close()
    assert door.sign_in(ELIF).get(f"/requests/files/{key}").status_code == 404


def test_the_desk_reads_what_was_attached(door: Door) -> None:
    """Where it was told and under the message that brought it, and not at another's desk."""
    handed_in(door, sent(door.sign_in(PIA), name="told.txt"))
    with door.world.database.session(system_scope(NOW, "test")) as session:
        request = session.scalars(select(Request.key)).one()
    later = sent(door.sign_in(INGRID), name="later.txt")
    data = {"body": "As you asked.", "file": later}
    assert door.sign_in(INGRID).post(f"/requests/{request}/message", data=data).status_code == 302
    page = door.sign_in(MARA).get(f"/triage/{request}").text
    assert page.index("later.txt") > page.index("As you asked.") > page.index("told.txt")
    assert door.sign_in(JONAS).get(f"/triage/{request}").status_code == 404


def test_no_cookie_is_read_or_set_on_its_path(door: Door) -> None:
    client = door.sign_in(PIA)
    token = client.get(f"/requests/files/{sent(client)}").location
    for path in (token, "/files/forged", "/files/", "/files/a/b?locale=zh-Hans"):
        # A page of the portal would set its cookie anew.
        with client.session_transaction() as cookie:
            cookie["changed"] = path
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert "Ingrid" not in answer.text
        assert "sign-out" not in answer.text
        answer.close()


def test_a_link_is_for_minutes_and_of_our_making(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = door.sign_in(PIA)
    link = client.get(f"/requests/files/{sent(client)}").location
    body, _dot, mark = link.rpartition(".")
    forged = f"{body}.{mark[:-2]}{'AA' if mark[-2:] != 'AA' else 'BB'}"
    assert door.visitor().get(forged).status_code == 404
    monkeypatch.setattr("portal.web.request_files.SECONDS", -1)
    assert door.visitor().get(link).status_code == 404


def test_only_those_who_write_requests_attach(door: Door) -> None:
    for role, status in (("member", 200), ("champion", 200), ("executive", 404), ("editor", 404)):
        assert send(door.role(role), (b"words", "a.txt")).status_code == status, role
    csm = door.role("csm")
    assert send(csm, (b"words", "a.txt")).status_code == 404
    assert send(csm, (b"words", "a.txt"), account=OSKELUND.key).status_code == 200
    assert send(csm, (b"words", "a.txt"), account=QUILLON.key).status_code == 404
    assert send(door.visitor(), (b"words", "a.txt")).status_code == 401


def test_what_is_refused_is_told_to_page_and_script(door: Door) -> None:
    client = door.sign_in(PIA)
    kept = sent(client)
    told = send(client, (b"MZ\x90\0", "setup.exe"))
    assert (told.status_code, told.mimetype) == (422, "application/problem+json")
    assert told.json is not None
    assert [one["member"] for one in told.json["errors"]] == ["files"]
    field = send(client, (b"MZ\x90\0", "setup.exe"), headers=HX, file=kept)
    assert "Files of this kind are not taken." in field.text
    assert f'value="{kept}"' in field.text
    assert send(client).status_code == 422
    many = [(b"words", f"{number}.txt") for number in range(11)]
    assert "too-many-files" in send(client, *many).text


def test_the_field_comes_back_with_what_was_sent(door: Door) -> None:
    client = door.sign_in(PIA)
    first = sent(client)
    field = send(client, (b"more", "more.csv"), headers=HX, file=first).text
    keys = re.findall(r'name="file"\s+value="([^"]+)"', field)
    assert len(keys) == 2
    assert first in keys
    data = {"file": keys}
    left = client.post(f"/requests/files/{first}/removal", data=data, headers=HX).text
    assert re.findall(r'name="file"\s+value="([^"]+)"', left) == [
        one for one in keys if one != first
    ]
    assert client.post(f"/requests/files/{first}/removal").status_code == 404


def test_a_strangers_loose_file_is_shown_to_nobody(door: Door) -> None:
    key = sent(door.sign_in(PIA))
    other = door.sign_in(INGRID)
    assert other.get(f"/requests/files/{key}").status_code == 404
    assert key not in send(other, (b"words", "a.txt"), headers=HX, file=key).text
