"""A PostgreSQL database that cannot hold every text is refused with a sentence, before anything."""

import sys
from collections.abc import Iterator

import pytest

from portal.cli import main
from tests.postgres import Server

NAME = "in_ascii"


@pytest.fixture(scope="module")
def ascii_url(postgres: Server) -> Iterator[str]:
    yield postgres.create(NAME, encoding="SQL_ASCII")
    postgres.drop(NAME)


@pytest.mark.parametrize("command", ["migrate", "serve", "doctor", "worker"])
def test_one_sentence_names_the_encoding_and_the_remedy(
    ascii_url: str,
    command: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PACELINE_ENVIRONMENT", "test")
    monkeypatch.setenv("PACELINE_DATABASE_URL", ascii_url)
    monkeypatch.setenv("PACELINE_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setattr("portal.commands.context.configure_logging", lambda _environment: None)
    monkeypatch.setattr(sys, "argv", ["paceline", command])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr()
    told = said.out if command == "doctor" else said.err
    (line,) = (one for one in told.splitlines() if "encoding" in one)
    assert "encoding is SQL_ASCII; Paceline needs UTF8." in line
    assert "Traceback" not in said.err
