"""Days that cannot be made again, because raw events of them are gone (usage/retention.py): a
rebuild keeps them as they are, and begins with the first day of each account after them.

An event is stamped at most two days after it came, so every event after that is in the log. A day
more leaves room for a retry without a time stamp.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.models import (
    UsageAccount,
    UsageDay,
    UsageFold,
    UsageNameDay,
    UsagePerson,
    UsageSealed,
    UsageSeen,
)
from portal.usage import repeats
from portal.usage.days import EPOCH_ORDINAL, day_start, local_day
from portal.usage.moments import AHEAD, microseconds, moment_of
from portal.usage.rollups import Day, NameDay, PersonUse, Rollups, Seen, Use
from portal.usage.unsealing import day_parts, name_parts

MARGIN = timedelta(microseconds=AHEAD) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """By account: the first day (ordinal, in the zone that its days are stored in) that can be
    made again, and the moment when it begins. Empty where the log is whole.
    """

    log_from: datetime | None = None
    days: dict[int, int] = field(default_factory=dict)
    moments: dict[int, int] = field(default_factory=dict)
    # Changes when something before these days, or who is known, does.
    signature: tuple[Any, ...] = ()

    @property
    def first_day(self) -> date | None:
        """From which on everything can be made again, of every account."""
        if self.log_from is None:
            return None
        whole = (self.log_from + MARGIN).date() + timedelta(days=1)
        return max([whole, *map(date.fromordinal, self.days.values())])


def read_bounds(session: Session, only: frozenset[int] | None = None) -> Bounds:
    log_from = session.scalar(select(UsageFold.log_from).where(UsageFold.id == 1))
    if log_from is None:
        return Bounds()
    bounds = bounds_from(session, log_from, only)
    signature = (*bounds.signature, *_touched(session, bounds.days))
    return replace(bounds, signature=signature)


def bounds_from(session: Session, log_from: datetime, only: frozenset[int] | None) -> Bounds:
    """As if the log held only what came from then on."""
    days: dict[int, int] = {}
    moments: dict[int, int] = {}
    known = []
    for row in session.execute(
        select(
            UsageAccount.account_id,
            UsageAccount.time_zone,
            UsageAccount.fixed_until,
            UsageAccount.persons,
        ).order_by(UsageAccount.account_id)
    ):
        if only is None or row.account_id in only:
            whole = max(microseconds(log_from + MARGIN), microseconds(row.fixed_until or log_from))
            days[row.account_id] = day = _first_whole_day(row.time_zone, whole)
            moments[row.account_id] = day_start(row.time_zone, day)
            known.append((row.account_id, row.persons))
    return Bounds(log_from, days, moments, tuple(known))


def first_whole_day(session: Session, account_id: int) -> date | None:
    """From which on the account's days can be made again; None where all of them can."""
    log_from = session.scalar(select(UsageFold.log_from).where(UsageFold.id == 1))
    wanted = select(UsageAccount.time_zone, UsageAccount.fixed_until)
    row = session.execute(wanted.where(UsageAccount.account_id == account_id)).one_or_none()
    if log_from is None or row is None:
        return None
    whole = max(microseconds(log_from + MARGIN), microseconds(row.fixed_until or log_from))
    return date.fromordinal(_first_whole_day(row.time_zone, whole))


def _first_whole_day(zone: str, stamp: int) -> int:
    day = local_day(zone, stamp)
    return day if day_start(zone, day) >= stamp else day + 1


def _touched(session: Session, days: dict[int, int]) -> Iterable[Any]:
    """Late events make hot rows of sealed days, or change hot ones."""
    last = date.fromordinal(max(days.values(), default=1))
    wanted = select(
        UsageDay.account_id, func.count(), func.sum(UsageDay.events), func.min(UsageDay.day)
    )
    wanted = wanted.where(UsageDay.day < last).group_by(UsageDay.account_id)
    rows = session.execute(wanted.order_by(UsageDay.account_id)).all()
    return [tuple(row) for row in rows if row[0] in days]


