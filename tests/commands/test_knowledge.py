"""`paceline content load | export` and `paceline reindex`, on both databases."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import cli
from portal.db import Database
from portal.domain.errors import Invalid
from portal.jobs.registry import known_kinds
from portal.services.knowledge_drafts import DraftInput, open_draft, save_draft
from portal.services.knowledge_workflow import publish_now
from tests.hub import CONTENT, write_text, writing


@pytest.fixture
def environment(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    # The commands run in this process, whose logging is the tests'.
    monkeypatch.setattr("portal.commands.context.configure_logging", lambda _environment: None)
    return {
        "PACELINE_ENVIRONMENT": "test",
        "PACELINE_DATABASE_URL": database_url,
        "PACELINE_DATA_DIR": str(tmp_path / "data"),
    }


def run(environment: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(cli, list(words), env=environment)


def test_content_goes_in_and_comes_out(environment: dict[str, str], tmp_path: Path) -> None:
    texts = len(list(CONTENT.glob("*/*.md")))
    loaded = run(environment, "content", "load", str(CONTENT))
    assert loaded.exit_code == 0, loaded.output
    assert f"{texts} new, 0 changed, 0 as they were." in loaded.output
    again = run(environment, "content", "load", str(CONTENT))
    assert f"0 new, 0 changed, {texts} as they were." in again.output
    exported = run(environment, "content", "export", str(tmp_path / "out"))
    assert exported.exit_code == 0, exported.output
    for file in (path for path in CONTENT.glob("*/**/*") if path.is_file()):
        assert (tmp_path / "out" / file.relative_to(CONTENT)).read_bytes() == file.read_bytes()
    lessons = len(list(CONTENT.glob("courses/*/[0-9][0-9]-*.md")))
    assert f"{texts + lessons} texts are searchable." in run(environment, "reindex").output
    assert list((tmp_path / "data").glob("search/*/CURRENT"))


def test_what_both_have_changed_ends_with_a_code_of_its_own(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """As a pipeline meets it: no question asked, the files named, and one side taken at will."""
    run(environment, "migrate")
    texts = tmp_path / "texts"
    write_text(texts, "one", "public")
    assert run(environment, "content", "load", str(texts)).exit_code == 0
    database = Database(environment["PACELINE_DATABASE_URL"])
    with writing(database) as session:
        token = open_draft(session, "one", "en").token
        save_draft(session, "one", "en", DraftInput({}, "Edited in the portal.\n"), token)
        publish_now(session, "one")
    database.dispose()
    unchanged = run(environment, "content", "load", str(texts))
    assert (unchanged.exit_code, "newer in the portal" in unchanged.output) == (0, True)
    write_text(texts, "one", "public", body="Edited in the file.\n")
    both = run(environment, "content", "load", str(texts))
    assert both.exit_code == 3
    assert "faqs/one.en.md: body (+1 −1 words)" in both.output
    assert run(environment, "content", "load", "--theirs", str(texts)).exit_code == 0
    assert "1 as they were" in run(environment, "content", "load", str(texts)).output


def test_what_is_wrong_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    write_text(tmp_path / "texts", "one", "everyone")
    result = run(environment, "content", "load", str(tmp_path / "texts"))
    assert result.exit_code != 0
    # The group itself raises; `main` makes the sentence (tested with the command line's own).
    assert isinstance(result.exception, Invalid)
    assert set(result.exception.fields) == {"faqs/one.en.md: audience"}


def test_a_folder_that_is_not_there_is_refused(environment: dict[str, str]) -> None:
    result = run(environment, "content", "load", "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.output


def test_the_doctor_names_the_state_of_the_index(
    environment: dict[str, str], tmp_path: Path
) -> None:
    run(environment, "migrate")

    def told() -> str:
        lines = run(environment, "doctor").output.splitlines()
        return next(line for line in lines if "search index" in line)

    assert told() == "ok   search index: no texts yet"
    write_text(tmp_path / "texts", "one", "public")
    run(environment, "content", "load", str(tmp_path / "texts"))
    assert told() == "ok   search index: change 1 of 1, 1 texts, 0.0 MiB"
    next((tmp_path / "data").glob("search/*/generation-*/texts.bin")).write_bytes(b"")
    assert told() == ("BAD  search index: none that is sound: `paceline reindex` builds it")
    assert "1 texts are searchable" in run(environment, "reindex").output
    assert told().startswith("ok")


def test_the_worker_knows_the_job_that_a_load_asks_for() -> None:
    assert "search.reindex" in known_kinds()


def test_a_backup_that_cannot_be_written_says_so(
    environment: dict[str, str], tmp_path: Path
) -> None:
    told = run(environment, "backup", str(tmp_path / "missing" / "b.tar.gz"))
    assert told.exit_code == 1
    assert "No such file or directory" in told.output
