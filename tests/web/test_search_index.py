"""Processes that serve follow the change log by themselves, one writing for all of its machine."""

from pathlib import Path

import pytest
from flask import Flask

from portal.config import Settings
from portal.db import Database
from portal.search import Engine
from portal.search.storage import home
from portal.services.content_files import load_content
from portal.services.search_index import newest_change
from portal.web import search_index
from portal.web.search_index import SearchIndex
from portal.web.state import State
from tests.hub import fill, write_text, writing


def _process(database: Database, folder: Path) -> SearchIndex:
    settings = Settings.model_validate({"environment": "test", "data_dir": folder})
    return SearchIndex(State(settings, database))


@pytest.fixture
def hub(database: Database, tmp_path: Path) -> Database:
    fill(database, tmp_path / "texts")
    return database


def _publish(hub: Database, tmp_path: Path, slug: str) -> int:
    write_text(tmp_path / "texts", slug, "public")
    with writing(hub) as session:
        load_content(session, tmp_path / "texts")
        return newest_change(session)


def test_each_process_of_each_node_follows_without_a_worker_or_a_search(
    hub: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = [tmp_path / "node1", tmp_path / "node1", tmp_path / "node2"]
    processes = [_process(hub, folder) for folder in nodes]
    written: list[Path] = []
    publish = Engine.revise

    def revise(self: Engine, *given: object) -> None:
        written.append(self._folder)
        publish(self, *given)  # type: ignore[arg-type] # as they come

    monkeypatch.setattr(Engine, "revise", revise)
    for process in processes:
        process.look()
    assert [one.engine.change_number for one in processes] == [1, 1, 1]
    newest = _publish(hub, tmp_path, "fresh")
    for process in processes:
        process.look()
        process.look()
    assert [one.engine.change_number for one in processes] == [newest] * 3
    assert written == [home(nodes[0] / "search"), home(nodes[2] / "search")]


def test_a_search_never_waits_for_the_next_generation(hub: Database, tmp_path: Path) -> None:
    process, other = (_process(hub, tmp_path / "node1") for _ in range(2))
    process.look()
    newest = _publish(hub, tmp_path, "fresh")
    other.look()
    assert process.engine.change_number == newest - 1
    assert process.engine.search("fresh", locale="en", audiences=frozenset({"public"})).total == 0
    process.look()
    assert process.engine.change_number == newest
    assert process.engine.search("fresh", locale="en", audiences=frozenset({"public"})).total == 1


@pytest.mark.processes
def test_a_process_that_serves_has_a_missing_index_built_elsewhere(
    database_url: str, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, tmp_path / "texts")
    monkeypatch.setenv("PACELINE_ENVIRONMENT", "test")
    monkeypatch.setenv("PACELINE_DATABASE_URL", database_url)
    monkeypatch.setenv("PACELINE_DATA_DIR", str(tmp_path / "node1"))
    process = _process(database, tmp_path / "node1")
    monkeypatch.setattr("threading.Thread.start", lambda _: None)
    process.keep_following()
    process.look()
    assert process.engine.change_number == 1


def test_a_process_that_serves_begins_to_follow(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[SearchIndex] = []
    monkeypatch.setattr(SearchIndex, "keep_following", lambda self: begun.append(self))  # noqa: PLW0108 - a method is bound
    app = Flask("portal")
    settings = Settings.model_validate({"environment": "test", "data_dir": tmp_path})
    app.extensions["paceline"] = State(settings, database)
    search_index.keep_following(app)
    assert begun == [app.extensions[search_index.KEPT]]
