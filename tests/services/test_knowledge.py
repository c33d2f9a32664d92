"""Lists, counts, pages and related texts hold what the reader may read, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, event, select, update

from portal.db import Database
from portal.domain.errors import NotFound
from portal.domain.permissions import Role
from portal.models import KnowledgeAudience, KnowledgeItem
from portal.services.audience import reading
from portal.services.content_files import load_content
from portal.services.knowledge import list_items, read_item, shelves
from portal.services.knowledge_features import feature_name
from portal.tenancy import Scope
from tests.hub import ACME, READERS, TEXTS, fill, readable_by, reader, write_text, writing
from tests.moments import NOON


@pytest.fixture
def hub(database: Database, tmp_path: Path) -> Database:
    fill(database, tmp_path)
    return database


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the block sends."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        # PostgreSQL is told of the accounts at the beginning of each transaction.
        if statement.startswith("SELECT") and "set_config" not in statement:
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("name", READERS)
def test_each_reader_lists_counts_and_opens_their_own(hub: Database, name: str) -> None:
    expected = readable_by(name)
    with reader(hub, name) as session:
        items = list_items(session)
        assert {line.slug for line in items.lines} == expected
        assert items.total == len(expected)
        assert dict(items.counts) == {"faq": len(expected)}
        shelf = shelves(session, each=10)
        assert {line.slug for line in shelf.lines} == expected
        assert dict(shelf.counts) == {"faq": len(expected)}
        assert list_items(session, feature="feature-one").total == len(expected)
        for slug in TEXTS:
            if slug in expected:
                page = read_item(session, slug)
                assert {line.slug for line in page.related} == expected - {slug}
                assert page.public == (slug == "for-everyone")
            else:
                with pytest.raises(NotFound):
                    read_item(session, slug)


def test_the_answer_for_a_foreign_text_is_that_for_a_missing_one(hub: Database) -> None:
    said = set()
    for slug in ("for-globex", "not-there"):
        with reader(hub, "acme") as session, pytest.raises(NotFound) as refusal:
            read_item(session, slug)
        said.add((refusal.value.message, refusal.value.code))
    assert len(said) == 1


def test_a_machine_bound_to_an_account_reads_what_its_people_do(hub: Database) -> None:
    bound = Scope(user_id=None, role=Role.MANAGER, accounts=frozenset({ACME}), now=NOON)
    with hub.session(bound) as session:
        assert {line.slug for line in list_items(session).lines} == readable_by("acme")


def test_a_machine_bound_to_no_account_reads_what_is_public(hub: Database) -> None:
    bound = Scope(user_id=None, role=Role.MANAGER, accounts=frozenset(), now=NOON)
    with hub.session(bound) as session:
        assert {line.slug for line in list_items(session).lines} == {"for-everyone"}


def test_a_text_without_tokens_is_read_by_nobody(hub: Database) -> None:
    with writing(hub) as session:
        session.execute(delete(KnowledgeAudience))
        session.commit()
    for name in READERS:
        with reader(hub, name) as session:
            assert list_items(session).total == 0


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_what_is_not_published_is_read_by_nobody(hub: Database, state: str) -> None:
    with writing(hub) as session:
        session.execute(update(KnowledgeItem).values(state=state))
        session.commit()
    for name in READERS:
        with reader(hub, name) as session:
            assert list_items(session).total == 0
            assert shelves(session).total == 0
            with pytest.raises(NotFound):
                read_item(session, "for-everyone")


def test_a_text_is_read_in_the_reader_s_language_or_the_nearest(
    hub: Database, tmp_path: Path
) -> None:
    write_text(tmp_path, "for-everyone", "public", locale="zh-Hans")
    with writing(hub) as session:
        load_content(session, tmp_path)
    for locale, shown in (("en", "en"), ("zh-Hans", "zh-Hans"), ("zh-Hant", "zh-Hans")):
        with reader(hub, "visitor", locale) as session:
            page = read_item(session, "for-everyone")
            assert page.line.locale == shown
            assert set(page.locales) == {"en", "zh-Hans"}
            assert list_items(session).lines[0].locale == shown
    with reader(hub, "acme", "zh-Hans") as session:
        assert read_item(session, "for-acme").line.locale == "en"


def test_a_list_is_of_one_type_in_pages_newest_first(hub: Database, tmp_path: Path) -> None:
    write_text(tmp_path, "newest", "public", published="2026-02-28")
    with writing(hub) as session:
        load_content(session, tmp_path)
    with reader(hub, "admin") as session:
        first = list_items(session, kind="faq", limit=4)
        second = list_items(session, kind="faq", limit=4, offset=4)
        assert first.lines[0].slug == "newest"
        assert (first.total, len(first.lines), len(second.lines)) == (6, 4, 2)
        assert list_items(session, kind="guide").total == 0
        assert list_items(session, feature="feature-two").total == 0
        assert [line.slug for line in shelves(session, each=1).lines] == ["newest"]


def test_feature_names_come_from_the_catalogue_or_the_key(hub: Database) -> None:
    with reader(hub, "acme") as session:
        assert feature_name(session, "audit-trail") == "Audit trail"
        assert read_item(session, "for-acme").features == [("feature-one", "Feature one")]


def test_reading_takes_few_statements(hub: Database) -> None:
    with reader(hub, "acme") as session, counted(hub) as sent:
        reading(session)
        list_items(session)
    assert len(sent) <= 4
    with reader(hub, "acme") as session, counted(hub) as sent:
        reading(session)
        shelves(session)
    assert len(sent) <= 4
    with reader(hub, "acme") as session, counted(hub) as sent:
        reading(session)
        read_item(session, "for-acme")
    assert len(sent) <= 4


def test_the_change_number_is_the_same_for_all(hub: Database) -> None:
    numbers = set()
    for name in READERS:
        with reader(hub, name) as session:
            numbers.add(reading(session).change)
    assert numbers == {1}


def test_the_tokens_of_named_accounts_are_stored_by_key(hub: Database) -> None:
    with writing(hub) as session:
        tokens = session.scalars(
            select(KnowledgeAudience.token)
            .join(KnowledgeItem, KnowledgeItem.id == KnowledgeAudience.item_id)
            .where(KnowledgeItem.slug == "for-acme")
        )
        assert set(tokens) == {"account:acme", "vendor"}
