"""Events as columns and back: what a message said stands in it again."""

import json
from typing import Any

import numpy as np

from portal.domain.event_rules import Rule, RuleText, read_variant
from portal.usage.archive_reading import exported, made_nobodys, messages_of
from portal.usage.archive_values import MOST_PATHS, Facts, Growing
from portal.usage.archived import Archived, pack, unpack
from portal.usage.conditions import Conditions

DAY = 86_400_000_000


def packed(messages: list[dict[str, Any]]) -> Archived:
    growing = Growing()
    for number, message in enumerate(messages):
        facts = Facts(
            "track", f"u{number % 2}", message["event"], DAY + number, 0, False, ""
        )  # a call or none
        growing.add(facts, json.dumps(message).encode())
    return unpack(pack(growing.archived(np.arange(len(messages)))))


def test_more_members_than_columns_are_kept_all_the_same() -> None:
    """As from a client that makes up their names."""
    messages = [
        {"type": "track", "event": "Open", "properties": {f"p{n}-{one}": one for one in range(9)}}
        for n in range(60)
    ]
    events = packed(messages)
    assert len(events.values) <= MOST_PATHS + 4
    found = [one for who in ("u0", "u1") for one in exported(events, who, "acme")]
    said = [json.dumps(one["properties"], sort_keys=True) for one in found]
    assert sorted(said) == sorted(json.dumps(one["properties"], sort_keys=True) for one in messages)
    rules = [
        Rule(1, None, RuleText("Open", "p0-5", "5")),
        Rule(2, None, RuleText("O*", "p59-5", "5")),
    ]
    counted = messages_of(events, Conditions(rules))
    met = [read_variant(counted.names[one])[1] for one in counted.name.tolist()]
    assert sorted(map(sorted, filter(None, met))) == [[1], [2]]
    bare = made_nobodys(events, "u0", "nobody", frozenset({"p58-3"}))
    assert bare is not None
    assert [one["properties"] for one in exported(bare, "nobody", "acme") if one["properties"]] == [
        {"p58-3": 3}
    ]
    again = packed(messages[1:2])
    assert made_nobodys(again, "u1", "nobody", frozenset()) is None


def test_what_cannot_be_read_as_a_whole_counts() -> None:
    growing = Growing()
    facts = Facts("page", "u", "Home", DAY, 2_500, call=True, integration="sap")
    growing.add(facts, b'{"type":"page","name":"Home","properties":{"half":"\\ud800"}}')
    events = unpack(pack(growing.archived(np.arange(1))))
    counted = messages_of(events, Conditions())
    assert (counted.call.tolist(), counted.integrations[int(counted.integration[0])]) == (
        [True],
        "sap",
    )
    (found,) = exported(events, "u", "acme")
    assert (found["type"], found["name"], found["timestamp"]) == (
        "page",
        "Home",
        "1970-01-02T00:00:00+00:00",
    )
    assert found["properties"]["duration_seconds"] == 2.5
