"""Requests that are refused whole leave a trace: by which door, why, and by whose key."""

import gzip
import json
from base64 import b64encode

import pytest

from portal.db import Database
from portal.domain.quotas import Quota
from portal.services.api_keys import create_key, revoke_key
from portal.services.refused_requests import RefusedRow, Sender, list_refused
from portal.tenancy import system_scope
from portal.usage import inbox
from portal.web.turned_away import turned_away
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import morning
from tests.world import ADMIN, MARA, NOW, OSKELUND

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
MESSAGE = {"type": "track", "event": "E", "userId": "u"}
STRANGER = "plw_nobody-ever-made-this-key-1234"


def key_of(database: Database, kind: str = "write", quota: Quota | None = None) -> tuple[str, str]:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        made = create_key(session, "Shop", kind, quota=quota or Quota())
    return made.key, made.secret


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{secret}:".encode()).decode()}


def batch(**more: object) -> bytes:
    return json.dumps({"batch": [MESSAGE], **more}).encode()


def seen(door: Door) -> list[RefusedRow]:
    with door.app.app_context():
        turned_away().finish()
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return list_refused(session)


def told(door: Door) -> set[tuple[str, str, str | None, str, int]]:
    return {(row.door, row.reason, row.key_name, row.hint, row.requests) for row in seen(door)}


def test_a_wrong_key_looks_like_no_silence(door: Door) -> None:
    shop = door.visitor()
    for _ in range(3):
        assert shop.post("/v1/batch", data=batch(), headers=basic(STRANGER)).status_code == 401
    packed = gzip.compress(batch(api_key=STRANGER))
    assert shop.post("/batch/", data=packed, headers={"User-Agent": "web/1"}).status_code == 401
    assert shop.post("/v1/t", data=json.dumps(MESSAGE)).status_code == 401
    assert told(door) == {
        ("segment", "unknown-key", None, "1234", 3),
        ("posthog", "unknown-key", None, "1234", 1),
        ("segment", "no-key", None, "", 1),
    }
    admin = door.sign_in(ADMIN)
    assert "Requests that were turned away" in text_of(admin.get("/"))
    page = admin.get("/admin/events")
    said = text_of(page)
    assert "This key was never made here." in said
    assert "…1234" in said
    assert "web/1" in said
    assert STRANGER not in page.text
    assert door.sign_in(MARA).get("/admin/events").status_code == 403


def test_what_cannot_be_read_stands_with_the_key_that_sent_it(door: Door) -> None:
    database, shop = door.world.database, door.visitor()
    key, secret = key_of(database)
    bodies = {
        b'{"batch": [': 400,
        gzip.compress(batch())[:-9]: 400,
        batch(padding="x" * 600_000): 413,
        b"x" * 1_100_000: 413,
    }
    for body, status in bodies.items():
        assert shop.post("/v1/batch", data=body, headers=basic(secret)).status_code == status
    assert told(door) == {
        ("segment", "invalid-json", "Shop", "", 1),
        ("segment", "invalid-gzip", "Shop", "", 1),
        ("segment", "too-large", "Shop", "", 2),
    }
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        revoke_key(session, key)
    assert shop.post("/v1/batch", data=batch(writeKey=secret)).status_code == 401
    assert ("segment", "revoked-key", "Shop", "", 1) in told(door)


def test_daily_sums_and_volumes_too(door: Door) -> None:
    _key, secret = key_of(door.world.database, "api")
    shop, own = door.visitor(), {"Authorization": f"Bearer {secret}"}
    days, volumes = (
        f"/api/v1/accounts/{OSKELUND.key}/{room}" for room in ("usage-days", "volumes")
    )
    wrong = {"Authorization": f"Bearer {STRANGER}"}
    assert shop.post(days, data=b"{}", headers=wrong).status_code == 401
    assert shop.post(days, data=b"{", headers=own).status_code == 400
    assert shop.post(volumes, data=b'{"items": [7]}', headers=own).status_code == 422
    assert (
        shop.post(days.replace(OSKELUND.key, "no-such"), data=b"{}", headers=own).status_code == 404
    )
    assert shop.get(volumes, headers=wrong).status_code == 401
    assert told(door) == {
        ("days", "unknown-key", None, "1234", 1),
        ("days", "invalid-json", "Shop", "", 1),
        ("days", "not-found", "Shop", "", 1),
        ("volumes", "invalid", "Shop", "", 1),
    }


def test_what_is_taken_and_what_a_quota_holds_back_is_not_counted_here(door: Door) -> None:
    _key, secret = key_of(door.world.database, quota=Quota(requests=1))
    shop = door.visitor()
    answers = [shop.post("/v1/batch", data=batch(), headers=basic(secret)) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 429]
    assert seen(door) == []
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert inbox.waiting(session).messages == 1


def test_made_up_keys_fill_no_memory(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.web.turned_away.MOST_HELD", 5)
    monkeypatch.setattr("portal.web.turned_away.FLUSH_SECONDS", 60)
    shop = door.visitor()
    for number in range(20):
        shop.post("/v1/batch", data=batch(), headers=basic(f"plw_made-up-secret-{number:04}"))
    with door.app.app_context():
        held = dict(turned_away()._held)
    assert len(held) == 6
    assert sum(times.requests for one, times in held.items() if one.sender == Sender()) == 15
    assert sum(row.requests for row in seen(door)) == 20
