"""Ingrid (Oskelund) is told on Monday what waits; of Quillon nothing is known, so Elif is not."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.models import OutboxMessage, User
from portal.services.content_files import load_content
from portal.services.readings import note_reading
from portal.services.step_mails import queue_step_mail, waiting_champions
from portal.tenancy import system_scope
from tests.blueprints.usage import work
from tests.hub import write_text, writing
from tests.world import INGRID, OSKELUND, World, build_world

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""Nine in Oslo."""


@pytest.fixture
def cast(database: Database, tmp_path: Path) -> World:
    world = build_world(database)
    work(database, OSKELUND, range(1, 7), [date(2026, 11, day) for day in range(16, 20)])
    write_text(tmp_path / "texts", "who-approves", "customers", features="[delegation]")
    write_text(tmp_path / "texts", "secret", "vendor", features="[audit-trail]")
    with writing(database) as session:
        load_content(session, tmp_path / "texts")
    return world


def mails(database: Database, moment: datetime) -> list[dict[str, Any]]:
    """What a run at that moment queues."""
    with database.session(system_scope(moment, "test")) as session:
        waiting = waiting_champions(session)
        before = set(session.scalars(select(OutboxMessage.id)))
    for champion in waiting:
        with database.session(champion.scope, writes=True) as session:
            queue_step_mail(session, champion, lambda path: f"https://portal.example{path}")
    with database.session(system_scope(moment, "test")) as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return [row.payload for row in rows if row.id not in before]


def test_a_champion_is_told_on_monday_morning_and_once_a_week(cast: World) -> None:
    assert mails(cast.database, MONDAY - timedelta(hours=2)) == []
    (mail,) = mails(cast.database, MONDAY)
    assert mail["recipient"] == INGRID
    (step,) = mail["values"]["steps"]
    assert (step["feature"], step["unused"]) == ("Delegation", True)
    assert step["link"] == "https://portal.example/knowledge/who-approves"
    assert mails(cast.database, MONDAY + timedelta(hours=1)) == []
    assert mails(cast.database, MONDAY + timedelta(days=1)) == []
    assert len(mails(cast.database, MONDAY + timedelta(days=7))) == 1


def test_what_was_read_is_not_told_again(cast: World) -> None:
    with cast.database.session(system_scope(MONDAY, "test")) as session:
        (ingrid,) = [one for one in waiting_champions(session) if one.email == INGRID]
    with cast.database.session(ingrid.scope, writes=True) as session:
        note_reading(session, "who-approves")
    assert mails(cast.database, MONDAY) == []


def test_whoever_has_switched_it_off_gets_none(cast: World) -> None:
    with writing(cast.database) as session:
        session.execute(update(User).values(step_mail=False))
        session.commit()
    assert mails(cast.database, MONDAY) == []
