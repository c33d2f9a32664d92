"""Reading the usual messages all together finds the same as reading each by itself."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.usage import log, quick, wire
from portal.usage.messages import ARRAYS, Messages
from portal.usage.moments import read_moment
from portal.usage.reading import LogRow, Readings, read_rows
from portal.usage.stamps import UnusualStamp, read_stamps

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LONG, ZERO = "x" * 201, "a\x00b"
TEXTS = ["u", "v", "5", 5, 0, "", None, LONG, ZERO, "é", True, 1.5]
MEMBERS: dict[str, list[Any]] = {
    "type": ["track", "track", "track", "page", "screen", "identify", "group", "alias", None, "x"],
    "messageId": ["m1", "m2", 7, "", None, LONG, ZERO],
    "userId": TEXTS,
    "anonymousId": ["a", None, [], 3],
    "groupId": ["acme", None, {}, 9],
    "event": ["Order", "", None, LONG, ZERO, 3],
    "name": ["Start", "", None],
    "timestamp": [
        "2026-05-04T12:00:00Z",
        "2026-05-04T12:00:00.123Z",
        "2026-05-04T12:00:00.123456+00:00",
        "2026-05-04T12:00:00.1234567Z",
        "2026-05-04 12:00:00",
        "2026-05-04T12:00:00+05:45",
        "2026-02-30T12:00:00Z",
        "1999-12-31T23:59:59Z",
        "2026-06-04T12:00:00Z",
        1_770_000_000,
        "",
        None,
        True,
    ],
    "originalTimestamp": ["2026-05-05T12:00:00Z", None],
    "sentAt": ["2026-05-04T13:00:00Z", "never", None],
    "context": [{"groupId": one} for one in ["acme", 7, True, 1.0, [], None, LONG]]
    + [{"app": {"name": "Sync"}}, None, "acme", {}],
    "properties": [
        {"channel": "api", "integration": "sap", "duration_seconds": 2.5},
        {"channel": "integration", "duration_seconds": 3},
        {"channel": "web", "duration_seconds": "2"},
        {"channel": 4, "duration_seconds": -1},
        {"channel": "api", "integration": "s\x00p" * 50},
        {"$groups": {"company": "globex"}},
        {"$groups": {"company": LONG}},
        {"$groups": "globex", "duration_seconds": 1e12},
        None,
        [],
    ],
}
GOOD = {
    "type": "track",
    "messageId": "m",
    "userId": "u",
    "event": "Order",
    "timestamp": "2026-05-04T12:00:00Z",
    "context": {"groupId": "acme"},
}
odd = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in MEMBERS.items()}
).map(lambda given_: GOOD | given_)
messages = st.lists(odd | st.just(GOOD), min_size=1, max_size=12)


def row_of(batch: list[Any], **more: Any) -> LogRow:
    body = json.dumps({"batch": batch, **more}).encode()
    bound = more.get("bound")
    return LogRow(1, NOW, bound, None, len(batch), "batch", log.compressed(body))


def facts_of(read: Readings) -> Any:
    found = read.messages
    return _columns(found), found.anonymous, read.good, [one for _, one in read.refused]


def _columns(found: Messages) -> list[tuple[Any, ...]]:
    """Texts instead of their numbers, which differ."""
    books = {
        "person": found.persons,
        "name": found.names,
        "group": found.groups,
        "later": found.groups,
        "integration": found.integrations,
    }
    columns = []
    for name in ARRAYS:
        values = getattr(found, name).tolist()
        columns.append([books[name][one] for one in values] if name in books else values)
    return list(zip(*columns, strict=True))


@given(
    messages,
    st.sampled_from([None, "2026-06-01T00:00:00Z", "2026-05-31T20:00:00Z"]),
    st.sampled_from([None, 3]),
    st.sampled_from([{}, {"groupId": "globex"}]),
)
def test_quickly_as_one_by_one(
    batch: list[Any], sent_at: str | None, bound: int | None, context: dict[str, str]
) -> None:
    row = row_of(batch, sentAt=sent_at, bound=bound, context=context)
    own = {3: "acme"}
    quickly = facts_of(read_rows([row], own))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quick, "FEW", 1_000)
        assert quickly == facts_of(read_rows([row], own))


def test_usual_messages_are_read_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.usage.reading.read_checked", None)
    read = read_rows([row_of([GOOD | {"messageId": f"m{n}"} for n in range(9)])], {})
    assert len(read.messages.row) == 9
    assert read.good == {0}


@pytest.mark.parametrize("odd", [{}, {"sentAt": "never"}, {"filling": "x" * 33_000}])
def test_only_a_usual_batch_is_read_as_a_whole(
    odd: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    split: list[bytes] = []

    def look(text: bytes, kind: str) -> Any:
        split.append(text)
        return real(text, kind)

    real = wire.split
    monkeypatch.setattr(wire, "split", look)
    batch = [GOOD | {"messageId": f"m{n}"} for n in range(9)]
    read = read_rows([row_of([*batch, GOOD | odd])], {})
    assert len(split) == (1 if odd else 0)
    assert len(read.messages.row) + len(read.refused) == 10
    assert len(read.refused) == ("filling" in odd)


@given(
    st.datetimes(),
    st.sampled_from(["seconds", "milliseconds", "microseconds"]),
    st.sampled_from(["Z", "+00:00"]),
)
def test_stamps(moment: datetime, precision: str, ending: str) -> None:
    text = moment.isoformat(timespec=precision) + ending
    assert read_stamps([text]) == [read_moment(text)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00.1234567Z",
        "2026-01-01T00:00:00.12²Z",
        "2026-01-01T00:00:00,123Z",
        "2026-01-01T00:00:00+01:00",
        "2026-01-01T00:00:00Z+00:00",
        "2026-01-01T00:00:00",
        "20260101T000000Z",
        "\u0662\u0660\u0662\u0666-01-01T00:00:00Z",
        "",
    ],
)
def test_unusual_stamps_are_left_alone(text: str) -> None:
    with pytest.raises(UnusualStamp):
        read_stamps([text])
