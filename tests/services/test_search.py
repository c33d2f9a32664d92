"""Search around the engine: trimmed to the reader, never later than the database allows."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, update

from portal.db import Database
from portal.models import KnowledgeItem
from portal.search import Engine
from portal.services.content_files import load_content
from portal.services.search import Answer, Question, search_knowledge
from portal.services.search_index import FOLDER, follow, reindex
from portal.tenancy import TenancyError
from tests.hub import READERS, TEXTS, fill, readable_by, reader, write_text, writing

# What each text holds, alone and in Chinese, corrected and begun; what none holds.
WORDS = {"penguin": "en", "企鹅": "zh-Hans", "企鵝": "zh-Hant"}
QUESTIONS = (*WORDS, "pengiun", "peng", "", "\x00", "NOT " * 400, '"penguin"')


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path / FOLDER)


@pytest.fixture
def hub(database: Database, tmp_path: Path, engine: Engine) -> Database:
    """Three languages, indexed."""
    fill(database, tmp_path / "texts", ("en", "zh-Hans", "zh-Hant"))
    build(database, engine)
    return database


def build(database: Database, engine: Engine) -> None:
    with writing(database) as session:
        reindex(session, engine)


def ask(database: Database, engine: Engine, name: str, text: str, locale: str = "en") -> Answer:
    with reader(database, name, locale) as session:
        return search_knowledge(session, engine, Question(text))


def slugs(answer: Answer) -> set[str]:
    return {found.line.slug for found in answer.found}


def test_nobody_finds_or_counts_what_they_may_not_read(
    hub: Database, engine: Engine, tmp_path: Path
) -> None:
    for asked, plain in ((engine, False), (Engine(tmp_path / "no-index"), True)):
        for name, question in itertools.product(READERS, QUESTIONS):
            answer = ask(hub, asked, name, question)
            assert slugs(answer) <= readable_by(name)
            assert answer.total == len(answer.found) == sum(answer.counts.values())
            assert answer.plain is plain


def test_everybody_finds_their_own_in_any_language(hub: Database, engine: Engine) -> None:
    for name, question, locale in itertools.product(READERS, WORDS, WORDS.values()):
        answer = ask(hub, engine, name, question, locale)
        assert slugs(answer) == readable_by(name)
        assert {found.line.locale for found in answer.found} == {locale}


def test_a_word_of_a_foreign_text_is_not_suggested(
    hub: Database, engine: Engine, tmp_path: Path
) -> None:
    body = "The albatross is a secret of Globex.\n"
    write_text(tmp_path / "texts", "for-globex", "{accounts: [globex]}", body=body)
    with writing(hub) as session:
        load_content(session, tmp_path / "texts")
    build(hub, engine)
    assert ask(hub, engine, "globex", "albtaross").did_you_mean == "albatross"
    for name in ("visitor", "acme"):
        answer = ask(hub, engine, name, "albtaross")
        assert (answer.did_you_mean, answer.total) == (None, 0)


def test_a_withdrawn_text_is_gone_before_the_index_is_built(hub: Database, engine: Engine) -> None:
    assert "for-customers" in slugs(ask(hub, engine, "acme", "penguin"))
    with writing(hub) as session:
        session.execute(
            update(KnowledgeItem)
            .where(KnowledgeItem.slug == "for-customers")
            .values(state="archived", guarded_in=2)
        )
        session.commit()
    answer = ask(hub, engine, "acme", "penguin")
    assert slugs(answer) == {"for-everyone", "for-acme"}
    assert (answer.total, answer.counts) == (2, {"faq": 2})


def test_a_narrowed_text_is_gone_before_the_index_is_built(
    hub: Database, engine: Engine, tmp_path: Path
) -> None:
    for locale in ("en", "zh-Hans", "zh-Hant"):
        write_text(tmp_path / "texts", "for-customers", "vendor", locale=locale)
    with writing(hub) as session:
        load_content(session, tmp_path / "texts")
    answer = ask(hub, engine, "acme", "penguin")
    assert slugs(answer) == {"for-everyone", "for-acme"}
    assert (answer.total, answer.behind, answer.plain) == (2, True, False)
    build(hub, engine)
    assert slugs(ask(hub, engine, "admin", "penguin")) == set(TEXTS)
    assert slugs(ask(hub, engine, "acme", "penguin")) == {"for-everyone", "for-acme"}


def test_a_damaged_index_is_said_and_the_rows_are_read(
    hub: Database, engine: Engine, tmp_path: Path
) -> None:
    for file in (tmp_path / FOLDER).rglob("*"):
        if file.is_file() and file.name not in {"LOCK", "FOLLOW", "USED"}:
            file.write_bytes(file.read_bytes()[:-9])
    answer = ask(hub, engine, "acme", "penguin")
    assert slugs(answer) == readable_by("acme")
    assert (answer.plain, answer.behind) == (True, True)
    with writing(hub) as session:
        assert follow(session, engine, tmp_path)
    answer = ask(hub, engine, "acme", "penguin")
    assert (answer.plain, answer.behind) == (False, False)


def test_without_an_index_the_likeliest_are_read_and_no_more(
    hub: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = Engine(tmp_path / "no-index")
    for asked in ("PENGUINS", "企鹅", "企鵝", '"the penguin"'):
        answer = ask(hub, none, "admin", asked, "zh-Hant")
        assert slugs(answer) == set(TEXTS), asked
        assert {found.line.locale for found in answer.found} == {"zh-Hant"}
    assert ask(hub, none, "acme", "100%").total == ask(hub, none, "acme", "penguin_").total - 3 == 0
    monkeypatch.setattr("portal.services.search.MOST_READ", 2)
    assert ask(hub, none, "admin", "penguin").total == 2


def test_an_index_of_another_database_is_not_believed(
    hub: Database, engine: Engine, tmp_path: Path
) -> None:
    with writing(hub) as session:
        engine.rebuild([], 99)
        assert ask(hub, engine, "acme", "penguin").plain
        assert follow(session, engine, tmp_path)
    assert not ask(hub, engine, "acme", "penguin").plain


def test_following_happens_once_and_only_where_it_is_behind(
    hub: Database, engine: Engine, tmp_path: Path
) -> None:
    with writing(hub) as session:
        assert not follow(session, engine, tmp_path)
        write_text(tmp_path / "texts", "fresh", "public")
        load_content(session, tmp_path / "texts")
        assert follow(session, engine, tmp_path)
        assert not follow(session, engine, tmp_path)
    assert "fresh" in slugs(ask(hub, engine, "visitor", "penguin"))


def test_an_empty_hub_finds_nothing_and_complains_of_nothing(
    database: Database, engine: Engine
) -> None:
    answer = ask(database, engine, "visitor", "penguin")
    assert (answer.total, answer.plain, answer.behind) == (0, False, False)


def test_only_a_scope_over_all_accounts_builds_the_index(hub: Database, engine: Engine) -> None:
    with reader(hub, "acme") as session, pytest.raises(TenancyError):
        reindex(session, engine)


def test_types_and_pages_narrow_the_answer(hub: Database, engine: Engine) -> None:
    with reader(hub, "admin") as session:
        none = search_knowledge(session, engine, Question("penguin", types=["guide"]))
        assert (none.total, none.counts) == (0, {"faq": 5})
        seen = set()
        for offset in range(0, 6, 2):
            page = search_knowledge(session, engine, Question("penguin", limit=2, offset=offset))
            assert page.total == 5
            seen |= slugs(page)
        assert seen == set(TEXTS)


def test_a_hit_tells_where_its_words_were_found(
    hub: Database, engine: Engine, tmp_path: Path
) -> None:
    write_text(tmp_path / "texts", "walrus", "public", body="The walrus.\n")
    with writing(hub) as session:
        load_content(session, tmp_path / "texts")
    build(hub, engine)
    (found,) = ask(hub, engine, "visitor", "walrus", "zh-Hant").found
    assert (found.line.locale, found.matched_locale, found.url) == (
        "en",
        "en",
        "/knowledge/walrus",
    )
    assert ("walrus", True) in found.passage


def test_lines_of_hits_are_found_by_name_whatever_number_is_published(
    hub: Database, engine: Engine
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        asked.append((given[2], given[3]))

    event.listen(hub.engine, "before_cursor_execute", note)
    ask(hub, engine, "vendor", "penguin")
    lines = next(one for one in asked if "knowledge_version.summary" in one[0])
    if hub.engine.dialect.name == "sqlite":
        with hub.system() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {lines[0]}", lines[1]).all()
        assert "slug=?" in str(plan)
        assert "state=?" not in str(plan)
