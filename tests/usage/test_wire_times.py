"""When a message happened, and what makes it the same message."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.usage.moments import microseconds
from portal.usage.wire import (
    FILE,
    file_lines,
    parse_messages,
)
from tests.usage.wire import GOOD, NOW, at, batch, parse


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2026-05-31T08:00:00", datetime(2026, 5, 31, 8, tzinfo=UTC)),
        ("2026-05-31T08:00:00+05:45", datetime(2026, 5, 31, 2, 15, tzinfo=UTC)),
        (1_780_214_400, datetime(2026, 5, 31, 8, tzinfo=UTC)),
        (1_780_214_400_000, datetime(2026, 5, 31, 8, tzinfo=UTC)),
        ("2026-06-03T11:00:00Z", datetime(2026, 6, 3, 11, tzinfo=UTC)),
        (None, NOW),
    ],
)
def test_time_stamps(stamp: Any, expected: datetime) -> None:
    assert at(parse(batch({**GOOD, "timestamp": stamp}))) == expected


def test_original_timestamp_stands_in() -> None:
    message = {**GOOD, "timestamp": None, "originalTimestamp": "2026-05-30T00:00:00Z"}
    assert at(parse(batch(message))) == datetime(2026, 5, 30, tzinfo=UTC)


def test_a_clock_that_is_off_is_corrected_by_when_it_says_it_sent() -> None:
    message = {**GOOD, "timestamp": "2026-05-01T10:00:00Z"}
    parsed = parse(batch(message, sentAt="2026-05-01T10:05:00Z"))
    assert at(parsed) == NOW - timedelta(minutes=5)


def test_a_slow_network_is_no_wrong_clock() -> None:
    parsed = parse(batch(GOOD, sentAt="2026-06-01T11:58:30Z"))
    assert at(parsed) == datetime(2026, 5, 31, 8, 0, 0, 250_000, tzinfo=UTC)


def test_a_clock_corrected_into_the_future_is_refused() -> None:
    parsed = parse(batch({**GOOD, "sentAt": "2020-01-01T00:00:00Z"}))
    assert [one.reason for one in parsed.refused] == ["future"]


def test_unreadable_sent_at_corrects_nothing() -> None:
    assert not parse(batch(GOOD, sentAt="never")).refused


def test_the_same_message_is_known_again_with_another_sent_at() -> None:
    first = parse(batch(GOOD, sentAt="2026-06-01T12:00:00Z")).events[0]
    again = parse(batch({**GOOD, "x": 1}, sentAt="2026-06-01T10:00:00Z")).events[0]
    assert (first.bucket, first.identity) == (again.bucket, again.identity)


def test_without_message_id_the_same_text_is_the_same_message() -> None:
    bare = {name: value for name, value in GOOD.items() if name != "messageId"}
    one, two, other = parse(batch(bare, bare, {**bare, "event": "Other"})).events
    assert one.identity == two.identity != other.identity


def test_without_time_stamp_a_retry_is_still_known() -> None:
    bare = {**GOOD, "timestamp": None}
    first = parse(batch(bare)).events[0]
    later = parse(batch(bare), now=NOW + timedelta(days=3)).events[0]
    assert (first.bucket, first.identity) == (later.bucket, later.identity)
    assert first.bucket < 4096


def test_lines_carry_their_number_and_are_not_corrected() -> None:
    good = json.dumps({**GOOD, "sentAt": "2026-05-31T08:00:01Z"}).encode()
    lines = file_lines(b"\n".join([good, b"", b"  \r", b"{broken", b"\xef\xbb\xbf" + good]))
    parsed = parse_messages(FILE, lines, microseconds(NOW), first=101)
    assert [at(parsed, n) for n in range(2)] == [
        datetime(2026, 5, 31, 8, 0, 0, 250_000, tzinfo=UTC)
    ] * 2
    assert [(one.position, one.reason) for one in parsed.refused] == [(104, "malformed")]
