"""A quota of business volume is called as the vendor calls the series, wherever an alert speaks."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from portal.models import Account, AccountQuota, Alert, Task, User, VolumeSeries
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, morning
from tests.security.objects import make_objects
from tests.world import ADMIN, LAST_DAY, MARA, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
MEASURE = "volume:orders"
QUOTA: dict[str, Any] = {
    "day": LAST_DAY.isoformat(),
    "measure": MEASURE,
    "numbers": {"now": 190.0, "quota": 200.0, "high": 0.9},
    "points": [[(LAST_DAY - timedelta(days=7)).isoformat(), 150.0], [LAST_DAY.isoformat(), 190.0]],
    "line": 200.0,
    "features": [],
}


@pytest.fixture(autouse=True)
def _objects(door: Door) -> None:
    """Both accounts have a series `orders`; only Oskelund's has a name in Chinese."""
    make_objects(door.world)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        ids = {row.key: row.id for row in session.scalars(select(Account))}
        for key, name, chinese in (
            (OSKELUND.key, "Orders sent", "已发订单"),
            (QUILLON.key, "Parcels", ""),
        ):
            wanted = select(VolumeSeries).where(
                VolumeSeries.account_id == ids[key], VolumeSeries.key == "orders"
            )
            series = session.scalar(wanted) or VolumeSeries(account_id=ids[key], key="orders")
            series.name_en, series.name_zh = name, chinese
            session.add(series)
            session.add(AccountQuota(account_id=ids[key], measure=MEASURE, amount=Decimal(200)))
        for alert in session.scalars(select(Alert)):
            alert.rule, alert.opening, alert.latest = "over_use", QUOTA, QUOTA
            task = session.scalars(select(Task).where(Task.account_id == alert.account_id)).one()
            task.alert_id, task.title = alert.id, ""
        session.commit()


def speak(door: Door, locale: str) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.scalars(select(User).where(User.email == MARA)).one().locale = locale
        session.commit()


PAGES = (
    "/alerts",
    "/alerts/alert-osk",
    "/alerts/alerts.csv",
    "/tasks/task-osk",
    "/accounts/oskelund-foods",
    "/accounts/oskelund-foods/timeline",
)


def test_the_name_in_the_readers_language(door: Door) -> None:
    mara = door.sign_in(MARA)
    for path in PAGES:
        assert "orders sent" in text_of(mara.get(path)).casefold(), path
    speak(door, "zh-Hant")
    for path in PAGES:
        assert "已發訂單" in mara.get(path).text, path


def test_each_account_calls_its_own_and_all_names_are_one_statement(door: Door) -> None:
    manager = door.role("manager")
    manager.get("/alerts")
    with counted(door.world.database) as sent:
        words = text_of(manager.get("/alerts"))
    assert "Orders sent" in words
    assert "Parcels" in words
    assert sum("volume_series" in statement for statement in sent) == 1


def test_where_quotas_are_set_they_have_names_too(door: Door) -> None:
    page = door.sign_in(ADMIN).get(f"/accounts/{OSKELUND.key}/contract").text
    assert '<option value="volume:orders">Orders sent</option>' in page
    assert page.count("Orders sent") == 2