def load_fixed(session: Session, rollups: Rollups, bounds: Bounds, zones: dict[int, str]) -> None:
    """What stays, as parts that are to be written again; `zones` are those that accounts have."""
    wanted = frozenset(bounds.days)
    _load_people(session, rollups, wanted, zones)
    for row in session.scalars(select(UsageDay).execution_options(yield_per=500)):
        if row.account_id in wanted and row.day.toordinal() < bounds.days[row.account_id]:
            rollups.days[row.account_id, row.day.toordinal()] = Day(
                changed=True,
                events=row.events,
                calls=row.calls,
                duration_ms=row.duration_ms,
                online_minutes=row.online_minutes,
                users=BitMap.deserialize(row.users),
                slots=BitMap.deserialize(row.slots),
                integrations=dict(row.integrations),
            )
    for use in session.scalars(select(UsageNameDay).execution_options(yield_per=500)):
        if use.account_id in wanted and use.day.toordinal() < bounds.days[use.account_id]:
            rollups.name_days[use.account_id, use.day.toordinal(), use.name_id] = NameDay(
                changed=True,
                events=use.events,
                duration_ms=use.duration_ms,
                users=BitMap.deserialize(use.users),
                repeats=repeats.unpacked(use.repeats),
            )
    _load_sealed(session, rollups, bounds)
    for (account, _day), day in rollups.days.items():
        rollups.uses[account].events += day.events


def _load_people(
    session: Session, rollups: Rollups, wanted: frozenset[int], zones: dict[int, str]
) -> None:
    """Persons keep their numbers: the bitmaps of what stays hold them."""
    for use in session.scalars(select(UsageAccount)):
        if use.account_id in wanted:
            rollups.uses[use.account_id] = Use(
                changed=True,
                time_zone=zones.get(use.account_id, use.time_zone),
                persons=use.persons,
                first_at=microseconds(use.first_at),
                last_at=microseconds(use.last_at),
            )
    for person in session.scalars(select(UsagePerson).execution_options(yield_per=500)):
        if person.account_id in wanted:
            rollups.persons.setdefault(person.account_id, {})[person.external_id] = PersonUse(
                changed=True,
                number=person.number,
                first_at=microseconds(person.first_at),
                last_day=person.last_day.toordinal(),
            )


def _load_sealed(session: Session, rollups: Rollups, bounds: Bounds) -> None:
    """Hot rows count instead of what is sealed, and were read before."""
    for row in session.scalars(select(UsageSealed).execution_options(yield_per=100)):
        first = bounds.days.get(row.account_id, 0)
        days = day_parts(row.block, row.days, row.slots) if first else {}
        for ordinal, day in days.items():
            if ordinal < first:
                day.changed = True
                rollups.days.setdefault((row.account_id, ordinal), day)
        names = name_parts(row.block, row.days, row.names) if first else {}
        for (ordinal, name), use in names.items():
            if ordinal < first:
                use.changed = True
                rollups.name_days.setdefault((row.account_id, ordinal, name), use)


@dataclass(slots=True)
class Known:
    """What tells messages that count already, as it was stored."""

    hashes: list[tuple[int, int, Any]] = field(default_factory=list)
    forgotten: dict[int, bytes] = field(default_factory=dict)
    fixed_until: dict[int, datetime] = field(default_factory=dict)

    def keep_forgotten(self, archived: Mapping[int, Any]) -> None:
        """`archived`: account → bitmap of days, of all of which the hashes were dropped."""
        for account, days in archived.items():
            self.forgotten.setdefault(account, days.serialize())


def read_known(session: Session, bounds: Bounds, zones: dict[int, str]) -> Known:
    """Before the rows are thrown away."""
    known = Known()
    for use in session.scalars(select(UsageAccount)):
        if use.account_id not in bounds.days:
            continue
        if use.forgotten is not None:
            known.forgotten[use.account_id] = use.forgotten
        if zones.get(use.account_id, use.time_zone) != use.time_zone:
            known.fixed_until[use.account_id] = moment_of(bounds.moments[use.account_id])
        elif use.fixed_until is not None:
            known.fixed_until[use.account_id] = use.fixed_until
    for seen in session.scalars(select(UsageSeen).execution_options(yield_per=500)):
        if seen.account_id in bounds.days:
            bucket = seen.day.toordinal() - EPOCH_ORDINAL
            known.hashes.append((seen.account_id, bucket, np.frombuffer(seen.hashes, "<u8")))
    return known


def add_known(rollups: Rollups, known: Known) -> None:
    """Messages of days that stay are known still; forgotten days stay forgotten."""
    for account, bucket, hashes in known.hashes:
        rollups.seen.setdefault((account, bucket), Seen()).add(hashes.astype(np.uint64))
    for account, packed in known.forgotten.items():
        for ordinal in BitMap.deserialize(packed):
            rollups.seen.pop((account, ordinal - EPOCH_ORDINAL), None)


def note_known(session: Session, known: Known) -> None:
    """After the accounts' rows were written."""
    for account in sorted({*known.forgotten, *known.fixed_until}):
        session.execute(
            update(UsageAccount)
            .where(UsageAccount.account_id == account)
            .values(
                forgotten=known.forgotten.get(account),
                fixed_until=known.fixed_until.get(account),
            )
            .execution_options(synchronize_session=False)
        )
