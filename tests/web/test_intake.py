"""The way around Flask: what goes there, what does not, and that nobody can tell the difference."""

import json
from typing import Any

import pytest
from flask import Flask
from prometheus_client import REGISTRY
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from portal.tenancy import system_scope
from portal.usage import inbox
from portal.web.intake import Intake
from tests.apps import Door
from tests.security.junk import api_secret
from tests.world import NOW

BODY = json.dumps({"batch": [{"type": "track", "event": "E", "userId": "u"}] * 3}).encode()


@pytest.fixture
def intake(app: Flask) -> Intake:
    assert isinstance(app.wsgi_app, Intake)
    return app.wsgi_app


@pytest.fixture
def woken(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that Flask was asked for."""
    paths: list[str] = []
    inner = intake.application

    def note(environ: dict[str, Any], start_response: Any) -> Any:
        paths.append(environ["PATH_INFO"])
        return inner(environ, start_response)

    monkeypatch.setattr(intake, "application", note)
    return paths


def waiting(door: Door) -> int:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return inbox.waiting(session).messages


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/batch/", "/v1/b"])
def test_a_batch_does_not_wake_flask(door: Door, woken: list[str], path: str) -> None:
    body = json.dumps({**json.loads(BODY), "writeKey": api_secret(door, "write")})
    response = door.visitor().post(path, data=body)
    assert (response.status_code, response.data) == (200, b'{"success":true}\n')
    assert waiting(door) == 3
    assert woken == []


def test_the_answer_is_that_of_the_application(
    door: Door, intake: Intake, woken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps({**json.loads(BODY), "writeKey": api_secret(door, "write")})
    name = {"X-Request-ID": "abcdefgh"}
    here = door.visitor().post("/v1/batch", data=body, headers=name)
    assert woken == []
    monkeypatch.setattr(intake, "may_take", lambda *_: False)
    there = door.visitor().post("/v1/batch", data=body, headers=name)
    assert woken == ["/v1/batch"]
    assert (here.status, here.data) == (there.status, there.data)
    # The answer to a POST is kept by nobody, so it varies for nobody.
    assert {"Vary": "Accept-Encoding, Cookie", **here.headers} == dict(there.headers)
    assert waiting(door) == 6


def test_what_is_refused_is_told_by_the_application(door: Door, woken: list[str]) -> None:
    key = api_secret(door, "write")
    for body, status in ((b"{", 400), (BODY, 401), (b" " * 600_000, 413)):
        response = door.visitor().post("/v1/batch", data=body)
        assert (response.status_code, response.get_json()["status"]) == (status, status)
    assert woken == ["/v1/batch"] * 3
    good = json.dumps({**json.loads(BODY), "writeKey": key})
    assert door.visitor().post("/v1/batch", data=good).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_go_on(door: Door, woken: list[str], method: str) -> None:
    response = door.visitor().open("/v1/batch", method=method)
    assert response.status_code == (200 if method == "OPTIONS" else 405)
    assert woken == ["/v1/batch"]


def test_a_database_that_does_not_answer_is_told(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_row: object) -> None:
        raise OperationalError("INSERT", None, Exception("locked"))

    monkeypatch.setattr(door.world.database.appender, "append", fail)
    body = json.dumps({**json.loads(BODY), "writeKey": api_secret(door, "write")})
    response = door.visitor().post("/v1/batch", data=body)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


def test_requests_are_counted_and_write_no_line(door: Door) -> None:
    labels = {"endpoint": "ingest.take_in", "status": "200"}
    before = REGISTRY.get_sample_value("paceline_requests_total", labels) or 0.0
    body = json.dumps({**json.loads(BODY), "writeKey": api_secret(door, "write")})
    with capture_logs() as lines:
        door.visitor().post("/v1/batch", data=body)
    assert REGISTRY.get_sample_value("paceline_requests_total", labels) == before + 1
    assert [line for line in lines if line["event"] == "answered"] == []
