"""What was refused whole is counted by door, reason and sender; no secret is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.models import RefusedRequest
from portal.services.api_keys import create_key, revoke_key
from portal.services.refused_requests import (
    Refused,
    RefusedRow,
    Sender,
    Times,
    keep_refused,
    list_refused,
    secret_in,
    sender_of,
)
from tests.moments import NOON, at

STRANGER = "plw_nobody-ever-made-this-key-1234"


def keep(database: Database, *found: tuple[str, str, str], times: Times) -> None:
    with at(database, times.last_at) as session:
        kept = {Refused(door, reason, sender_of(secret)): times for door, reason, secret in found}
        keep_refused(session, kept)


def listed(database: Database) -> list[RefusedRow]:
    with at(database) as session:
        return list_refused(session)


def test_the_reason_says_what_is_wrong_with_the_key(database: Database) -> None:
    with at(database) as session:
        old = create_key(session, "Old shop", "write")
        revoke_key(session, old.key)
        reading = create_key(session, "Reader", "api").secret
    secrets = (STRANGER, old.secret, reading, "")
    keep(
        database,
        *(("segment", "unknown-key", secret) for secret in secrets),
        ("days", "unauthorized", reading[:-1] + "!"),
        times=Times(3, NOON, "shop/2"),
    )
    found = {(row.reason, row.key_name, row.hint): row.requests for row in listed(database)}
    assert found == {
        ("unknown-key", None, "1234"): 3,
        ("revoked-key", "Old shop", ""): 3,
        ("wrong-kind", "Reader", ""): 3,
        ("no-key", None, ""): 3,
        ("unknown-key", None, reading[-4:-1] + "!"): 3,
    }
    with at(database) as session:
        rows = str(session.execute(select(*RefusedRequest.__table__.c)).all())
    for secret in (STRANGER, old.secret, reading):
        assert secret[-5:] not in rows


def test_days_add_up_and_the_latest_is_told(database: Database) -> None:
    for days, agent in ((-2, "old"), (0, "new"), (-1, "between")):
        times = Times(2, NOON + timedelta(days=days), agent)
        keep(database, ("posthog", "invalid-json", STRANGER), times=times)
        keep(database, ("posthog", "invalid-json", STRANGER), times=times)
    (row,) = listed(database)
    assert (row.requests, row.agent, row.last_at) == (12, "new", NOON)


def test_made_up_keys_fill_no_table(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.services.refused_requests.MOST_A_DAY", 3)
    for first in range(0, 40, 4):
        secrets = [f"plw_made-up-secret-{number:04}" for number in range(first, first + 4)]
        found = [("segment", "unknown-key", one) for one in secrets]
        keep(database, *found, times=Times(1, NOON))
    rows = {row.hint: row.requests for row in listed(database)}
    assert rows == {"0000": 1, "0001": 1, "0002": 1, "0003": 1, "": 36}


@pytest.mark.parametrize(
    ("secret", "hint"),
    [("", ""), ("hunter2", ""), (STRANGER, "1234"), ("plw_with-an-emoji-🫖", "")],
)
def test_of_a_secret_four_characters_at_most_are_kept(secret: str, hint: str) -> None:
    sender = sender_of(secret)
    assert sender.hint == hint
    assert (sender == Sender()) == (secret == "")


@pytest.mark.parametrize(
    ("body", "secret"),
    [
        (b'{"writeKey": "plw_a", "batch": [', "plw_a"),
        (b'[{"event": "e", "properties": {"token" : "plw_b"}}]', "plw_b"),
        (b'{"api_key": 7}', ""),
        (b"\x1f\x8b\x08 broken", ""),
        (b"\xff\xfe", ""),
        (b"", ""),
    ],
)
def test_the_key_is_found_in_a_body_that_is_broken(body: bytes, secret: str) -> None:
    assert secret_in(body) == secret
