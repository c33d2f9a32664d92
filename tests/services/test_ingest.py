import gzip
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BufferedReader, BytesIO
from typing import Any

import pytest
from sqlalchemy import insert, select

from portal.db import Database
from portal.domain.errors import DomainError
from portal.models import Account, UsageInbox, UsageLog
from portal.services.api_keys import FoundKey
from portal.services.ingest import accept, accept_lines, read_lines
from portal.services.usage_review import intake_state, list_refusals
from portal.tenancy import system_scope
from portal.usage import inbox, log
from portal.usage.fold import fold_pending
from portal.usage.message import Envelope
from portal.usage.rebuild import rebuild
from portal.usage.wire import EVENT_BYTES, check_request
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


def give(
    database: Database, events: Iterable[Any], key: FoundKey | None = None, now: datetime = NOW
) -> None:
    body = json.dumps({"batch": list(events)}).encode()
    accept(database, check_request(body, "batch"), now, key)


def refused(database: Database) -> dict[str, int]:
    with database.session(system_scope(NOW, "test")) as session:
        return {one.reason: one.messages for one in list_refusals(session)}


def bound_key(database: Database) -> FoundKey:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        account = Account(key="acme", name="Acme", created_at=NOW)
        session.add(account)
        session.add(Account(key="globex", name="Globex", created_at=NOW))
        session.commit()
        return FoundKey(1, "k", "Acme's", "write", account.id, None)


def test_a_request_is_kept_as_it_came_and_bad_messages_are_listed(database: Database) -> None:
    give(database, [track("1"), {}, track("2"), {"type": "track"}, {}])
    with database.session(system_scope(NOW, "test")) as session:
        (row,) = inbox.claim(session, inbox.Most(9, 9, 9_000)).rows
        assert (row.messages, row.received_at, row.kind) == (5, NOW, "batch")
    report = fold_pending(database, NOW)
    assert (report.kept_aside, report.refused) == (2, 3)
    assert refused(database) == {"unknown-type": 2, "no-person": 1}


def test_refusals_of_a_day_add_up_with_the_last_as_sample(database: Database) -> None:
    give(database, [{"type": "first"}])
    fold_pending(database, NOW)
    give(database, [{"type": "other"}])
    give(database, [{"type": "second"}])
    fold_pending(database, NOW)
    with database.session(system_scope(NOW, "test")) as session:
        (row,) = list_refusals(session)
        assert row.messages == 3
        assert "second" in row.sample
        assert intake_state(session).waiting == 0
        # Nothing but refused messages: nothing to make figures of again.
        assert session.scalars(select(UsageLog)).all() == []


def test_refusals_are_kept_for_ninety_days(database: Database) -> None:
    give(database, [{}])
    give(database, [5], now=NOW + timedelta(days=91))
    fold_pending(database, NOW + timedelta(days=91))
    assert refused(database) == {"malformed": 1}


def test_making_figures_again_counts_no_refusal_twice(database: Database) -> None:
    give(database, [{}, track("1")])
    fold_pending(database, NOW)
    rebuild(database, NOW)
    assert refused(database) == {"unknown-type": 1}


def test_an_empty_batch_leaves_nothing(database: Database) -> None:
    give(database, [])
    with database.session(system_scope(NOW, "test")) as session:
        assert inbox.is_empty(session)


def test_a_bound_key_sends_for_its_account_alone(database: Database) -> None:
    key = bound_key(database)
    named: dict[str, Any] = {"properties": {"$groups": {"company": "globex"}}}
    give(database, [track("1"), track("2", "acme"), track("3", "globex"), track("4", **named)], key)
    assert fold_pending(database, NOW).events == 2
    assert refused(database) == {"other-account": 2}
    assert rebuild(database, NOW).events == 2


def test_what_an_earlier_release_kept_is_still_read(database: Database) -> None:
    bound_key(database)
    raws = [json.dumps(track(str(n), "acme")).encode() for n in range(3)]
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        body = log.pack(Envelope(live=False), raws)
        session.execute(insert(UsageInbox).values(received_at=NOW, messages=3, body=body))
        session.commit()
    assert fold_pending(database, NOW).events == 3
    assert rebuild(database, NOW).events == 3


def test_gzip_stays_as_the_client_packed_it(database: Database) -> None:
    bound_key(database)
    packed = gzip.compress(json.dumps({"batch": [track("1", "acme")] * 2}).encode())
    accept(database, check_request(packed, "batch"), NOW)
    with database.session(system_scope(NOW, "test")) as session:
        assert [row.body for row in inbox.claim(session, inbox.Most(9, 9, 9_000)).rows] == [packed]
    report = fold_pending(database, NOW)
    assert (report.events, report.duplicates) == (1, 1)


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
    report = fold_pending(database, NOW)
    assert (report.events, report.duplicates) == (1202, 1202)
    assert refused(database) == {"malformed": 2}


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
