"""The stored rollups against the log: what `paceline doctor` asks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.event_rules import read_variant, variant
from portal.models import (
    EventRule,
    UsageAccount,
    UsageDay,
    UsageName,
    UsageNameDay,
    UsagePerson,
    UsageSealed,
    UsageSeen,
)
from portal.tenancy import system_scope
from portal.usage import inbox, quarantine, retelling, versions
from portal.usage.bitmaps import SLOTS_A_PERSON, array_of
from portal.usage.daily import read_names_by_id
from portal.usage.days import EPOCH_ORDINAL, Numbers
from portal.usage.erasing import is_erasing
from portal.usage.moments import microseconds
from portal.usage.replay import Replay, replay_of
from portal.usage.unsealing import day_parts, name_parts

TRIES = 5
Facts = dict[tuple[Any, ...], Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`checked` counts rows; `differences` are sentences, at most 100. While `waiting` messages
    are not folded yet, ones kept aside before may show as differences: fold first. `settled` is
    false where folds kept coming between, so that nothing could be compared.
    """

    checked: int = 0
    waiting: int = 0
    settled: bool = True
    differences: list[str] = field(default_factory=list)


def compare_with_log(database: Database, now: datetime) -> Comparison:
    """Makes every rollup again in memory and compares it with what is stored. Changes nothing."""
    for _ in range(TRIES):
        with database.session(system_scope(now, "doctor")) as session:
            version = versions.read_version(session) or 0
            replay = replay_of(session, None)
            replay.late = quarantine.read_late(session)
            replay.read_log(session, version)
            replay.place_unknown()
            replay.place_doubtful()
            told = retelling.read_all_told(session, None, replay.bounds)
            retelling.add_all_told(session, replay.rollups, told)
            stored, waiting = stored_facts(session), inbox.waiting(session).messages
            ready = _ready_conditions(session)
            forgotten = set(_forgotten(session))
            erasing = is_erasing(session)
            moved = versions.read_version(session) != version and version > 0
        if not moved and not erasing:
            expected = _by_conditions(dict(_expected(replay)), ready)
            stored = _by_conditions(stored, ready)
            if replay.bounds.log_from is not None:
                expected = _of_whole_days(expected, replay)
                stored = _of_whole_days(stored, replay)
            for key in forgotten & expected.keys() - stored.keys():
                del expected[key]
            return _compare(expected, stored, waiting)
    return Comparison(settled=False)


def _of_whole_days(facts: Facts, replay: Replay) -> Facts:
    """Where the log is not whole: only what it tells all of."""
    first = replay.bounds.days
    return {
        key: fact
        for key, fact in facts.items()
        if key[0] in {"day", "name"} and key[2].toordinal() >= first.get(key[1], 0)
    }


def _compare(expected: Facts, stored: Facts, waiting: int) -> Comparison:
    keys = sorted(set(expected) | set(stored), key=str)
    wrong = [
        f"{' '.join(map(str, key))}: stored {_short(stored.get(key))}, "
        f"by the log {_short(expected.get(key))}"
        for key in keys
        if stored.get(key) != expected.get(key)
    ]
    return Comparison(len(keys), waiting, differences=wrong[:100])


def _ready_conditions(session: Session) -> frozenset[int]:
    wanted = select(EventRule.id).where(EventRule.ready, EventRule.member != "")
    return frozenset(session.scalars(wanted))


def _by_conditions(facts: Facts, ready: frozenset[int]) -> Facts:
    """Names tell only the conditions that history is counted by: while it is being counted again,
    and of rules that are gone, some of what is stored tells more, or less.
    """
    found: Facts = {}
    for key, fact in facts.items():
        name, met = read_variant(key[-1]) if key[0] == "name" else ("", frozenset[int]())
        if not met:
            known, plain = found.get(key), key
        else:
            plain = (*key[:-1], variant(name, met & ready))
            known = found.get(plain)
        found[plain] = fact if known is None else _together(known, fact)
    return found


def _together(one: tuple[int, int, list[str]], other: tuple[int, int, list[str]]) -> Any:
    return one[0] + other[0], one[1] + other[1], sorted({*one[2], *other[2]})


def _short(fact: Any) -> str:
    return "nothing" if fact is None else str(fact)[:200]


