"""From a working copy to what is read, and who may do what on the way."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from portal.domain.knowledge_workflow import Stage
from portal.models import (
    AuditEntry,
    Job,
    KnowledgeDraft,
    KnowledgeItem,
    KnowledgeVersion,
    OutboxMessage,
)
from portal.services.knowledge import read_item
from portal.services.knowledge_drafts import DraftInput, open_draft, save_draft, start_item
from portal.services.knowledge_revisions import compare, list_revisions, restore
from portal.services.knowledge_workflow import (
    approve,
    archive,
    ask_for_review,
    bring_back,
    due_slugs,
    publish_due,
    publish_now,
    schedule,
    send_back,
    take_back,
    unschedule,
)
from tests.hub import reader, writing
from tests.moments import NOON
from tests.newsroom import ANNA, BO, CLEO, PRACTICE, as_writer, newsroom

BODY = "## Method\n\nDo it.\n"
SLUG = "two-levels"


@pytest.fixture
def room(database: Database) -> Database:
    newsroom(database)
    with as_writer(database, ANNA) as session:
        start_item(session, "best-practice", SLUG, "en", PRACTICE, BODY)
    return database


def write(room: Database, body: str, locale: str = "en", **fields: Any) -> None:
    with as_writer(room, ANNA) as session:
        token = open_draft(session, SLUG, locale).token
        save_draft(session, SLUG, locale, DraftInput(fields, body), token)


def ask(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        ask_for_review(session, SLUG, "bo")


def read(room: Database, locale: str = "en") -> str:
    with reader(room, "acme", locale) as session:
        return read_item(session, SLUG).html


def announced(room: Database) -> list[str]:
    with writing(room) as session:
        return [
            kind
            for kind in session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id))
            if kind.startswith("knowledge")
        ]


def test_written_reviewed_and_read(room: Database) -> None:
    ask(room)
    with as_writer(room, BO) as session:
        draft = open_draft(session, SLUG, "en")
        assert (draft.state, draft.reviewer) == (Stage.REVIEW, "Bo")
        approve(session, SLUG)
        draft = open_draft(session, SLUG, "en")
        # The second revision says the day of publication.
        assert (draft.state, draft.item_state, draft.published) == (Stage.NONE, "published", 2)
        assert draft.fields["published"] == NOON.date().isoformat()
        assert draft.fields["minutes"] == 1
    assert "Do it." in read(room)
    assert announced(room) == ["knowledge.asked", "knowledge.went-live"]
    with writing(room) as session:
        actions = set(session.scalars(select(AuditEntry.action)))
        assert {"knowledge.review-asked", "knowledge.published"} <= actions
        assert session.scalars(select(KnowledgeDraft.id)).all() == []
        assert "search.reindex" in session.scalars(select(Job.name)).all()


def test_a_newer_copy_is_written_while_the_old_one_is_read(room: Database) -> None:
    with as_writer(room, BO) as session:
        publish_now(session, SLUG)
    write(room, "Better.\n")
    ask(room)
    assert "Do it." in read(room)
    with as_writer(room, BO) as session:
        approve(session, SLUG)
    assert "Better." in read(room)
    with as_writer(room, ANNA) as session:
        lines = list_revisions(session, SLUG, "en")
        assert [(line.number, line.author, line.current) for line in lines] == [
            (2, "Anna", True),
            (1, "Anna", False),
        ]


def test_sent_back_with_a_reason_and_taken_back(room: Database) -> None:
    ask(room)
    with as_writer(room, BO) as session:
        with pytest.raises(Invalid) as refusal:
            send_back(session, SLUG, "  ")
        assert set(refusal.value.fields) == {"reason"}
        send_back(session, SLUG, "Which customer?")
    with as_writer(room, ANNA) as session:
        draft = open_draft(session, SLUG, "en")
        assert (draft.state, draft.reason) == (Stage.DRAFT, "Which customer?")
    ask(room)
    with as_writer(room, ANNA) as session:
        take_back(session, SLUG)
        assert open_draft(session, SLUG, "en").state is Stage.DRAFT


def test_a_writer_does_not_write_on_in_review_and_a_reviewer_may(room: Database) -> None:
    ask(room)
    with pytest.raises(Conflict):
        write(room, "Sneaked in.\n")
    with as_writer(room, BO) as session:
        token = open_draft(session, SLUG, "en").token
        save_draft(session, SLUG, "en", DraftInput({}, "Do that.\n"), token)
        assert open_draft(session, SLUG, "en").state is Stage.REVIEW


@pytest.mark.parametrize("step", [approve, publish_now, archive, bring_back, unschedule])
def test_a_csm_publishes_nothing(room: Database, step: Any) -> None:
    ask(room)
    with as_writer(room, ANNA) as session:
        with pytest.raises((Forbidden, Conflict)):
            step(session, SLUG)
        with pytest.raises(Forbidden):
            schedule(session, SLUG, NOON + timedelta(days=1))
        with pytest.raises(Forbidden):
            send_back(session, SLUG, "x")


def test_a_reviewer_is_somebody_else_who_may(room: Database) -> None:
    for who, reviewer in ((ANNA, "anna"), (ANNA, "nobody"), (BO, "bo")):
        with as_writer(room, who) as session, pytest.raises(Invalid) as refusal:
            ask_for_review(session, SLUG, reviewer)
        assert set(refusal.value.fields) == {"reviewer"}


def test_what_is_missing_is_named_by_language_and_key(room: Database) -> None:
    write(room, "", "zh-Hans", title="两级", effect="")
    write(room, "[x](/knowledge/nowhere)\n")
    with as_writer(room, ANNA) as session, pytest.raises(Invalid) as refusal:
        ask_for_review(session, SLUG, "bo")
    assert set(refusal.value.fields) == {"zh-Hans: summary", "zh-Hans: effect", "zh-Hans: body"}
    with as_writer(room, ANNA) as session, pytest.raises(Invalid) as refusal:
        ask_for_review(session, SLUG, "bo", ["en"])
    assert set(refusal.value.fields) == {"en: body"}


def test_a_case_without_consent_is_not_published(room: Database) -> None:
    case = {"title": "A", "summary": "B", "features": ["x"], "audience": "public"}
    with as_writer(room, BO) as session:
        start_item(session, "customer-case", "a-case", "en", case, BODY)
        with pytest.raises(Invalid) as refusal:
            publish_now(session, "a-case")
        session.rollback()
        assert set(refusal.value.fields) == {"en: consent"}
        with pytest.raises(Invalid) as refusal:
            ask_for_review(session, "a-case", "cleo")
        session.rollback()
        assert set(refusal.value.fields) == {"en: consent"}
        with pytest.raises(Invalid) as refusal:
            schedule(session, "a-case", NOON + timedelta(days=1))
        session.rollback()
        assert set(refusal.value.fields) == {"en: consent"}
        token = open_draft(session, "a-case", "en").token
        given = DraftInput({"consent": "2026-06-14", "benchmark": True}, BODY)
        save_draft(session, "a-case", "en", given, token)
        publish_now(session, "a-case")
    with writing(room) as session:
        item = session.scalars(select(KnowledgeItem).where(KnowledgeItem.slug == "a-case")).one()
        assert (item.benchmark, str(item.consent_on)) == (True, "2026-06-14")


def test_one_language_goes_and_the_other_is_written_on(room: Database) -> None:
    write(room, "", "zh-Hans", title="两级")
    with as_writer(room, BO) as session:
        publish_now(session, SLUG, ["en"])
        draft = open_draft(session, SLUG, "zh-Hans")
        assert (draft.state, draft.locales, draft.published_locales) == (
            Stage.DRAFT,
            ("zh-Hans",),
            ("en",),
        )


def test_scheduled_for_a_moment_and_published_then(room: Database) -> None:
    later = NOON + timedelta(hours=3)
    with as_writer(room, BO) as session:
        for past in (NOON, NOON - timedelta(days=1)):
            with pytest.raises(Invalid) as refusal:
                schedule(session, SLUG, past)
            session.rollback()
            assert set(refusal.value.fields) == {"at"}
        schedule(session, SLUG, later)
        assert open_draft(session, SLUG, "en").publish_at == later
        assert due_slugs(session) == []
    with as_writer(room, ANNA) as session, pytest.raises(Conflict):
        save_draft(session, SLUG, "en", DraftInput({}, "x\n"), "x")
    with as_writer(room, BO, later) as session:
        assert due_slugs(session) == [SLUG]
        assert publish_due(session, SLUG) is True
        assert publish_due(session, SLUG) is False
    assert "Do it." in read(room)
    with writing(room) as session:
        due = session.scalars(select(Job.due_at).where(Job.name == "knowledge.publish-due")).one()
        assert due == later


def test_a_schedule_is_moved_and_taken_back(room: Database) -> None:
    with as_writer(room, BO) as session:
        schedule(session, SLUG, NOON + timedelta(hours=3))
        schedule(session, SLUG, NOON + timedelta(hours=5))
        unschedule(session, SLUG)
        assert open_draft(session, SLUG, "en").publish_at is None
    with as_writer(room, BO, NOON + timedelta(days=1)) as session:
        assert due_slugs(session) == []
        assert publish_due(session, SLUG) is False


def test_what_can_no_longer_be_published_is_a_draft_again_and_said(room: Database) -> None:
    with as_writer(room, CLEO) as session:
        start_item(session, "faq", "target", "en", {**PRACTICE, "effect": None}, "Here.\n")
        publish_now(session, "target")
    write(room, "[there](/knowledge/target)\n")
    later = NOON + timedelta(hours=1)
    with as_writer(room, BO) as session:
        schedule(session, SLUG, later)
        archive(session, "target")
    with as_writer(room, BO, later) as session:
        assert publish_due(session, SLUG) is False
        draft = open_draft(session, SLUG, "en")
        assert draft.state is Stage.DRAFT
        assert "leads to no text" in draft.reason
    assert announced(room)[-1] == "knowledge.sent-back"


def test_archived_nobody_reads_it_and_brought_back_all_do(room: Database) -> None:
    with as_writer(room, BO) as session:
        publish_now(session, SLUG)
        archive(session, SLUG)
    with pytest.raises(NotFound):
        read(room)
    with pytest.raises(Conflict):
        write(room, "x\n")
    with as_writer(room, BO) as session:
        bring_back(session, SLUG)
    assert "Do it." in read(room)


def test_a_draft_that_nobody_read_is_archived_by_its_writer(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        archive(session, SLUG)
        with pytest.raises(Forbidden):
            bring_back(session, SLUG)
    with as_writer(room, BO) as session:
        bring_back(session, SLUG)
        assert open_draft(session, SLUG, "en").item_state == "draft"


def test_a_copy_that_was_overtaken_is_not_published_over(room: Database) -> None:
    with as_writer(room, BO) as session:
        publish_now(session, SLUG)
    write(room, "Mine.\n")
    with writing(room) as session:
        session.scalars(select(KnowledgeVersion)).one().revision = 7
        session.commit()
    with as_writer(room, BO) as session:
        assert open_draft(session, SLUG, "en").overtaken
        with pytest.raises(Conflict) as refusal:
            publish_now(session, SLUG)
        assert refusal.value.code == "overtaken"
        session.rollback()
        token = open_draft(session, SLUG, "en").token
        save_draft(session, SLUG, "en", DraftInput({}, "Both.\n", based_on=7), token)
        publish_now(session, SLUG)
    assert "Both." in read(room)


def test_an_old_revision_comes_back_as_a_copy_and_history_stays(room: Database) -> None:
    write(room, "Second.\n")
    write(room, "Third.\n", title="Three levels")
    with as_writer(room, BO) as session:
        before = list_revisions(session, SLUG, "en")
        draft = restore(session, SLUG, "en", 1)
        assert (draft.body, draft.fields["title"]) == ("Second.\n", PRACTICE["title"])
        after = list_revisions(session, SLUG, "en")
        assert after[1:] == before
        assert (after[0].origin, after[0].note) == ("restore", "1")
        with pytest.raises(NotFound):
            restore(session, SLUG, "en", 99)


def test_revisions_and_the_copy_are_compared(room: Database) -> None:
    write(room, "Second.\n")
    write(room, "Second word.\n", title="Three levels")
    with as_writer(room, ANNA) as session:
        found = compare(session, SLUG, "en", 1, 2)
        assert [change.key for change in found.fields] == ["title"]
        assert found.counts == (1, 0)
        assert compare(session, SLUG, "en", 2, 0).empty
        for missing in ((1, 9), (9, 1)):
            with pytest.raises(NotFound):
                compare(session, SLUG, "en", *missing)
