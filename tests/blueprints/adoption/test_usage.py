"""/adoption/online and /adoption/integrations."""

import csv
import io
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from portal.domain.usage_days import UsageDay
from portal.models import Account
from portal.services.usage_days import push_days
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, send
from tests.world import INGRID, LAST_DAY, MARA, NOW, OSKELUND, PIA, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
PAGES = ("online", "integrations")


def message(person: int, back: int, minute: int, **properties: object) -> dict[str, object]:
    at = datetime.combine(days_back(back)[0], time(9, minute), ZoneInfo(OSKELUND.time_zone))
    return {
        "type": "track",
        "messageId": f"{person}-{back}-{minute}-{properties}",
        "userId": f"osk-{person:04}",
        "event": "Approval Chains Used",
        "timestamp": at.isoformat(),
        "properties": properties,
        "context": {"groupId": OSKELUND.key},
    }


@pytest.fixture
def busy(door: Door) -> Door:
    """Yesterday persons 1 to 3 spent 10, 20 and 30 minutes; SAP called twice, somebody once; a
    month ago Slack had called.
    """
    times = [message(person, 0, minute) for person in (1, 2, 3) for minute in (0, 10 * person)]
    calls = [
        message(1, 0, 10, channel="api", integration="SAP"),
        message(1, 1, 0, channel="integration", integration="SAP"),
        message(1, 1, 0, channel="api"),
        message(1, 35, 0, channel="api", integration="Slack"),
    ]
    send(door.world.database, [*times, *calls])
    return door


def rows(door: Door, what: str) -> list[dict[str, str]]:
    answer = door.sign_in(INGRID).get(f"/adoption/{what}.csv?window=7")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_time_online_of_the_middle_one(busy: Door) -> None:
    said = text_of(busy.sign_in(INGRID).get("/adoption/online")).replace("\xa0", " ")
    assert "Half of the 3 active people spent 20 min or more in the last 30 days." in said
    assert "under 15 min 1 33 %" in said
    assert "15 min to 1 h 2 67 %" in said
    last = rows(busy, "online")[-1]
    assert last["day"] == LAST_DAY.isoformat()
    assert (last["persons"], last["seconds"], last["median_seconds"]) == ("3", "3600", "1200.0")


def tell(door: Door) -> None:
    sums = [UsageDay(LAST_DAY, "osk-0004", "Approval Chains Used", 3)]
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        push_days(session, OSKELUND.key, sums)
    fold_pending(door.world.database, NOW)


def test_what_daily_sums_cannot_say_is_not_zero(busy: Door) -> None:
    tell(busy)
    client = busy.sign_in(INGRID)
    said = text_of(client.get("/adoption/online"))
    assert "The use of 1 day came as sums of the day, without times" in said
    assert rows(busy, "online")[-1]["seconds"] == ""
    assert rows(busy, "online")[-2]["seconds"] == "0"
    assert rows(busy, "people")[-1]["time_online_seconds"] == "0"
    assert rows(busy, "days")[-1]["time_online_seconds"] == ""
    page = text_of(client.get("/adoption"))
    assert "of all people together, without 1 day whose times are not known" in page
    assert client.get("/adoption/teams").status_code == 200
    assert client.get("/adoption/people").status_code == 200
    assert client.get("/adoption/targets").status_code == 200


def test_of_sums_alone_no_time_is_known(door: Door) -> None:
    tell(door)
    client = door.sign_in(INGRID)
    said = text_of(client.get("/adoption/online"))
    assert "How long people work is not known: the use came as sums of the day" in said
    assert rows(door, "people")[-1]["time_online_seconds"] == ""
    page = text_of(client.get("/adoption"))
    assert "not known: the use came as sums of the day, without times" in page


def test_calls_are_not_known_of_sums_alone(door: Door) -> None:
    tell(door)
    client = door.sign_in(INGRID)
    said = text_of(client.get("/adoption/integrations"))
    assert "Calls by integrations are not known: the use came as sums of the day" in said
    assert "No integration has called" not in said
    page = text_of(client.get("/adoption"))
    assert "Calls by integrations are not known" in page
    assert "it is not known when people work" in page


def test_in_groups_three_people_say_nothing(busy: Door) -> None:
    with busy.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.get_one(Account, busy.world.accounts[OSKELUND.key]).people_shown = "groups"
        session.commit()
    said = text_of(busy.sign_in(INGRID).get("/adoption/online"))
    assert "There is too little data to say how long people work." in said
    assert "under 15" not in said
    assert {row["median_seconds"] for row in rows(busy, "online")} == {""}


def test_calls_per_integration(busy: Door) -> None:
    said = text_of(busy.sign_in(INGRID).get("/adoption/integrations")).replace("\xa0", " ")
    assert "1 integration made 3 calls in the last 30 days." in said
    assert "Slack has fallen silent: ask who looks after it." in said
    assert "SAP 2 67 %" in said
    assert "without a name 1 33 %" in said
    assert [(row["integration"], row["calls"]) for row in rows(busy, "integrations")] == [
        ("", "1"),
        ("SAP", "1"),
        ("SAP", "1"),
    ]


def test_before_the_first_event(door: Door) -> None:
    ingrid = door.sign_in(INGRID)
    assert "No usage in this time" in text_of(ingrid.get("/adoption/online"))
    assert "No integration has called yet" in text_of(ingrid.get("/adoption/integrations"))


@pytest.mark.parametrize("page", PAGES)
def test_who_may_and_how_it_is_kept(busy: Door, page: str) -> None:
    assert busy.sign_in(PIA).get(f"/adoption/{page}").status_code == 403
    mara = busy.sign_in(MARA)
    assert mara.get(f"/accounts/{QUILLON.key}/adoption/{page}").status_code == 404
    assert mara.get(f"/accounts/{OSKELUND.key}/adoption/{page}").status_code == 200
    ingrid = busy.sign_in(INGRID)
    assert ingrid.get(f"/adoption/{page}?window=8").status_code == 422
    with counted(busy.world.database) as sent:
        tag = ingrid.get(f"/adoption/{page}?window=90").headers["ETag"]
    assert len([one for one in sent if "FROM usage_day" in one]) <= 2
    again = {"If-None-Match": tag}
    assert ingrid.get(f"/adoption/{page}?window=90", headers=again).status_code == 304
