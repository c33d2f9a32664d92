"""The fixtures themselves: both engines are real, empty, and without a superuser's powers."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from portal.db import Base, Database
from tests.postgres import OWNER, Server, shared_server


def _names(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.execute(text("SELECT name FROM vendor")).scalars())


def test_tables_are_there_and_empty(database: Database) -> None:
    assert set(inspect(database.engine).get_table_names()) >= set(Base.metadata.tables)
    assert _names(database) == []


@pytest.mark.parametrize("turn", [1, 2])
def test_rows_of_one_test_are_gone_in_the_next(database: Database, turn: int) -> None:
    assert _names(database) == []
    table = Base.metadata.tables["rate_bucket"]
    with database.engine.begin() as connection:
        before = connection.execute(text("SELECT count(*) FROM rate_bucket")).scalar_one()
        columns = {c.name: c.type.python_type for c in table.c if not c.nullable}
        assert columns
    assert before == 0, turn


def test_the_owner_is_no_superuser(postgres_with_tables: str) -> None:
    engine = create_engine(postgres_with_tables)
    with engine.connect() as connection:
        name, is_super, passes_policies = connection.execute(
            text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = user")
        ).one()
    engine.dispose()
    assert (name, is_super, passes_policies) == (OWNER, False, False)


def test_a_blank_database_has_no_tables(blank_url: str) -> None:
    engine = create_engine(blank_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_workers_share_one_server(postgres: Server, tmp_path: Path) -> None:
    (tmp_path / "superuser").write_text(postgres.superuser)
    assert shared_server(tmp_path) == postgres


def test_a_server_that_cannot_start_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACELINE_TEST_POSTGRES", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Exception, match="refused"):
        shared_server(tmp_path)


def test_what_is_erased_is_not_left_on_free_pages(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
