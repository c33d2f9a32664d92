"""A key that sends too much hears so, waits, and goes on; everybody else is left alone."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.db import Database
from portal.domain.errors import TooMany
from portal.domain.quotas import Quota
from portal.services.api_keys import create_key, list_keys, set_quota
from portal.services.ingest import take_request
from portal.services.usage_review import list_held_back
from portal.tenancy import system_scope
from portal.usage import inbox
from tests.apps import Door
from tests.moments import NOON, after, at
from tests.world import NOW

MESSAGE = {"type": "track", "event": "E", "userId": "u"}


def batch(count: int) -> bytes:
    return json.dumps({"batch": [MESSAGE] * count}).encode()


def limited(database: Database, quota: Quota) -> str:
    with at(database) as session:
        return create_key(session, "Shop", "write", quota=quota).secret


def take(database: Database, secret: str, count: int, seconds: float = 0) -> None:
    take_request(database, "batch", batch(count), secret, NOON + timedelta(seconds=seconds))


def waiting(database: Database) -> int:
    with at(database) as session:
        return inbox.waiting(session).messages


def test_beyond_the_quota_nothing_is_kept_until_it_fills_up(database: Database) -> None:
    secret, free = limited(database, Quota(events=60)), limited(database, Quota())
    take(database, secret, 50)
    with pytest.raises(TooMany) as refused:
        take(database, secret, 30)
    assert refused.value.retry_after == 20
    take(database, free, 500)
    take(database, secret, 10)
    take(database, secret, 30, seconds=30)
    assert waiting(database) == 590
    with at(database) as session:
        (row,) = list_held_back(session)
    assert (row.name, row.requests, row.events, row.last_at) == ("Shop", 1, 30, NOON)


def test_many_small_requests_are_too_many_too(database: Database) -> None:
    secret = limited(database, Quota(requests=3))
    for _ in range(3):
        take(database, secret, 1)
    with pytest.raises(TooMany) as refused:
        take(database, secret, 1)
    assert refused.value.retry_after == 20


def test_two_processes_share_one_quota(database: Database, database_url: str) -> None:
    """Another Database of the same address stands for another process."""
    secret, other = limited(database, Quota(events=100)), Database(database_url)

    def some(number: int) -> int:
        taken = 0
        for _ in range(10):
            try:
                take((database, other)[number % 2], secret, 5)
            except TooMany:
                continue
            taken += 5
        return taken

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(some, range(4))) == 100
    assert waiting(database) == 100
    other.dispose()


def test_a_quota_that_is_changed_counts_at_once(database: Database) -> None:
    secret = limited(database, Quota(events=10))
    take(database, secret, 10)
    with at(database) as session:
        set_quota(session, list_keys(session)[0].key, Quota())
    take(database, secret, 1000)
    with at(database, after(1)) as session:
        set_quota(session, list_keys(session)[0].key, Quota(events=5))
    with pytest.raises(TooMany):
        take(database, secret, 1000)


def post(door: Door, secret: str) -> TestResponse:
    body: dict[str, Any] = {"batch": [MESSAGE] * 4, "writeKey": secret}
    return door.visitor().post("/v1/batch", data=json.dumps(body))


def test_the_sender_hears_how_long_to_wait(door: Door) -> None:
    database = door.world.database
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        secret = create_key(session, "Shop", "write", quota=Quota(events=4)).secret
    assert post(door, secret).status_code == 200
    refused = post(door, secret)
    assert refused.status_code == 429
    assert 50 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.content_type == "application/problem+json"
    assert refused.get_json()["type"] == "urn:paceline:problem:quota"
    with database.session(system_scope(NOW, "test")) as session:
        # Asked once, though two doors stand one behind the other.
        assert [row.requests for row in list_held_back(session)] == [1]
