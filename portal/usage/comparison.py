"""The stored rollups against the log: what `paceline doctor` asks."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.event_rules import read_variant, variant
from portal.models import (
    Account,
    EventRule,
    UsageAccount,
)
from portal.tenancy import system_scope
from portal.usage import inbox, quarantine, retelling, store, versions
from portal.usage.days import EPOCH_ORDINAL
from portal.usage.erasing import is_erasing
from portal.usage.facts import EARLIEST, Facts, name_fact, names_by_number, slots_of, stored_facts
from portal.usage.recent import narrow
from portal.usage.replay import Replay, replay_of

TRIES = 5
MOST_SAID = 100


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
    # Keys of the accounts that differ.
    accounts: list[str] = field(default_factory=list)
    # What was before this day is not compared.
    first_day: date | None = None


def sample_of(session: Session, size: int, today: date) -> dict[int, str]:
    """So many accounts with events, id → key: others each day, so that all have their turn."""
    wanted = select(Account.id, Account.key).join(
        UsageAccount, UsageAccount.account_id == Account.id
    )
    rows = session.execute(wanted.order_by(Account.id)).all()
    first = today.toordinal() * size % len(rows) if rows else 0
    return {row.id: row.key for row in (*rows[first:], *rows[:first])[:size]}


def compare_with_log(
    database: Database, now: datetime, only: frozenset[int] | None = None, most: int | None = None
) -> Comparison:
    """Makes every rollup again in memory, or those of `only` these accounts, and compares it with
    what is stored. Changes nothing. `most`: about so many messages are read, the newest, and the
    days compared of which they tell all.
    """
    for _ in range(TRIES):
        with database.session(system_scope(now, "doctor")) as session:
            version = versions.read_version(session) or 0
            replay = replay_of(session, only)
            # Which names of a flood came first nobody can tell any more: those that are stored.
            store.load_all_names(session, replay.rollups)
            if most is not None:
                narrow(session, replay, now, most)
            replay.late = quarantine.read_late(session)
            replay.read_log(session, version)
            replay.place_unknown()
            replay.place_doubtful()
            replay.place_asides(session)
            told = retelling.read_all_told(session, only, replay.bounds)
            retelling.add_all_told(session, replay.rollups, told)
            stored = stored_facts(session, only, first_day_of(replay) or EARLIEST)
            waiting = inbox.waiting(session).messages
            ready = _ready_conditions(session)
            forgotten = set(_forgotten(session))
            erasing = is_erasing(session)
            keys = {row.id: row.key for row in session.execute(select(Account.id, Account.key))}
            moved = versions.read_version(session) != version and version > 0
        if not moved and not erasing:
            expected = _by_conditions(dict(_expected(replay)), ready)
            stored = _by_conditions(stored, ready)
            if replay.bounds.log_from is not None:
                expected = _of_whole_days(expected, replay)
                stored = _of_whole_days(stored, replay)
            for key in forgotten & expected.keys() - stored.keys():
                del expected[key]
            found = _compare(expected, stored, waiting, keys)
            return replace(found, first_day=first_day_of(replay))
    return Comparison(settled=False)


def first_day_of(replay: Replay) -> date | None:
    """The first day of any account that is compared; None where all are."""
    days = replay.bounds.days
    return date.fromordinal(min(days.values())) if days else None


def _of_whole_days(facts: Facts, replay: Replay) -> Facts:
    """Where the log is not whole: only what it tells all of."""
    first = replay.bounds.days
    return {
        key: fact
        for key, fact in facts.items()
        if key[0] in {"day", "name"} and key[2].toordinal() >= first.get(key[1], 0)
    }


def _compare(
    expected: Facts, stored: Facts, waiting: int, accounts: Mapping[int, str]
) -> Comparison:
    keys = sorted(set(expected) | set(stored), key=str)
    wrong = [key for key in keys if not _agree(key, stored.get(key), expected.get(key))]
    said = [
        f"{key[0]} {' '.join(map(str, (accounts.get(key[1], key[1]), *key[2:])))}: "
        f"stored {_short(stored.get(key))}, by the log {_short(expected.get(key))}"
        for key in wrong[:MOST_SAID]
    ]
    differing = sorted({accounts.get(key[1], str(key[1])) for key in wrong})
    return Comparison(len(keys), waiting, differences=said, accounts=differing)


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


def _together(one: Any, other: Any) -> Any:
    """Of two names. Who used both did so once more than the repeats of each say."""
    users = sorted({*one[2], *other[2]})
    return one[0] + other[0], one[1] + other[1], users, _repeats_of_both(one, other)


def _repeats_of_both(one: Any, other: Any) -> dict[str, int] | None:
    if one[3] is None or other[3] is None:
        return None
    found = Counter(one[3])
    found.update(other[3])
    found.update({*one[2]} & {*other[2]})
    return dict(found)


def _agree(key: tuple[Any, ...], stored: Any, expected: Any) -> bool:
    """Repeats are compared where they were kept: older releases did not."""
    if key[0] == "name" and stored and expected and stored[3] is None:
        return bool(stored[:3] == expected[:3])
    return bool(stored == expected)


def _short(fact: Any) -> str:
    return "nothing" if fact is None else str(fact)[:200]


def _expected(replay: Replay) -> Iterator[tuple[tuple[Any, ...], Any]]:
    rollups = replay.rollups
    people = {
        account: names_by_number({person.number: name for name, person in known.items()})
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
            (*facts_of_day, part.integrations, slots_of(part.slots, people[account])),
        )
    for (account, day, name_id), use_of_name in rollups.name_days.items():
        yield (
            ("name", account, date.fromordinal(day), names[name_id]),
            name_fact(use_of_name, people[account]),
        )
    for (account, bucket), seen in rollups.seen.items():
        key = ("seen", account, date.fromordinal(EPOCH_ORDINAL + bucket))
        yield key, seen.hashes.tobytes()


def _forgotten(session: Session) -> Iterator[tuple[Any, ...]]:
    """Facts of which nothing is kept any more."""
    for account, days in session.execute(select(UsageAccount.account_id, UsageAccount.forgotten)):
        for ordinal in BitMap.deserialize(days) if days is not None else ():
            yield ("seen", account, date.fromordinal(ordinal))
