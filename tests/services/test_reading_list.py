"""What readers made of the texts, narrowed, sorted and paged by both databases."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.knowledge import ARCHIVED
from portal.models import KnowledgeItem, KnowledgeReading, KnowledgeVerdict, User
from portal.services import reading_list
from portal.services.content_files import load_content
from portal.services.reading_counts import TextRow
from portal.services.reading_list import ReadingQuestion, every_reading, find_readings
from tests.hub import reader, write_text, writing
from tests.moments import NOON
from tests.services.test_knowledge import counted
from tests.world import build_world

TEXTS = {  # slug → type
    **dict.fromkeys(("b", "e", "a", "d"), "faq"),
    **dict.fromkeys(("f", "c"), "guide"),
}
ORDERS: dict[str, Callable[[TextRow], float | str]] = {
    "readers": lambda row: row.counts.persons,
    "helped": lambda row: row.counts.share or 0.0,
    "title": lambda row: row.title.lower(),
}
WEEKS = (1, 20)  # in a window of 90 days and past it


@pytest.fixture
def said(database: Database, tmp_path: Path) -> Database:
    """Everybody of the customers has read and judged some texts, some of them long ago."""
    build_world(database)
    for slug, kind in TEXTS.items():
        write_text(tmp_path, slug, "public", type=kind, title=f"{slug.upper()} penguin")
    write_text(tmp_path, "gone", "public")
    chance = random.Random(4)  # the same choice at every run, nothing secret
    with writing(database) as session:
        load_content(session, tmp_path)
        session.execute(
            update(KnowledgeItem).where(KnowledgeItem.slug == "gone").values(state=ARCHIVED)
        )
        wanted = select(KnowledgeItem.id).where(KnowledgeItem.slug.in_(TEXTS))
        items = session.scalars(wanted.order_by(KnowledgeItem.slug)).all()
        people = session.scalars(select(User).where(User.account_id.is_not(None))).all()
        for one in people:
            for item_id in chance.sample(items, 4):
                owner = {"account_id": one.account_id, "item_id": item_id, "user_id": one.id}
                at = NOON - timedelta(weeks=chance.choice(WEEKS))
                read = {"locale": "en", "first_at": at, "last_at": at, "times": 2}
                session.add(KnowledgeReading(**owner, **read))
                helpful = chance.random() < 0.5  # as likely as not
                session.add(KnowledgeVerdict(**owner, locale="en", helpful=helpful, given_at=at))
        session.commit()
    return database


def counts_by_hand(database: Database, days: int) -> dict[str, tuple[int, ...]]:
    """persons, accounts, visits, answers, helped; row by row."""
    since = NOON - timedelta(days=days)
    with writing(database) as session:
        slugs = {row.id: row.slug for row in session.scalars(select(KnowledgeItem))}
        read = [one for one in session.scalars(select(KnowledgeReading)) if one.last_at >= since]
        answers = [
            one for one in session.scalars(select(KnowledgeVerdict)) if one.given_at >= since
        ]
    return {
        slug: (
            sum(one.item_id == number for one in read),
            len({one.account_id for one in read if one.item_id == number}),
            sum(one.times for one in read if one.item_id == number),
            sum(one.item_id == number for one in answers),
            sum(one.item_id == number and one.helpful for one in answers),
        )
        for number, slug in slugs.items()
        if slug in TEXTS
    }


def numbers(row: TextRow) -> tuple[int, ...]:
    one = row.counts
    return one.persons, one.accounts, one.visits, one.answers, one.helped


def test_the_counts_are_those_of_the_rows(said: Database) -> None:
    for days in (90, 365):
        check_counts(said, days)


def check_counts(said: Database, days: int) -> None:
    expected = counts_by_hand(said, days)
    with reader(said, "vendor") as session:
        page = find_readings(session, ReadingQuestion(days))
    assert {row.slug: numbers(row) for row in page.rows} == expected
    read = [one for one in expected.values() if one[0]]
    sums = page.sums
    assert (sums.texts, sums.read) == (len(TEXTS), len(read))
    assert (sums.answers, sums.helped) == (sum(one[3] for one in read), sum(one[4] for one in read))


def test_pages_filters_and_orders_are_the_databases(
    said: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_list, "PAGE_SIZE", 2)
    with reader(said, "vendor") as session:
        for sort, descending in product(ORDERS, (False, True)):
            check_order(session, ReadingQuestion(90, sort=sort, descending=descending))
        guides = find_readings(session, ReadingQuestion(365, kind="guide", page=9))
        assert {row.slug for row in guides.rows} == {"c", "f"}
        assert guides.page == guides.pages == 1


def check_order(session: Session, question: ReadingQuestion) -> None:
    pages = [find_readings(session, replace(question, page=page)) for page in (1, 2, 3)]
    rows = [row for page in pages for row in page.rows]
    assert rows == every_reading(session, question)
    assert [(page.page, page.pages, page.first) for page in pages] == [
        *((1, 3, 1), (2, 3, 3), (3, 3, 5))
    ]
    assert {row.counts.share is None for row in rows} == {True, False}
    by_title = sorted(rows, key=ORDERS["title"])
    expected = sorted(by_title, key=ORDERS[question.sort], reverse=question.descending)
    if question.sort == "helped":  # what too few have answered stands last
        expected.sort(key=lambda row: row.counts.share is None)
    assert rows == expected


def test_it_costs_as_many_statements_for_many_texts_as_for_few(said: Database) -> None:
    costs = []
    for kind in ("guide", None):
        with reader(said, "vendor") as session, counted(said) as sent:
            find_readings(session, ReadingQuestion(90, kind=kind))
        costs.append(len(sent))
    assert costs == [4, 4]
    assert "LIMIT" in sent[2]
