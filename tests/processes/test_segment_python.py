"""Segment's own client for Python against the running portal."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from segment.analytics.client import Client

from portal.db import Database
from tests.processes.intake import counted, fold, refused, write_key
from tests.processes.lossy import lossy_line
from tests.processes.portal_process import PortalProcess
from tests.world import OSKELUND

EVENTS = 1_050
NOON = datetime(2026, 5, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("segment").setLevel(logging.CRITICAL)


def client_of(address: str, secret: str, errors: list[Any], **more: Any) -> Client:
    return Client(secret, host=address, on_error=lambda error, _items: errors.append(error), **more)


@pytest.mark.processes
@pytest.mark.parametrize("gzip", [False, True])
def test_all_kinds_of_messages_arrive(
    portal: PortalProcess, database: Database, *, gzip: bool
) -> None:
    errors: list[Any] = []
    with lossy_line(portal.port, most=2) as line:
        client = client_of(line.address, write_key(database), errors, gzip=gzip)
        send_all(client)
        client.shutdown()
    assert (errors, line.lost) == ([], 2)
    fold(database)
    assert (counted(database), refused(database)) == ({"2026-05-10": EVENTS}, {})


def send_all(client: Client) -> None:
    context = {"groupId": OSKELUND.key}
    client.identify("osk-0001", {"name": "Ørjan 王小明"}, context=context)
    client.group("osk-0001", OSKELUND.key, {"plan": "gold"})
    client.alias("anonymous", "osk-0001")
    for number in range(EVENTS - 2):
        client.track(
            f"osk-{number % 6 + 1:04}",
            "Order Created",
            {"items": number, "note": "三件 🦦"},
            context=context,
            timestamp=NOON,
            message_id=f"python {number}",
        )
    client.page("osk-0001", "Shop", "Board", context=context, timestamp=NOON)
    client.screen("osk-0001", "Shop", "Board", context=context, timestamp=NOON)


@pytest.mark.processes
def test_a_wrong_key_is_told_to_the_client_and_nothing_kept(
    portal: PortalProcess, database: Database
) -> None:
    errors: list[Any] = []
    client = client_of(portal.address, "plw_wrong", errors, max_retries=0)
    client.track("osk-0001", "Order Created")
    client.shutdown()
    assert "401" in str(errors[0])
    status, said = portal.post("/v1/track", b'{"userId": "u", "event": "e"}')
    assert (status, json.loads(said)["type"]) == (401, "urn:paceline:problem:unknown-key")
    fold(database)
    assert counted(database) == {}
