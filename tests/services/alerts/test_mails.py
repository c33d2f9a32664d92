from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.domain.early_warning import Rule
from portal.models import OutboxMessage, Task, User
from portal.services.alerts.mails import queue_daily_mails
from portal.services.mail_templates import render
from portal.tenancy import system_scope
from tests.services.alerts.nights import busy, day, night, only
from tests.world import MARA, OSKELUND, World, build_world

FRIDAY, SATURDAY, MONDAY = 18, 19, 21


@pytest.fixture
def cast(database: Database) -> World:
    """Oskelund falls silent: the alert opens with Friday the 25th, and is seen on Saturday."""
    world = build_world(database)
    only(database, Rule.SILENCE, persons=5)
    busy(database, range(14))
    night(database, FRIDAY)
    return world


def mails(database: Database, count: int, hour: int = 9) -> int:
    """The run on that day, in UTC."""
    moment = datetime.combine(day(count), datetime.min.time(), UTC) + timedelta(hours=hour)
    with database.session(system_scope(moment, "test"), writes=True) as session:
        return queue_daily_mails(session, lambda path: f"https://portal.example{path}")


def last_values(database: Database) -> dict[str, Any]:
    with database.session(system_scope(datetime(2026, 9, 28, tzinfo=UTC), "test")) as session:
        newest = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
        message = session.scalars(newest).one()
    assert message.payload["recipient"] == MARA
    values: dict[str, Any] = message.payload["values"]
    return values


def test_on_monday_morning_once(cast: World) -> None:
    """In Oslo seven o'clock is five in UTC."""
    database = cast.database
    assert mails(database, SATURDAY) == 0
    assert mails(database, MONDAY, hour=4) == 0
    assert mails(database, MONDAY, hour=5) == 1
    assert mails(database, MONDAY, hour=6) == 0
    values = last_values(database)
    assert [one["account"] for one in values["alerts"]] == [OSKELUND.name]
    (task,) = values["tasks"]
    assert (task["rule"], task["overdue"]) == ("silence", False)
    assert task["link"].startswith("https://portal.example/tasks/")


def test_a_task_stays_in_it_until_it_is_done(cast: World) -> None:
    database = cast.database
    mails(database, MONDAY)
    assert mails(database, MONDAY + 1) == 1
    values = last_values(database)
    assert values["alerts"] == []
    with database.session(system_scope(datetime(2026, 9, 29, tzinfo=UTC), "test")) as session:
        session.execute(update(Task).values(done_at=datetime(2026, 9, 29, tzinfo=UTC)))
        session.commit()
    assert mails(database, MONDAY + 2) == 0


def test_who_switched_it_off_gets_none(cast: World) -> None:
    with cast.database.session(
        system_scope(datetime(2026, 9, 26, tzinfo=UTC), "test"), writes=True
    ) as session:
        session.execute(update(User).values(daily_mail=False))
        session.commit()
    assert mails(cast.database, MONDAY) == 0


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_the_words(locale: str) -> None:
    link = "https://portal.example/tasks/x"
    values = {
        "name": "Mara",
        "alerts": [{"account": "Oskelund & Foods", "rule": "silence", "link": link}],
        "tasks": [
            {"account": "Quillon", "title": "", "rule": "over_use", "overdue": True, "link": link},
            {
                "account": "Quillon",
                "title": "<b>Call</b>",
                "rule": "",
                "overdue": False,
                "link": link,
            },
        ],
        "more": 2,
        "link": link,
        "profile": "https://portal.example/me",
    }
    words = render("daily", locale, values, "Ferrymark")
    assert "&lt;b&gt;Call&lt;/b&gt;" in words.html
    assert "Oskelund &amp; Foods" in words.html
    assert "Oskelund & Foods" in words.text
    assert "<b>Call</b>" in words.text
    if locale == "en":
        assert words.subject == "Ferrymark: 1 new alert, 2 tasks due"
        assert "Quillon: Talk about more seats (overdue)" in words.text
        assert "2 more stand in the portal." in words.text
