"""All texts by stage, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.db import Database
from portal.services import editorial_list
from portal.services.editorial_list import (
    ALL,
    DRAFTS,
    GONE,
    LIVE,
    MINE,
    REVIEW,
    SCHEDULED,
    TextQuestion,
    every_text,
    find_texts,
)
from portal.services.knowledge_drafts import start_item
from portal.services.knowledge_workflow import archive, ask_for_review, publish_now, schedule
from portal.services.link_list import list_links
from tests.moments import NOON
from tests.newsroom import ANNA, BO, PRACTICE, as_writer, newsroom


def test_each_text_stands_on_its_shelves(database: Database) -> None:
    newsroom(database)
    with as_writer(database, ANNA) as session:
        for slug in ("draft", "asked", "planned", "live", "gone"):
            start_item(session, "best-practice", slug, "en", PRACTICE, "Do it.\n")
        ask_for_review(session, "asked", "bo")
    with as_writer(database, BO) as session:
        schedule(session, "planned", NOON + timedelta(days=1))
        publish_now(session, "live")
        archive(session, "gone")
        found = find_texts(session, TextQuestion())
        assert dict(found.counts) == {
            ALL: 4,
            MINE: 1,
            DRAFTS: 1,
            REVIEW: 1,
            SCHEDULED: 1,
            LIVE: 1,
            GONE: 1,
        }
        for sort in ("title", "type", "review", "changed"):
            question = TextQuestion(shelf=MINE, sort=sort)
            (row,) = every_text(session, question)
            assert (row.slug, row.reviewer, row.owner) == ("asked", "Bo", "Anna")
        assert list_links(session) == []
    with as_writer(database, ANNA) as session:
        assert find_texts(session, TextQuestion()).counts[MINE] == 0


def test_pages_filters_and_orders_are_the_database_s(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom(database)
    monkeypatch.setattr(editorial_list, "PAGE_SIZE", 2)
    with as_writer(database, ANNA) as session:
        for slug, title in (("a", "Zebra"), ("b", "apple"), ("c", "Mango_1"), ("d", "mango 2")):
            start_item(session, "best-practice", slug, "en", {**PRACTICE, "title": title}, "Do.\n")
        start_item(session, "faq", "e", "zh-Hans", {"title": "芒果"}, "好。\n")

        def found(**asked: object) -> list[str]:
            question = TextQuestion(**{"sort": "title", "descending": False, **asked})  # type: ignore[arg-type] # fields of each case
            pages = [find_texts(session, replace(question, page=page)) for page in (1, 2, 3)]
            slugs = [row.slug for one in pages[: pages[0].pages] for row in one.rows]
            assert slugs == [row.slug for row in every_text(session, question)]
            assert pages[0].total == len(slugs)
            assert [one.first for one in pages[: pages[0].pages]] == [1, 3, 5][: pages[0].pages]
            return slugs

        assert found() == ["b", "d", "c", "a", "e"]
        assert found(descending=True) == ["e", "a", "c", "d", "b"]
        assert found(words="MANGO") == ["d", "c"]
        # Signs of LIKE are letters like others.
        assert found(words="o_") == ["c"]
        assert found(kind="faq") == ["e"]
        assert found(lacks="en") == ["e"]
        assert found(lacks="zh-Hant") == ["b", "d", "c", "a", "e"]
        assert found(due="late") == []
        last = find_texts(session, TextQuestion(page=99))
        assert (last.page, last.pages, len(last.rows)) == (3, 3, 1)
