"""Rules with conditions: history is counted by them in the background, exactly, against brute force
that reads the bare events.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.event_rules import make_rule, read_rule, read_variant
from portal.models import EventRule, UsageName, UsageRefold
from portal.services.adoption import feature_use, show_adoption
from portal.services.catalogue.rules import add_rule, list_rules, remove_rule
from portal.tenancy import system_scope
from portal.usage import rebuild as rebuilding
from portal.usage import steps
from portal.usage.comparison import compare_with_log
from portal.usage.conditions import said_of
from portal.usage.fold import fold_pending
from portal.usage.rebuild import rebuild
from portal.usage.refold import refold_slice, refold_state
from portal.usage.replay import replay_of
from portal.usage.sealing import seal
from tests.usage.brute_force import AS_OF, Truth
from tests.usage.sample import FEATURES, NOW, ZONES, Sample, load_lists, make_sample, send_all

WINDOW = 30
Event = dict[str, Any]


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(bursts=50)


@pytest.fixture
def filled(database: Database, sample: Sample) -> Database:
    load_lists(database, sample)
    send_all(database, sample.events[: len(sample.events) // 2])
    fold_pending(database, NOW)
    return database


def plain(event: Event) -> str | None:
    facts = FEATURES.get(event.get("event") or event["name"])
    return None if facts is None else facts[0]


def conditioned(event: Event) -> str | None:
    """By the rules of `add_rules`."""
    name, said = event.get("event") or event["name"], event["properties"]
    if name == "Order Created" and said["channel"] == "web":
        return "reports"
    if name == "Sync Done" and said["integration"] == "slack":
        return "chat"  # the older of the two rules that fit alike
    if name.startswith("S") and said["duration_seconds"] == 1:
        return "orders"
    return plain(event)


def add_rules(database: Database) -> None:
    for feature, *parts in (
        ("reports", "Order Created", "channel", "web"),
        ("chat", "Sync Done", "properties.integration", "slack"),
        ("orders", "S*", "duration_seconds", "1"),
        ("orders", "Sync Done", "duration_seconds", "1"),
    ):
        with database.session(system_scope(NOW, "test"), writes=True) as session:
            add_rule(session, feature, make_rule(*parts))


def check(
    database: Database, sample: Sample, belongs: Callable[[Event], str | None], share: float = 1
) -> None:
    """Uses and persons of every feature are those of the events that came so far."""
    came = len(sample.events) * share
    so_far = Sample(sample.events[: int(came)], sample.people, sample.seats)
    with database.session(system_scope(NOW, "test")) as session:
        for key, zone in ZONES.items():
            truth = Truth(so_far, key, zone)
            for day in AS_OF:
                events = truth.within(day, WINDOW)
                for feature in feature_use(session, key, day, WINDOW):
                    own = [one for one in events if belongs(one) == feature.key]
                    assert feature.uses == len(own)
                    assert feature.persons == len({one["userId"] for one in own})


def finish(database: Database, most_rows: int = 1) -> int:
    slices = 0
    while refold_slice(database, NOW, most_rows=most_rows):
        slices += 1
    return slices


def test_the_old_figures_are_served_until_all_is_counted(filled: Database, sample: Sample) -> None:
    add_rules(filled)
    check(filled, sample, plain, 0.5)
    send_all(filled, sample.events[len(sample.events) // 2 :])
    fold_pending(filled, NOW)
    check(filled, sample, plain)
    with filled.session(system_scope(NOW, "test")) as session:
        before = show_adoption(session, "acme", AS_OF[0], WINDOW).version
        assert refold_state(session) is not None
    told = []
    while refold_slice(filled, NOW, most_rows=1):
        with filled.session(system_scope(NOW, "test")) as session:
            state = refold_state(session)
        if state is not None:
            told.append((state.done, state.total))
            check(filled, sample, plain)
    assert told == [(1, 3), (2, 3), (3, 3)]
    check(filled, sample, conditioned)
    with filled.session(system_scope(NOW, "test")) as session:
        assert refold_state(session) is None
        assert show_adoption(session, "acme", AS_OF[0], WINDOW).version > before
    assert compare_with_log(filled, NOW).differences == []


def test_events_after_it_are_counted_by_the_conditions(filled: Database, sample: Sample) -> None:
    add_rules(filled)
    finish(filled, 10**9)
    check(filled, sample, conditioned, 0.5)
    send_all(filled, sample.events[len(sample.events) // 2 :])
    fold_pending(filled, NOW)
    check(filled, sample, conditioned)
    rebuild(filled, NOW)
    check(filled, sample, conditioned)


def compared(event: Event) -> str | None:
    """By the rules of the next test."""
    name, said = event.get("event") or event["name"], event["properties"]
    if name == "Order Created" and said["duration_seconds"] >= 30:
        return "reports"
    if name == "Order Created" and said["duration_seconds"] <= 2:
        return "chat"
    if name == "Sync Done" and said["integration"] in {"sap", "mail"}:
        return "chat"
    if name == "Chat Opened" and said["channel"].startswith("we"):
        return "orders"
    return plain(event)


def test_every_comparison_counts_alike_before_and_after(filled: Database, sample: Sample) -> None:
    """History by the refold, later events by the fold, all of it by a rebuild."""
    for feature, words in (
        ("reports", "Order Created [duration_seconds>=30]"),
        ("chat", "Order Created [duration_seconds<=2]"),
        ("chat", "Sync Done [integration~=sap, mail]"),
        ("orders", "Chat Opened [channel^=we]"),
        ("reports", "Nothing [channel]"),
    ):
        with filled.session(system_scope(NOW, "test"), writes=True) as session:
            add_rule(session, feature, read_rule(words))
    finish(filled, 10**9)
    check(filled, sample, compared, 0.5)
    send_all(filled, sample.events[len(sample.events) // 2 :])
    fold_pending(filled, NOW)
    check(filled, sample, compared)
    rebuild(filled, NOW)
    check(filled, sample, compared)
    assert compare_with_log(filled, NOW).differences == []


def test_sealed_days_are_counted_again_too(filled: Database, sample: Sample) -> None:
    assert seal(filled, NOW).blocks
    add_rules(filled)
    finish(filled)
    check(filled, sample, conditioned, 0.5)
    seal(filled, NOW)
    check(filled, sample, conditioned, 0.5)


def test_a_rule_that_moves_or_goes_needs_no_counting(filled: Database, sample: Sample) -> None:
    add_rules(filled)
    finish(filled, 10**9)
    with filled.session(system_scope(NOW, "test"), writes=True) as session:
        for one in list_rules(session, "orders"):
            if one.text.conditioned:
                add_rule(session, "chat", one.text)
    check(filled, sample, lambda event: swapped(event, conditioned), 0.5)
    with filled.session(system_scope(NOW, "test"), writes=True) as session:
        for feature in ("chat", "reports"):
            for one in list_rules(session, feature):
                if one.text.conditioned:
                    remove_rule(session, one.key)
    assert finish(filled) == 0
    check(filled, sample, plain, 0.5)
    assert compare_with_log(filled, NOW).differences == []


def swapped(event: Event, belongs: Callable[[Event], str | None]) -> str | None:
    name, said = event.get("event") or event["name"], event["properties"]
    if name.startswith("S") and said["duration_seconds"] == 1:
        return "chat"
    return belongs(event)


def test_rules_added_while_history_is_counted_follow(filled: Database, sample: Sample) -> None:
    with filled.session(system_scope(NOW, "test"), writes=True) as session:
        add_rule(session, "reports", make_rule("Order Created", "channel", "web"))
    assert refold_slice(filled, NOW, most_rows=1)
    add_rules(filled)
    finish(filled)
    check(filled, sample, conditioned, 0.5)
    with filled.session(system_scope(NOW, "test")) as session:
        runs = session.scalars(select(UsageRefold).order_by(UsageRefold.id)).all()
        assert all(session.scalars(select(EventRule.ready)))
    assert [len(run.rules) for run in runs] == [1, 3]
    assert all(run.ended_at and not run.remaining for run in runs)


def test_a_fold_under_way_begins_anew_when_a_rule_comes(filled: Database, sample: Sample) -> None:
    send_all(filled, sample.events[len(sample.events) // 2 :])
    step = steps._prepare(filled, NOW, None)  # between the two halves of a fold
    assert step is not None
    add_rules(filled)
    assert steps._write(filled, NOW, step) is None  # as above
    fold_pending(filled, NOW)
    with filled.session(system_scope(NOW, "test")) as session:
        counted = session.scalars(select(UsageName.name)).all()
    assert any(read_variant(name)[1] for name in counted)
    finish(filled)
    check(filled, sample, conditioned)


def test_a_rebuild_under_way_begins_anew_when_a_rule_comes(
    filled: Database, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    def late(*given: Any) -> Any:
        replay = replay_of(*given)
        if not begun:
            begun.append(1)
            add_rules(filled)
            finish(filled)
        return replay

    monkeypatch.setattr(rebuilding, "replay_of", late)
    rebuild(filled, NOW)
    check(filled, sample, conditioned, 0.5)


@pytest.mark.parametrize(
    ("properties", "member", "said"),
    [
        ({"format": "pdf"}, "format", "pdf"),
        ({"copies": 2}, "copies", "2"),
        ({"copies": 2.0}, "copies", "2"),
        ({"share": 0.5}, "share", "0.5"),
        ({"paid": True}, "paid", "true"),
        ({"paid": False}, "paid", "false"),
        ({"to": {"kind": "link"}}, "to.kind", "link"),
        ({"to.kind": "mail", "to": {"kind": "link"}}, "to.kind", "mail"),
        ({"format": None}, "format", None),
        ({"format": ["pdf"]}, "format", None),
        ({"to": "x"}, "to.kind", None),
        ({}, "format", None),
        (None, "format", None),
        ([], "format", None),
    ],
)
def test_a_property_is_compared_as_text(properties: Any, member: str, said: str | None) -> None:
    assert said_of(properties, member) == said


def test_as_of_days_lie_within_the_sample() -> None:
    """Or the checks above would compare nothing."""
    assert all(date(2026, 3, 1) <= day <= date(2026, 4, 15) for day in AS_OF)
