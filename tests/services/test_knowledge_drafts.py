"""Working copies: what one types is kept, whoever else types at the same time."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from portal.domain.knowledge_workflow import Action, Stage
from portal.models import AuditEntry, KnowledgeItem, KnowledgeRevision
from portal.services.knowledge import read_item
from portal.services.knowledge_drafts import (
    DraftInput,
    EditConflict,
    discard_draft,
    open_draft,
    save_draft,
    start_item,
)
from tests.hub import reader, writing
from tests.newsroom import ANNA, BO, PRACTICE, as_writer, newsroom

BODY = "## Method\n\nDo it.\n"


@pytest.fixture
def room(database: Database) -> Database:
    return newsroom(database)


def begin(room: Database, slug: str = "two-levels", **fields: Any) -> str:
    with as_writer(room, ANNA) as session:
        return start_item(session, "best-practice", slug, "en", {**PRACTICE, **fields}, BODY)


def typed(body: str = BODY, **fields: Any) -> DraftInput:
    return DraftInput(fields, body)


def revisions(room: Database) -> list[tuple[int, str, str]]:
    with writing(room) as session:
        rows = session.execute(
            select(
                KnowledgeRevision.number, KnowledgeRevision.author, KnowledgeRevision.body
            ).order_by(KnowledgeRevision.id)
        )
        return [(number, author, body) for number, author, body in rows]


def test_a_text_begins_as_its_writers_alone_see_it(room: Database) -> None:
    assert begin(room) == "two-levels"
    with as_writer(room, BO) as session:
        draft = open_draft(session, "two-levels", "en")
    assert (draft.body, draft.fields["title"], draft.editor) == (BODY, PRACTICE["title"], "Anna")
    assert (draft.state, draft.item_state, draft.published) == (Stage.DRAFT, "draft", 0)
    assert draft.fields["audience"] == "customers"
    assert draft.fields["published"] is None
    for name in ("visitor", "acme", "admin"):
        with reader(room, name) as session, pytest.raises(NotFound):
            read_item(session, "two-levels")


def test_without_a_body_it_begins_with_the_headings_of_its_type(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        slug = start_item(session, "best-practice", "", "zh-Hant", {"title": "兩級就夠了"})
        assert slug == "best-practice"
        assert open_draft(session, slug, "zh-Hant").body.startswith("## 情境\n\n")
        assert start_item(session, "best-practice", "", "en", {}) == "best-practice-2"


def test_addresses_are_the_title_s_and_never_twice(room: Database) -> None:
    assert begin(room, "") == "two-levels-are-enough"
    assert begin(room, "") == "two-levels-are-enough-2"
    with pytest.raises(Conflict) as refusal:
        begin(room, "two-levels-are-enough")
    assert refusal.value.code == "slug-taken"


@pytest.mark.parametrize(
    ("kind", "slug", "fields", "wrong"),
    [
        ("poem", "", {}, "type"),
        ("faq", "A b", {}, "slug"),
        ("faq", "", {"title": "a" * 301}, "title"),
        ("faq", "", {"effect": "x"}, "effect"),
        ("faq", "", {"features": ["A b"]}, "features"),
        ("faq", "", {"review_by": "2026-02-30"}, "review_by"),
        ("event", "", {"zone": "Mars/North"}, "zone"),
        ("event", "", {"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_what_cannot_be_is_named(
    room: Database, kind: str, slug: str, fields: dict[str, Any], wrong: str
) -> None:
    with as_writer(room, ANNA) as session, pytest.raises(Invalid) as refusal:
        start_item(session, kind, slug, "en", fields)
    assert set(refusal.value.fields) == {wrong}


def test_readers_write_nothing(room: Database) -> None:
    begin(room)
    for name in ("acme", "visitor"):
        with reader(room, name) as session:
            with pytest.raises(Forbidden):
                open_draft(session, "two-levels", "en")
            with pytest.raises(Forbidden):
                start_item(session, "faq", "x", "en", {})
            with pytest.raises(Forbidden):
                save_draft(session, "two-levels", "en", typed(), "x")


def test_saving_makes_a_revision_and_typing_does_not(room: Database) -> None:
    begin(room)
    with as_writer(room, ANNA) as session:
        token = open_draft(session, "two-levels", "en").token
        for words in ("a\n", "ab\n", "abc\n"):
            typing = DraftInput({}, words, autosave=True)
            token = save_draft(session, "two-levels", "en", typing, token).token
    assert revisions(room) == []
    with as_writer(room, ANNA) as session:
        saved = save_draft(session, "two-levels", "en", typed("abc\n"), token)
        again = save_draft(session, "two-levels", "en", typed("abc\n"), saved.token)
        assert again.body == "abc\n"
    assert revisions(room) == [(1, "Anna", "abc\n")]


def test_the_second_is_told_and_shown_and_nothing_is_lost(room: Database) -> None:
    begin(room)
    with as_writer(room, BO) as session:
        opened = open_draft(session, "two-levels", "en").token
    with as_writer(room, ANNA) as session:
        typing = DraftInput({}, "hers\n", autosave=True)
        save_draft(session, "two-levels", "en", typing, opened)
    with as_writer(room, BO) as session:
        with pytest.raises(EditConflict) as refusal:
            save_draft(session, "two-levels", "en", typed("his\n"), opened)
        assert (refusal.value.by, refusal.value.theirs.body) == ("Anna", "hers\n")
        save_draft(session, "two-levels", "en", typed("his\n"), refusal.value.theirs.token)
    # Anna had pressed nothing: what she typed is kept in her name all the same.
    assert revisions(room) == [(1, "Anna", "hers\n"), (2, "Bo", "his\n")]


def test_an_answer_that_got_lost_is_no_conflict(room: Database) -> None:
    begin(room)
    with as_writer(room, ANNA) as session:
        token = open_draft(session, "two-levels", "en").token
        first = save_draft(session, "two-levels", "en", typed("x\n"), token)
        assert save_draft(session, "two-levels", "en", typed("x\n"), token).body == first.body


def test_what_the_languages_share_is_shared_in_the_copy_too(room: Database) -> None:
    begin(room)
    with as_writer(room, ANNA) as session:
        english = open_draft(session, "two-levels", "en")
        chinese = open_draft(session, "two-levels", "zh-Hans")
        assert (chinese.body, chinese.fields["title"]) == ("", "")
        assert chinese.fields["features"] == english.fields["features"]
        said = typed("做。\n", title="两级就够了", audience="public")
        save_draft(session, "two-levels", "zh-Hans", said, chinese.token)
        assert open_draft(session, "two-levels", "en").fields["audience"] == "public"
        # The English writer is told: what they would save says otherwise.
        with pytest.raises(EditConflict):
            save_draft(session, "two-levels", "en", typed("x\n"), english.token)


def test_lines_are_tidied_and_line_ends_are_a_file_s(room: Database) -> None:
    begin(room)
    with as_writer(room, ANNA) as session:
        token = open_draft(session, "two-levels", "en").token
        given = typed("\r\na\r\nb\r\n\r\n", title="  Two \n levels ")
        saved = save_draft(session, "two-levels", "en", given, token)
    assert (saved.body, saved.fields["title"]) == ("a\nb\n", "Two levels")


def test_a_copy_is_thrown_away_and_a_revision_keeps_it(room: Database) -> None:
    begin(room)
    with as_writer(room, ANNA) as session:
        discard_draft(session, "two-levels", "en")
        assert open_draft(session, "two-levels", "en").body == ""
        with pytest.raises(Conflict):
            discard_draft(session, "two-levels", "en")
    assert revisions(room) == [(1, "Anna", BODY)]


def test_each_beginning_is_audited_and_owned(room: Database) -> None:
    begin(room)
    with writing(room) as session:
        entry = session.scalars(select(AuditEntry)).one()
        owner = session.scalars(select(KnowledgeItem.owner_id)).one()
    assert (entry.action, entry.object_key, owner) == ("knowledge.started", "two-levels", ANNA)


def test_a_csm_writes_and_an_editor_publishes(room: Database) -> None:
    begin(room)
    with as_writer(room, ANNA) as session:
        assert Action.ASK in open_draft(session, "two-levels", "en").may
        assert Action.PUBLISH not in open_draft(session, "two-levels", "en").may
    with as_writer(room, BO) as session:
        assert Action.PUBLISH in open_draft(session, "two-levels", "en").may
