import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from portal.logging import HIDDEN, configure_logging


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def last_line(capture: pytest.CaptureFixture[str]) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(capture.readouterr().err.splitlines()[-1])
    return line


def test_production_writes_a_json_line_with_the_request(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("production")
    structlog.contextvars.bind_contextvars(request_id="abc12345")
    structlog.get_logger("test").info("answered", status=200, path="/知识")
    line = last_line(capsys)
    assert (line["event"], line["level"], line["status"]) == ("answered", "info", 200)
    assert (line["request_id"], line["path"]) == ("abc12345", "/知识")
    assert line["at"].endswith("Z")


def test_libraries_write_the_same_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("production")
    logging.getLogger("alembic").warning("up to %s", "abc")
    assert last_line(capsys)["event"] == "up to abc"


@pytest.mark.parametrize(
    "name", ["password", "new_password", "secret_key", "reset_token", "Authorization", "cookies"]
)
def test_secrets_are_hidden_whoever_logs_them(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    configure_logging("production")
    structlog.get_logger("test").info("signed in", **{name: "open sesame", "body": "my words"})
    line = last_line(capsys)
    assert (line[name], line["body"]) == (HIDDEN, HIDDEN)


def test_an_exception_is_told_without_its_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("production")
    password = "open sesame"
    try:
        int(f"x{len(password)}")
    except ValueError:
        structlog.get_logger("test").exception("failed")
    line = last_line(capsys)
    assert "ValueError" in line["exception"]
    assert "open sesame" not in line["exception"]


def test_development_writes_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("development")
    structlog.get_logger("test").info("answered", status=200)
    assert "status=200" in capsys.readouterr().err