def _expected(replay: Replay) -> Iterator[tuple[tuple[Any, ...], Any]]:
    rollups = replay.rollups
    people = {
        account: _names_by_number({person.number: name for name, person in known.items()})
        for account, known in rollups.persons.items()
    }
    names = {part.id: text for text, part in rollups.names.items()}
    for account, use in rollups.uses.items():
        yield ("account", account), (use.events, use.first_at, use.last_at, use.time_zone)
        for name, person in rollups.persons[account].items():
            facts = person.first_at, date.fromordinal(person.last_day)
            yield ("person", account, name), facts
    for (account, day), part in rollups.days.items():
        facts_of_day = (part.events, part.calls, part.duration_ms, part.online_minutes)
        yield (
            ("day", account, date.fromordinal(day)),
            (*facts_of_day, part.integrations, _slots(part.slots, people[account])),
        )
    for (account, day, name_id), use_of_name in rollups.name_days.items():
        yield (
            ("name", account, date.fromordinal(day), names[name_id]),
            (use_of_name.events, use_of_name.duration_ms, _who(use_of_name.users, people[account])),
        )
    for (account, bucket), seen in rollups.seen.items():
        key = ("seen", account, date.fromordinal(EPOCH_ORDINAL + bucket))
        yield key, seen.hashes.tobytes()


def stored_facts(session: Session) -> Facts:
    """Hot rows count instead of what is sealed, and are read before it."""
    people = _stored_people(session)
    facts = dict(_hot(session, people))
    for key, fact in _sealed(session, people):
        facts.setdefault(key, fact)
    return facts


def _hot(session: Session, people: dict[int, Any]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    for use in session.scalars(select(UsageAccount)):
        facts = (use.events, microseconds(use.first_at), microseconds(use.last_at), use.time_zone)
        yield ("account", use.account_id), facts
    for person in session.scalars(select(UsagePerson)):
        key = ("person", person.account_id, person.external_id)
        yield key, (microseconds(person.first_at), person.last_day)
    for day in session.scalars(select(UsageDay).execution_options(yield_per=500)):
        counts = (day.events, day.calls, day.duration_ms, day.online_minutes, day.integrations)
        slots = _slots(BitMap.deserialize(day.slots), people[day.account_id])
        yield ("day", day.account_id, day.day), (*counts, slots)
    yield from _stored_names(session, people)
    for seen in session.scalars(select(UsageSeen)):
        yield ("seen", seen.account_id, seen.day), seen.hashes


def _sealed(session: Session, people: dict[int, Any]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    names = read_names_by_id(session)
    for row in session.scalars(select(UsageSealed).execution_options(yield_per=100)):
        account, who = row.account_id, people[row.account_id]
        for ordinal, day in day_parts(row.block, row.days, row.slots).items():
            counts = (day.events, day.calls, day.duration_ms, day.online_minutes, day.integrations)
            key = ("day", account, date.fromordinal(ordinal))
            yield key, (*counts, _slots(day.slots, who))
        for (ordinal, name), use in name_parts(row.block, row.days, row.names).items():
            key_of_name = ("name", account, date.fromordinal(ordinal), names[name])
            yield key_of_name, (use.events, use.duration_ms, _who(use.users, who))


def _forgotten(session: Session) -> Iterator[tuple[Any, ...]]:
    """Facts of which nothing is kept any more."""
    for account, days in session.execute(select(UsageAccount.account_id, UsageAccount.forgotten)):
        for ordinal in BitMap.deserialize(days) if days is not None else ():
            yield ("seen", account, date.fromordinal(ordinal))


def _stored_people(session: Session) -> dict[int, Any]:
    found: dict[int, dict[int, str]] = {}
    wanted = select(UsagePerson.account_id, UsagePerson.number, UsagePerson.external_id)
    for account, number, name in session.execute(wanted):
        found.setdefault(account, {})[number] = name
    return {account: _names_by_number(known) for account, known in found.items()}


def _stored_names(
    session: Session, people: dict[int, Any]
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    wanted = select(UsageNameDay, UsageName.name).join(
        UsageName, UsageName.id == UsageNameDay.name_id
    )
    for row, name in session.execute(wanted):
        who = _who(BitMap.deserialize(row.users), people[row.account_id])
        yield ("name", row.account_id, row.day, name), (row.events, row.duration_ms, who)


def _names_by_number(known: dict[int, str]) -> Any:
    """Person numbers differ between two folds of the same log: user ids do not."""
    names = np.empty(max(known, default=-1) + 1, object)
    for number, name in known.items():
        names[number] = name
    return names


def _who(users: Any, names: Any) -> list[str]:
    return sorted(names[array_of(users)].tolist())


def _slots(slots: Any, names: Any) -> list[tuple[str, int]]:
    marks: Numbers = array_of(slots)
    who = names[marks // SLOTS_A_PERSON].tolist()
    return sorted(zip(who, (marks % SLOTS_A_PERSON).tolist(), strict=True))
