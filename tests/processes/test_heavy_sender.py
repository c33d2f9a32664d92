"""One account sends 95 of 100 events while a worker counts them: the others' figures are exact,
their pages answer, and are no more work than before.
"""

import csv
import io
import os
import signal
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient
from pyroaring import BitMap
from sqlalchemy import select

from portal.config import read_settings
from portal.db import Database
from portal.models import UsageDay
from portal.tenancy import system_scope
from tests.apps import Door, made_app
from tests.blueprints.usage import counted
from tests.processes.intake import fold, write_key
from tests.processes.portal_process import PortalProcess
from tests.world import ELIF, OSKELUND, QUILLON, World

BATCHES, BATCH, OWN = 20, 100, 5
DAYS = 3
TODAY = datetime.now(UTC).date()


def message(batch: int, place: int) -> dict[str, object]:
    """Five of a hundred are of the other account; at noon, so that no zone moves them."""
    company = QUILLON if place % (BATCH // OWN) == 0 else OSKELUND
    day = TODAY - timedelta(days=2 + (batch + place) % DAYS)
    return {
        "type": "track",
        "event": "Report Opened",
        "messageId": f"message {batch} {place}",
        "userId": f"{company.key[:3]}-{(batch * 7 + place) % 11:04}",
        "timestamp": f"{day}T12:00:00Z",
        "context": {"groupId": company.key},
    }


SENT = [[message(batch, place) for place in range(BATCH)] for batch in range(BATCHES)]


def expected(key: str, batches: list[list[dict[str, object]]]) -> dict[str, tuple[int, int]]:
    """Day → events and persons, of an account."""
    events: Counter[str] = Counter()
    persons: dict[str, set[object]] = defaultdict(set)
    for one in (one for batch in batches for one in batch if one["context"] == {"groupId": key}):
        day = str(one["timestamp"])[:10]
        events[day] += 1
        persons[day].add(one["userId"])
    return {day: (events[day], len(persons[day])) for day in sorted(events)}


class Sender(threading.Thread):
    def __init__(self, portal: PortalProcess, secret: str) -> None:
        super().__init__(daemon=True)
        self.portal, self.statuses = portal, list[int]()
        self.headers = {"Authorization": f"Basic {b64encode(f'{secret}:'.encode()).decode()}"}

    def run(self) -> None:
        for batch in SENT[1:]:
            self.statuses.append(send(self.portal, batch, self.headers))


def send(portal: PortalProcess, batch: object, headers: dict[str, str]) -> int:
    return portal.post("/v1/batch", msgspec.json.encode({"batch": batch}), **headers)[0]


@pytest.fixture
def elif_(cast: World, tmp_path: Path) -> Iterator[FlaskClient]:
    """The champion of the other account, in a browser that the running portal knows as well."""
    settings = read_settings(
        {**os.environ, "PACELINE_ENVIRONMENT": "test", "PACELINE_DATA_DIR": str(tmp_path)}
    )
    with made_app(settings, cast.database) as app:
        yield Door(app, cast).sign_in(ELIF)


@pytest.fixture
def worker(portal: PortalProcess) -> Iterator[None]:
    """`paceline worker` beside the portal."""
    environ = {
        **os.environ,
        "PACELINE_ENVIRONMENT": "test",
        "PACELINE_DATABASE_URL": portal.database_url,
        "PACELINE_DATA_DIR": str(portal.data_dir),
    }
    with (
        (portal.data_dir / "worker.log").open("ab") as log,
        subprocess.Popen(
            [sys.executable, *portal.command, "worker"],
            env=environ,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as running,
    ):
        yield
        os.killpg(running.pid, signal.SIGKILL)


def statements(database: Database, browser: FlaskClient) -> int:
    """Of a page that was not asked for before."""
    with counted(database) as sent:
        assert browser.get(address()).status_code == 200
    return len(sent)


def address(what: str = "") -> str:
    first, last = TODAY - timedelta(days=10), TODAY - timedelta(days=1)
    return f"/adoption{what}?from={first}&to={last}"


def days_of(text: str) -> dict[str, tuple[int, int]]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return {
        row["day"]: (int(row["events"]), int(row["dau"])) for row in rows if row["events"] != "0"
    }


@pytest.mark.processes
@pytest.mark.usefixtures("worker")
def test_others_stay_exact_and_are_no_more_work(
    portal: PortalProcess, cast: World, elif_: FlaskClient
) -> None:
    database, secret = cast.database, write_key(cast.database)
    sender = Sender(portal, secret)
    assert send(portal, SENT[0], sender.headers) == 200
    fold(database)
    quiet = statements(database, elif_)
    sender.start()
    asked = seen_by(portal, elif_, until=expected(QUILLON.key, SENT))
    sender.join()
    assert sender.statuses == [200] * (BATCHES - 1)
    assert asked[-1] == expected(QUILLON.key, SENT)
    # What has been counted is never taken back, and nothing of the other account is among it.
    totals = [sum(events for events, _ in one.values()) for one in asked]
    assert totals == sorted(totals)
    assert statements(database, elif_) == quiet
    fold(database)
    heavy = stored(database, cast.accounts[OSKELUND.key])
    assert heavy == expected(OSKELUND.key, SENT)


def seen_by(
    portal: PortalProcess, browser: FlaskClient, until: dict[str, tuple[int, int]]
) -> list[dict[str, tuple[int, int]]]:
    """What the other champion reads, again and again, until all of theirs is counted. The test's
    own time limit ends what never happens.
    """
    cookie = browser.get_cookie("paceline")
    assert cookie is not None
    headers, found = {"Cookie": f"paceline={cookie.value}"}, []
    while until not in found:
        assert portal.get(address(), **headers)[0] == 200
        status, body = portal.get(address("/days.csv"), **headers)
        assert status == 200
        found.append(days_of(body.decode()))
        time.sleep(0.1)
    return found


def stored(database: Database, account: int) -> dict[str, tuple[int, int]]:
    wanted = select(UsageDay.day, UsageDay.events, UsageDay.users).order_by(UsageDay.day)
    with database.session(system_scope(datetime.now(UTC), "test")) as session:
        rows = session.execute(wanted.where(UsageDay.account_id == account)).all()
    return {f"{row.day}": (row.events, len(BitMap.deserialize(row.users))) for row in rows}
