"""Day by day, week by week, feature by feature."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.services.adoption import (
    account_series,
    feature_use,
    freshness,
    hour_heat,
    integration_series,
    weekly_active,
)
from tests.usage.brute_force import Truth
from tests.usage.sample import NOW

DAY = date(2026, 4, 5)


def test_series_of_any_range(session: Session, truth: Truth) -> None:
    days = account_series(session, "acme", date(2026, 3, 1), date(2026, 4, 20))
    assert len(days) == 51
    for day in days[::9]:
        expected = truth.series_day(day.day)
        shown = {"day": day.day.isoformat(), "dau": day.dau, "wau": day.wau, "mau": day.mau}
        assert {**shown, "events": day.events} == expected
        assert day.time_online_seconds == truth.online(day.day, 1)


def test_features(session: Session, truth: Truth) -> None:
    features = feature_use(session, "acme", DAY, 14)
    assert [one.key for one in features] == ["orders", "reports", "sync", "chat"]
    for one in features:
        uses = [
            e for e in truth.within(DAY, 14) if NAMES[one.key] in (e.get("event"), e.get("name"))
        ]
        assert (one.uses, one.persons) == (len(uses), len({e["userId"] for e in uses}))
        assert one.unused == (not uses)
    assert sum(one.core for one in features) == 3


NAMES = {
    "orders": "Order Created",
    "reports": "Report Run",
    "sync": "Sync Done",
    "chat": "Chat Opened",
}


def test_integrations(session: Session, truth: Truth) -> None:
    shown = integration_series(session, "acme", DAY, 14)
    calls = [
        e for e in truth.within(DAY, 14) if e["properties"]["channel"] in {"api", "integration"}
    ]
    assert shown.calls == len(calls) == sum(day.calls for day in shown.days)
    assert sum(count for _, count in shown.names) == len(calls)
    assert {name for name, _ in shown.names} == {"sap", "slack"}


def test_hours_of_the_week(session: Session, truth: Truth) -> None:
    heat = hour_heat(session, "acme", DAY, 28)
    expected: dict[tuple[int, int], set[tuple[date, str]]] = {}
    for one in truth.within(DAY, 28):
        local = truth.at(one).astimezone(truth.zone)
        cell = expected.setdefault((local.weekday(), local.hour), set())
        cell.add((local.date(), one["userId"]))
    for weekday in range(7):
        for hour in range(24):
            found = len(expected.get((weekday, hour), ())) / 4
            assert heat.cells[weekday][hour] == pytest.approx(found)
    assert heat.busiest in expected


def test_weeks(session: Session, truth: Truth) -> None:
    weeks = weekly_active(session, "acme", DAY, 4)
    assert [week.last for week in weeks] == [
        date(2026, 3, 15),
        date(2026, 3, 22),
        date(2026, 3, 29),
        DAY,
    ]
    for week in weeks:
        assert week.active == len(truth.users(week.last, 7))
        assert week.provisioned == len(truth.provisioned(week.last))
    with pytest.raises(Invalid):
        weekly_active(session, "acme", DAY, 0)


def test_freshness(session: Session) -> None:
    fresh = freshness(session, "acme")
    assert fresh.folded_to == NOW
    assert fresh.waiting == 0
    assert fresh.last_event_at is not None
    assert fresh.version > 0
