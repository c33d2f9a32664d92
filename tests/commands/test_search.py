"""`paceline search check`: silent about what holds, exit 1 where an answer got worse."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from portal.cli import cli
from portal.db import Database
from portal.domain.relevance import Verdict
from portal.models import JudgedQuestion
from portal.search import Engine
from portal.search.alone import only_one
from portal.services.search_index import FOLDER
from portal.services.search_judgements import Opinion, judge
from tests.hub import fill, writing


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def test_what_got_worse_is_named(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.commands.context.configure_logging", lambda _environment: None)
    monkeypatch.setenv("PACELINE_ENVIRONMENT", "test")
    monkeypatch.setenv("PACELINE_DATABASE_URL", database_url)
    monkeypatch.setenv("PACELINE_DATA_DIR", str(tmp_path))
    fill(database, tmp_path / "texts")
    assert run("search", "check").output == "Nothing is judged yet.\n"
    run("reindex")
    engine = Engine(tmp_path / FOLDER)
    with writing(database) as session:
        judge(session, engine, Opinion("for acme", "en", "for-acme", Verdict.GOOD))
    good = run("search", "check")
    assert (good.exit_code, good.output.count("\n")) == (0, 1)
    with writing(database) as session:
        judge(session, engine, Opinion("zebra", "en", "for-acme", Verdict.MISSING))
        session.execute(update(JudgedQuestion).values(baseline=1.0))
        session.commit()
    worse = run("search", "check")
    assert worse.exit_code == 1
    assert "0.000 (was 1.000)  en  zebra  [for-acme missing not found]" in worse.output
    accepted = run("search", "check", "--accept")
    assert (accepted.exit_code, run("search", "check").exit_code) == (0, 0)


def test_learning_is_done_by_one_process_and_tells_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter((1200, 0))
    monkeypatch.setattr("portal.commands.context.configure_logging", lambda _environment: None)
    monkeypatch.setattr("portal.commands.search.os.nice", lambda _more: 0)
    monkeypatch.setattr(Engine, "learn", lambda _engine, _seconds: next(left))
    monkeypatch.setenv("PACELINE_ENVIRONMENT", "test")
    monkeypatch.setenv("PACELINE_DATA_DIR", str(tmp_path))
    with only_one(tmp_path / FOLDER, "LEARNING"):
        assert run("search", "learn").output == "Another process is at it.\n"
    told = run("search", "learn").output
    assert told == "1,200 passages left\nAll that can be learnt here is learnt.\n"


def test_without_an_index_there_is_nothing_to_learn_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.commands.context.configure_logging", lambda _environment: None)
    monkeypatch.setattr("portal.commands.search.os.nice", lambda _more: 0)
    monkeypatch.setenv("PACELINE_ENVIRONMENT", "test")
    monkeypatch.setenv("PACELINE_DATA_DIR", str(tmp_path))
    failed = run("search", "learn")
    assert failed.exit_code == 1
    assert "no sound index" in failed.output
