"""Owners hear once of a text that is due, and on Mondays of what lies still."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.models import KnowledgeItem, OutboxMessage, User
from portal.services.knowledge_drafts import start_item
from portal.services.knowledge_reminders import queue_reminders
from portal.services.knowledge_workflow import archive, publish_now
from portal.tenancy import system_scope
from tests.hub import writing
from tests.newsroom import ANNA, BO, PRACTICE, as_writer, newsroom

FRIDAY = datetime(2026, 3, 6, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def room(database: Database) -> Database:
    newsroom(database)
    with as_writer(database, ANNA) as session:
        start_item(session, "best-practice", "old", "en", PRACTICE, "Do it.\n")
    with as_writer(database, BO) as session:
        publish_now(session, "old")
    due(database, FRIDAY.date())
    return database


def due(room: Database, day: date, **more: object) -> None:
    with writing(room) as session:
        session.execute(update(KnowledgeItem).values(review_by=day, **more))
        session.commit()


def remind(room: Database, now: datetime) -> int:
    with room.session(system_scope(now, "test"), writes=True) as session:
        return queue_reminders(session, lambda path: f"https://hub.example{path}")


def recipients(room: Database) -> list[str]:
    with writing(room) as session:
        said = session.scalars(
            select(OutboxMessage.payload)
            .where(OutboxMessage.kind == "mail.send")
            .order_by(OutboxMessage.id)
        )
        return [one["recipient"].partition("@")[0] for one in said]


def test_once_for_a_day_of_review_and_again_for_the_next(room: Database) -> None:
    assert remind(room, FRIDAY - timedelta(days=1)) == 0
    assert [remind(room, FRIDAY + timedelta(hours=hour)) for hour in (0, 1)] == [1, 0]
    assert recipients(room) == ["anna"]
    due(room, FRIDAY.date() + timedelta(days=4))
    assert remind(room, FRIDAY + timedelta(days=4)) == 1


def test_neither_at_night_nor_on_a_weekend(room: Database) -> None:
    for moment in (FRIDAY - timedelta(hours=3), FRIDAY + timedelta(days=1)):
        assert remind(room, moment) == 0


def test_what_lies_still_is_said_on_mondays_once_a_week(room: Database) -> None:
    remind(room, FRIDAY)
    monday = FRIDAY + timedelta(days=3)
    assert [remind(room, monday + timedelta(hours=hour)) for hour in (0, 1)] == [1, 0]
    assert remind(room, monday + timedelta(days=1)) == 0
    assert remind(room, monday + WEEK) == 1


def test_what_nobody_owns_is_every_editor_s(room: Database) -> None:
    due(room, FRIDAY.date(), owner_id=None)
    assert remind(room, FRIDAY) == 2
    assert recipients(room) == ["bo", "cleo"]


def test_nobody_hears_of_what_is_archived_or_has_switched_it_off(room: Database) -> None:
    with writing(room) as session:
        session.execute(update(User).where(User.id == ANNA).values(daily_mail=False))
        session.commit()
    assert remind(room, FRIDAY) == 0
    due(room, FRIDAY.date(), reminded_for=None, owner_id=BO)
    with as_writer(room, BO) as session:
        archive(session, "old")
    assert remind(room, FRIDAY) == 0
