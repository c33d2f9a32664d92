"""PostHog's own client for Python against the running portal."""

import logging
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from posthog import Posthog

from portal.db import Database
from tests.processes.intake import counted, fold, refused, write_key
from tests.processes.lossy import lossy_line
from tests.processes.portal_process import PortalProcess
from tests.world import OSKELUND

EVENTS = 1_050
NOON = datetime(2026, 5, 10, 12, tzinfo=UTC)
GROUPS = {"account": OSKELUND.key}


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("posthog").setLevel(logging.CRITICAL)


@pytest.mark.processes
@pytest.mark.parametrize("gzip", [False, True])
def test_all_kinds_of_events_arrive(
    portal: PortalProcess, database: Database, *, gzip: bool
) -> None:
    errors: list[Any] = []
    with lossy_line(portal.port, most=2) as line:
        client = Posthog(
            write_key(database),
            host=line.address,
            gzip=gzip,
            on_error=lambda error, _items: errors.append(error),
        )
        send_all(client)
        client.shutdown()
    assert (errors, line.lost) == ([], 2)
    fold(database)
    assert (counted(database), refused(database)) == ({"2026-05-10": EVENTS}, {})


def send_all(client: Posthog) -> None:
    client.set(distinct_id="osk-0001", properties={"name": "Ørjan 王小明"})
    client.group_identify("account", OSKELUND.key, {"plan": "gold"})
    client.alias("anonymous", "osk-0001")
    client.capture("of nobody known", groups=GROUPS)
    assert client.get_all_flags("osk-0001") == {}
    for number in range(EVENTS - 1):
        client.capture(
            "Order Created",
            distinct_id=f"osk-{number % 6 + 1:04}",
            properties={"items": number, "note": "三件 🦦"},
            groups=GROUPS,
            timestamp=NOON,
            uuid=str(uuid5(NAMESPACE_URL, f"python {number}")),
        )
    client.capture("$pageview", distinct_id="osk-0001", groups=GROUPS, timestamp=NOON)


@pytest.mark.processes
def test_a_wrong_key_is_told_to_the_client_and_nothing_kept(
    portal: PortalProcess, database: Database
) -> None:
    errors: list[Any] = []
    client = Posthog(
        "plw_wrong",
        host=portal.address,
        max_retries=0,
        on_error=lambda error, _items: errors.append(error),
    )
    client.capture("Order Created", distinct_id="osk-0001", groups=GROUPS)
    client.shutdown()
    assert "401" in str(errors[0])
    fold(database)
    assert counted(database) == {}
