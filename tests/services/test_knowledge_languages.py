"""What is missing, what is outdated and since when; and drafts that a machine has made."""

import pytest

from portal.db import Database
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.services.knowledge import read_item
from portal.services.knowledge_conversion import traditional
from portal.services.knowledge_drafts import DraftInput, open_draft, save_draft, start_item
from portal.services.knowledge_languages import (
    draft_traditional,
    language_states,
    mark_current,
    side_by_side,
)
from portal.services.knowledge_workflow import publish_now
from tests.hub import reader
from tests.newsroom import ANNA, BO, PRACTICE, as_writer, newsroom

SLUG = "two-levels"
CHINESE = {"title": "两级就够了", "summary": "层级更少。", "effect": "3.2 → 1.1 天"}


@pytest.fixture
def room(database: Database) -> Database:
    newsroom(database)
    with as_writer(database, ANNA) as session:
        start_item(session, "best-practice", SLUG, "en", PRACTICE, "## Method\n\nDo it.\n")
    return database


def write(room: Database, locale: str, body: str, **fields: str) -> None:
    with as_writer(room, ANNA) as session:
        token = open_draft(session, SLUG, locale).token
        save_draft(session, SLUG, locale, DraftInput(fields, body), token)


def go_live(room: Database) -> None:
    with as_writer(room, BO) as session:
        publish_now(session, SLUG)


def states(room: Database) -> dict[str, str]:
    with as_writer(room, ANNA) as session:
        return {one.locale: one.state for one in language_states(session, SLUG)}


def test_a_language_is_missing_current_and_outdated(room: Database) -> None:
    assert states(room) == {"en": "source", "zh-Hans": "missing", "zh-Hant": "missing"}
    write(room, "zh-Hans", "## 方法\n\n做。\n", **CHINESE)
    go_live(room)
    assert states(room)["zh-Hans"] == "current"
    write(room, "en", "## Method\n\nDo it twice.\n")
    assert states(room)["zh-Hans"] == "current"
    go_live(room)
    with as_writer(room, ANNA) as session:
        chinese = language_states(session, SLUG)[1]
        assert (chinese.state, chinese.since) == ("outdated", 1)
        assert chinese.changed is not None
        assert chinese.changed.counts == (1, 0)
        mark_current(session, SLUG, "zh-Hans")
    assert states(room)["zh-Hans"] == "current"


def test_what_all_languages_share_outdates_none(room: Database) -> None:
    write(room, "zh-Hans", "## 方法\n\n做。\n", **CHINESE)
    go_live(room)
    write(room, "en", "## Method\n\nDo it.\n", audience="public")
    go_live(room)
    assert states(room)["zh-Hans"] == "current"
    with reader(room, "visitor", "zh-Hans") as session:
        assert read_item(session, SLUG).line.locale == "zh-Hans"


def test_both_stand_beside_each_other_by_section(room: Database) -> None:
    write(room, "zh-Hans", "## 方法\n\n做。\n", **CHINESE)
    with as_writer(room, ANNA) as session:
        found = side_by_side(session, SLUG, "zh-Hans")
        assert ("title", PRACTICE["title"], CHINESE["title"]) in found.fields
        pair = found.pairs[-1]
        assert pair.source is not None
        assert pair.target is not None
        assert (pair.source.heading, pair.target.heading) == ("Method", "方法")
        for locale in ("en", "fr"):
            with pytest.raises(NotFound):
                side_by_side(session, SLUG, locale)


def test_traditional_is_drafted_and_published_by_a_person_only(room: Database) -> None:
    with as_writer(room, ANNA) as session, pytest.raises(Invalid):
        draft_traditional(session, SLUG)
    write(room, "zh-Hans", "## 方法\n\n打开“设置”里的默认用户界面。\n", **CHINESE)
    with as_writer(room, ANNA) as session:
        draft = draft_traditional(session, SLUG)
        assert draft.converted
        assert draft.fields["title"] == "兩級就夠了"
        assert "「設定」" in draft.body
        assert "使用者介面" in draft.body
    go_live(room)
    with as_writer(room, ANNA) as session:
        draft = open_draft(session, SLUG, "zh-Hant")
        assert (draft.published_locales, draft.locales) == (("en", "zh-Hans"), ("zh-Hant",))
    with as_writer(room, BO) as session, pytest.raises(Invalid):
        publish_now(session, SLUG, ["zh-Hant"])
    write(room, "zh-Hant", draft.body)
    go_live(room)
    assert states(room) == {"en": "source", "zh-Hans": "current", "zh-Hant": "current"}


def test_what_a_person_writes_is_not_converted_over(room: Database) -> None:
    write(room, "zh-Hans", "做。\n", **CHINESE)
    write(room, "zh-Hant", "我寫的。\n")
    with as_writer(room, ANNA) as session, pytest.raises(Conflict):
        draft_traditional(session, SLUG)


def test_marking_needs_a_translation_of_something_published(room: Database) -> None:
    with as_writer(room, ANNA) as session:
        for locale in ("zh-Hans", "en"):
            with pytest.raises(NotFound):
                mark_current(session, SLUG, locale)
    write(room, "zh-Hans", "做。\n", **CHINESE)
    with as_writer(room, ANNA) as session, pytest.raises(Conflict):
        mark_current(session, SLUG, "zh-Hans")


def test_what_is_no_prose_stays_when_converted() -> None:
    said = "见[标题](/knowledge/台湾-面板)的 `用户表` 和 Tarnby’s “数据”：https://a.example/数据"
    assert traditional(said) == (
        "見[標題](/knowledge/台湾-面板)的 `用户表` 和 Tarnby’s 「資料」：https://a.example/数据"
    )
