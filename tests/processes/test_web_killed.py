"""`kill -9` of the web processes while a client sends: what was acknowledged is there, once."""

import http.client
import json
import random
import threading
import time
from base64 import b64encode

import pytest

from portal.db import Database
from tests.processes.intake import counted, fold, write_key
from tests.processes.portal_process import PortalProcess
from tests.world import OSKELUND

BATCHES, BATCH, KILLS = 200, 100, 3


def batch(number: int) -> bytes:
    """Its messages are of ten days, at noon, so that no zone moves them."""
    messages = [
        {
            "type": "track",
            "event": "Order Created",
            "messageId": f"message {number} {place}",
            "userId": f"osk-{place % 6 + 1:04}",
            "timestamp": f"2026-05-{10 + place % 10}T12:00:00Z",
            "context": {"groupId": OSKELUND.key},
        }
        for place in range(BATCH)
    ]
    return json.dumps({"batch": messages}).encode()


@pytest.fixture
def web_processes() -> int:
    return 2


class Client(threading.Thread):
    """Sends its batches, each until it is acknowledged."""

    def __init__(self, portal: PortalProcess, secret: str, numbers: list[int]) -> None:
        super().__init__(daemon=True)
        self.portal, self.numbers = portal, numbers
        self.headers = {"Authorization": f"Basic {b64encode(f'{secret}:'.encode()).decode()}"}
        self.acknowledged: list[int] = []
        self.failures = 0

    def run(self) -> None:
        for number in self.numbers:
            while not self.sent(number):
                self.failures += 1
                time.sleep(0.02)
            self.acknowledged.append(number)

    def sent(self, number: int) -> bool:
        try:
            status, said = self.portal.post("/v1/batch", batch(number), **self.headers)
        except (OSError, http.client.HTTPException):
            return False
        return status == 200 and json.loads(said) == {"success": True}


@pytest.mark.processes
def test_every_acknowledged_event_is_there_once(portal: PortalProcess, database: Database) -> None:
    secret, chance = write_key(database), random.Random(3)
    clients = [Client(portal, secret, list(range(first, BATCHES, 2))) for first in range(2)]
    for client in clients:
        client.start()
    for kill in range(1, KILLS + 1):
        # In the midst of it: each kill has its part of the batches before it.
        while acknowledged(clients) < BATCHES * kill // (KILLS + 1):
            time.sleep(0.005)
        time.sleep(chance.random() * 0.02)
        portal.kill()
        portal.start()
    for client in clients:
        client.join()
    assert acknowledged(clients) == BATCHES
    assert sum(client.failures for client in clients) >= KILLS
    fold(database)
    assert counted(database) == {f"2026-05-{day}": BATCHES * BATCH // 10 for day in range(10, 20)}


def acknowledged(clients: list[Client]) -> int:
    return sum(len(client.acknowledged) for client in clients)
