"""What Segment's client for Node 3.1.0 sent, replayed byte for byte to the running portal.

Captured from tests/clients/segment_node/send.mjs; that folder runs the client itself.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from portal.db import Database
from portal.models import ApiKey
from portal.tenancy import system_scope
from tests.processes.intake import counted, fold, refused
from tests.processes.portal_process import PortalProcess

CAPTURED = Path(__file__).parents[1] / "clients" / "segment_node" / "captured.http"
KEY = "plw_the-key"


def keep_the_key(database: Database) -> None:
    now = datetime.now(UTC)
    with database.session(system_scope(now, "test"), writes=True) as session:
        hashed = sha256(KEY.encode()).hexdigest()
        session.add(
            ApiKey(
                key="node", name="Node", kind="write", secret_hash=hashed, hint="", created_at=now
            )
        )
        session.commit()


@pytest.mark.processes
def test_what_the_node_client_sends_is_taken(portal: PortalProcess, database: Database) -> None:
    sent = CAPTURED.read_bytes()
    assert b"Basic cGx3X3RoZS1rZXk6" in sent
    assert portal.say(sent)[0] == 401
    keep_the_key(database)
    for _again in range(2):
        status, said = portal.say(sent)
        assert (status, json.loads(said)) == (200, {"success": True})
    fold(database)
    # Three track, a page and a screen; identify, group and alias are no activity.
    assert (sum(counted(database).values()), refused(database)) == (5, {})
