"""The made-up history into a migrated database: its accounts, people, catalogue and rollups, as a
portal of that age holds them: old days sealed, and hashes of messages that may come again.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import (
    Account,
    Edition,
    EditionFeature,
    EventRule,
    Feature,
    Person,
    UsageAccount,
    UsageDay,
    UsageFold,
    UsageName,
    UsageNameDay,
    UsagePerson,
    UsageSealed,
    UsageSeen,
)
from portal.tenancy import system_scope
from portal.usage.blocks import LENGTH, DayColumns, NameColumns, SlotColumns, block_of, pack_block
from portal.usage.bulk import save_rows
from portal.usage.repeats import from_column, packed
from portal.usage.sealing import KNOWN_FOR, SEALED_AFTER
from tests.benchmarks.usage.counting import Parts, parts_of
from tests.benchmarks.usage.synthetic import (
    DAY_SECONDS,
    FIRST,
    LAST,
    NAMES,
    NOW,
    History,
    Numbers,
)

FIRST_ORDINAL = FIRST.toordinal()
# Whole blocks up to here are sealed.
HOT_FROM = (block_of(LAST.toordinal() - SEALED_AFTER)) * LENGTH
KNOWN_FROM = max(NOW.toordinal() - KNOWN_FOR, FIRST_ORDINAL)
FORGOTTEN = BitMap(range(FIRST_ORDINAL, KNOWN_FROM)).serialize()
CORE, ENTITLED = 10, 20
TEAMS = 12
AT_ONCE = 100
MIDNIGHT = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
Row = dict[str, Any]


@dataclass(slots=True)
class Rows:
    """What is collected before it is written: model → rows."""

    kept: dict[Any, list[Row]] = field(default_factory=dict)

    def add(self, model: Any, **row: Any) -> None:
        self.kept.setdefault(model, []).append(row)

    def write(self, session: Session) -> None:
        for model, rows in self.kept.items():
            names = list(rows[0])
            columns = {name: [row[name] for row in rows] for name in names}
            save_rows(session, model.__table__, columns)
        self.kept.clear()
        session.commit()


def write_catalogue(database: Database) -> None:
    """Thirty names; twenty are features of the one edition, ten of these core."""
    with database.session(system_scope(NOW, "benchmark"), writes=True) as session:
        session.add(Edition(id=1, key="whole", name_en="Whole", position=1))
        for number in range(NAMES):
            name, moment = f"Name {number}", MIDNIGHT
            session.add(UsageName(id=number + 1, name=name, events=1, first_at=moment, last_at=NOW))
        session.flush()
        for number in range(ENTITLED):
            session.add(
                Feature(
                    id=number + 1,
                    key=f"feature-{number}",
                    name_en=f"Feature {number}",
                    core=number < CORE,
                    depth_target_per_week=Decimal(2),
                    position=number,
                )
            )
        session.flush()
        for number in range(ENTITLED):
            session.add(EventRule(feature_id=number + 1, pattern=f"Name {number}"))
            session.add(EditionFeature(edition_id=1, feature_id=number + 1))
        session.add(UsageFold(id=1, version=1, folded_to=NOW, anonymous=0, duplicates=0))
        session.commit()


class Writer:
    """Takes the accounts in turn; `finish` writes what is left."""

    def __init__(self, database: Database) -> None:
        scope = system_scope(NOW, "benchmark")
        self._session = database.open(scope, writes=True)
        self._rows = Rows()
        self._waiting = 0

    def add(self, found: History) -> None:
        _add_account(self._session, found)
        parts = parts_of(found)
        _add_use(self._rows, found)
        for add in (_add_sealed, _add_hot, _add_hashes):
            add(self._rows, found.account, parts)
        self._waiting += 1
        if self._waiting == AT_ONCE:
            self.flush()

    def flush(self) -> None:
        self._rows.write(self._session)
        self._waiting = 0

    def finish(self) -> None:
        self.flush()
        self._session.close()


def _add_account(session: Session, found: History) -> None:
    account: Any = Account.__table__
    row = {
        "id": found.account,
        "key": f"account-{found.account}",
        "name": f"Account {found.account:05}",
        "seats": found.persons,
        "edition_id": 1,
        "created_at": NOW,
    }
    session.execute(insert(account), [row])
    people: Any = Person.__table__
    rows = [
        {
            "account_id": found.account,
            "external_id": f"user-{number}",
            "name": f"Person {number}",
            "team": f"Team {number % TEAMS}",
            "active_from": FIRST,
            "active_until": None,
        }
        # One in ten was never provisioned, and a few who are never came.
        for number in range(found.persons + 2)
        if number % 10
    ]
    session.execute(insert(people), rows)


def _add_use(rows: Rows, found: History) -> None:
    stamps = found.days * DAY_SECONDS + found.seconds
    rows.add(
        UsageAccount,
        account_id=found.account,
        time_zone="UTC",
        persons=found.persons,
        events=found.size,
        first_at=MIDNIGHT + timedelta(seconds=int(stamps[0])),
        last_at=MIDNIGHT + timedelta(seconds=int(stamps[-1])),
        version=1,
        forgotten=FORGOTTEN,
    )
    who, first = np.unique(found.who, return_index=True)
    last = found.who.size - 1 - np.unique(found.who[::-1], return_index=True)[1]
    for number, begin, end in zip(who.tolist(), first.tolist(), last.tolist(), strict=True):
        rows.add(
            UsagePerson,
            account_id=found.account,
            number=number,
            external_id=f"user-{number}",
            first_at=MIDNIGHT + timedelta(seconds=int(stamps[begin])),
            last_day=FIRST + timedelta(days=int(found.days[end])),
        )


def _add_sealed(rows: Rows, account: int, parts: Parts) -> None:
    ordinals = parts.days + FIRST_ORDINAL
    cut = int(np.searchsorted(ordinals, HOT_FROM))
    blocks = ordinals[:cut] // LENGTH
    edges = [*np.flatnonzero(np.diff(blocks, prepend=-1)).tolist(), cut]
    for start, end in pairwise(edges):
        block = int(blocks[start])
        packed = pack_block(block, *_columns(parts, start, end))
        rows.add(
            UsageSealed,
            account_id=account,
            block=block,
            days=packed.days,
            names=packed.names,
            slots=packed.slots,
        )


def _columns(parts: Parts, start: int, end: int) -> tuple[DayColumns, NameColumns, SlotColumns]:
    users = _inside(parts.day_counts, start, end)
    slots = _inside(parts.slot_counts, start, end)
    ordinals = parts.days[start:end] + FIRST_ORDINAL
    zeros = np.zeros(end - start, np.int64)
    called = {
        day + FIRST_ORDINAL: parts.integrations[day]
        for day in parts.days[start:end].tolist()
        if day in parts.integrations
    }
    days = DayColumns(
        ordinals,
        parts.events[start:end],
        parts.calls[start:end],
        zeros,
        parts.online[start:end],
        parts.day_counts[start:end],
        parts.day_users[users],
        called,
    )
    minutes = SlotColumns(parts.slot_counts[start:end], parts.slots[slots])
    return days, _names(parts, int(parts.days[start]), int(parts.days[end - 1])), minutes


def _inside(counts: Numbers, start: int, end: int) -> slice:
    ends = np.cumsum(counts)
    return slice(int(ends[start] - counts[start]), int(ends[end - 1]))


def _names(parts: Parts, first: int, last: int) -> NameColumns:
    start, end = np.searchsorted(parts.name_keys, [first << 6, (last + 1) << 6]).tolist()
    keys = parts.name_keys[start:end]
    # By name and then day; here they lie by day and then name.
    order = np.lexsort((keys >> 6, keys & 63))
    counts = parts.name_counts[start:end]
    inside = _inside(parts.name_counts, start, end)
    ends = np.cumsum(counts)[:-1]
    groups, repeats = (
        np.split(column[inside], ends) for column in (parts.name_users, parts.name_repeats)
    )
    return NameColumns(
        (keys & 63)[order] + 1,
        (keys >> 6)[order] + FIRST_ORDINAL,
        parts.name_events[start:end][order],
        np.zeros(end - start, np.int64),
        counts[order],
        np.concatenate([groups[place] for place in order.tolist()]),
        np.concatenate([repeats[place] for place in order.tolist()]),
    )


def _add_hot(rows: Rows, account: int, parts: Parts) -> None:
    day_users = np.split(parts.day_users, np.cumsum(parts.day_counts)[:-1])
    day_slots = np.split(parts.slots, np.cumsum(parts.slot_counts)[:-1])
    for place in np.flatnonzero(parts.days + FIRST_ORDINAL >= HOT_FROM).tolist():
        day = int(parts.days[place])
        rows.add(
            UsageDay,
            account_id=account,
            day=FIRST + timedelta(days=day),
            events=int(parts.events[place]),
            calls=int(parts.calls[place]),
            duration_ms=0,
            online_minutes=int(parts.online[place]),
            users=_bitmap(day_users[place]),
            slots=_bitmap(day_slots[place]),
            integrations=parts.integrations.get(day, {}),
        )
    start = int(np.searchsorted(parts.name_keys, (HOT_FROM - FIRST_ORDINAL) << 6))
    ends = np.cumsum(parts.name_counts)
    for place in range(start, parts.name_keys.size):
        key, end = int(parts.name_keys[place]), int(ends[place])
        some = slice(end - int(parts.name_counts[place]), end)
        rows.add(
            UsageNameDay,
            account_id=account,
            day=FIRST + timedelta(days=key >> 6),
            name_id=(key & 63) + 1,
            events=int(parts.name_events[place]),
            duration_ms=0,
            users=_bitmap(parts.name_users[some]),
            repeats=packed(from_column(parts.name_users[some], parts.name_repeats[some])),
        )


def _add_hashes(rows: Rows, account: int, parts: Parts) -> None:
    """Of messages that nobody sends again: any numbers do."""
    source = np.random.default_rng([3, account])
    for place in np.flatnonzero(parts.days + FIRST_ORDINAL >= KNOWN_FROM).tolist():
        hashes = source.integers(0, 2**63, int(parts.events[place]), np.uint64)
        rows.add(
            UsageSeen,
            account_id=account,
            day=FIRST + timedelta(days=int(parts.days[place])),
            hashes=np.sort(hashes).astype("<u8").tobytes(),
            changed_on=NOW.date(),
        )


def _bitmap(values: Numbers) -> bytes:
    packed: bytes = BitMap(values.astype(np.uint32)).serialize()
    return packed
