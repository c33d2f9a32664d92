"""All texts by stage, on both databases."""

from datetime import timedelta

from portal.db import Database
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
