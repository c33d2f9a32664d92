import gzip
import json
from collections.abc import Iterable
from datetime import timedelta
from io import BufferedReader, BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import DomainError
from portal.models import Account, UsageInbox
from portal.services.api_keys import FoundKey
from portal.services.ingest import Receipt, accept, accept_lines, read_lines
from portal.services.usage_review import intake_state, list_refusals
from portal.tenancy import system_scope
from portal.usage.fold import fold_pending
from portal.usage.wire import EVENT_BYTES, parse_request
from tests.usage.sample import NOW


def track(message: str, account: str | None = None, **more: Any) -> dict[str, Any]:
    context = {"groupId": account} if account else {}
    return {
        "type": "track",
        "event": "Order Created",
        "messageId": message,
        "userId": "u",
        "timestamp": "2026-05-04T12:00:00Z",
        "context": context,
        **more,
    }


def give(database: Database, events: Iterable[Any], key: FoundKey | None = None) -> Receipt:
    body = json.dumps({"batch": list(events)}).encode()
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        return accept(session, parse_request(body, kind="batch", now=NOW), key)


def bound_key(database: Database) -> FoundKey:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        account = Account(key="acme", name="Acme", created_at=NOW)
        session.add(account)
        session.add(Account(key="globex", name="Globex", created_at=NOW))
        session.commit()
        return FoundKey(1, "k", "Acme's", "write", account.id, None)


def test_good_messages_are_durable_and_bad_ones_listed(database: Database) -> None:
    receipt = give(database, [track("1"), {}, track("2"), {"type": "track"}, {}])
    assert (receipt.accepted, receipt.refused) == (2, 3)
    with database.session(system_scope(NOW, "test")) as session:
        (row,) = session.scalars(select(UsageInbox))
        assert (row.messages, row.received_at) == (2, NOW)
        found = {one.reason: one.messages for one in list_refusals(session)}
    assert found == {"unknown-type": 2, "no-person": 1}


def test_refusals_of_a_day_add_up_with_the_last_as_sample(database: Database) -> None:
    give(database, [{"type": "first"}])
    give(database, [{"type": "second"}])
    with database.session(system_scope(NOW, "test")) as session:
        (row,) = list_refusals(session)
        assert row.messages == 2
        assert "second" in row.sample
        # Nothing but refused messages: nothing to fold.
        assert intake_state(session).waiting == 0


def test_refusals_are_kept_for_ninety_days(database: Database) -> None:
    give(database, [{}])
    later = NOW + timedelta(days=91)
    with database.session(system_scope(later, "test"), writes=True) as session:
        parsed = parse_request(b'{"batch": [5]}', kind="batch", now=later)
        accept(session, parsed)
        assert [one.reason for one in list_refusals(session)] == ["malformed"]


def test_an_empty_batch_leaves_nothing(database: Database) -> None:
    assert give(database, []) == Receipt()
    with database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(UsageInbox)).all() == []


def test_a_bound_key_sends_for_its_account_alone(database: Database) -> None:
    key = bound_key(database)
    named: dict[str, Any] = {"properties": {"$groups": {"company": "globex"}}}
    events = [track("1"), track("2", "acme"), track("3", "globex"), track("4", **named)]
    receipt = give(database, events, key)
    assert (receipt.accepted, receipt.refused) == (2, 2)
    assert [(one.position, one.reason) for one in receipt.refusals] == [
        (2, "other-account"),
        (3, "other-account"),
    ]
    assert fold_pending(database, NOW).events == 2


def test_a_file_goes_the_same_way(database: Database) -> None:
    bound_key(database)
    lines = [json.dumps(track(str(n), "acme")).encode() + b"\n" for n in range(1203)]
    lines[7] = b"{broken\n"
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        receipts = list(accept_lines(session, lines))
        again = list(accept_lines(session, lines))
    assert [one.accepted for one in receipts] == [499, 500, 203]
    assert [(one.position, one.reason) for one in receipts[0].refusals] == [(8, "malformed")]
    assert len(again) == 3
    assert fold_pending(database, NOW).events == 1202


@pytest.mark.parametrize("packed", [True, False])
def test_lines_of_plain_and_packed_files(*, packed: bool) -> None:
    text = b"one\n" + b"x" * (5 * EVENT_BYTES) + b"\nthree"
    source = BytesIO(gzip.compress(text) if packed else text)
    lines = list(read_lines(BufferedReader(source)))  # type: ignore[type-var, unused-ignore] # BytesIO is a RawIOBase to typeshed only in newer releases
    assert [line[:5] for line in lines] == [b"one\n", b"xxxxx", b"three"]
    assert all(len(line) <= 2 * EVENT_BYTES for line in lines)


def test_a_file_that_is_cut_off() -> None:
    packed = gzip.compress(json.dumps(track("1")).encode() * 2_000)
    with pytest.raises(DomainError, match="cut off"):
        list(read_lines(BufferedReader(BytesIO(packed[:-20]))))  # type: ignore[type-var, unused-ignore] # as above
