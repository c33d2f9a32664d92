"""Usage of the cast, as the vendor's product would have sent it, and the day it is read on."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import event

from portal.db import Database
from portal.demo.cast import FEATURES, Company
from portal.services.ingest import accept_lines
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from tests.world import LAST_DAY, NOW

EVENT_OF = {feature.key: feature.event for feature in FEATURES}


class Morning:
    """Stands where the door reads the clock: it is NOW for all that a request asks."""

    @staticmethod
    def now(zone: object) -> datetime:
        del zone
        return NOW


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.web.clock.datetime", Morning)


def days_back(*counts: int) -> list[date]:
    """0 is the last full day."""
    return [LAST_DAY - timedelta(days=count) for count in counts]


def work(
    database: Database,
    company: Company,
    persons: Iterable[int],
    days: Iterable[date],
    name: str = "Approval Chains Used",
) -> None:
    """Each of the persons uses the event's feature once on each of the days, at nine there."""
    zone = ZoneInfo(company.time_zone)
    lines = [
        {
            "type": "track",
            "messageId": f"{company.key}-{number}-{day}-{name}",
            "userId": f"{company.key[:3]}-{number:04}",
            "event": name,
            "timestamp": datetime.combine(day, time(9), zone).isoformat(),
            "context": {"groupId": company.key},
        }
        for day in days
        for number in persons
    ]
    send(database, lines)


def send(database: Database, messages: Iterable[object]) -> None:
    """Accepted, also where some are refused, and folded."""
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        for _receipt in accept_lines(session, [msgspec.json.encode(one) for one in messages]):
            pass
    fold_pending(database, NOW)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the block sends."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
