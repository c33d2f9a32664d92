"""Daily sums that were told are folded: added to the rollups as usage/told.py says, in the
transaction that says of them that they count: each change counts once, whoever folds. Sums may rise
and fall like that; but a person whose last count of a day is taken back can be taken out of no
bitmap, so the account's rollups are made again (usage/retelling.py).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import or_
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import UsageAccount, UsageTold
from portal.tenancy import system_scope
from portal.usage import store, told, versions
from portal.usage.bulk import read_rows_of
from portal.usage.ended import note_ended
from portal.usage.floods import announce_floods
from portal.usage.plan import Plan
from portal.usage.rollups import Rollups, Use
from portal.usage.told import Told, settle, told_rows, write_days
from portal.usage.writing import write

STEP_ROWS = 20_000
_UNCOUNTED = or_(
    UsageTold.count != UsageTold.counted, UsageTold.duration_ms != UsageTold.counted_ms
)


def fold_told(database: Database, now: datetime) -> int:
    """Adds what is told and not counted yet; returns how many rows. Any number of processes."""
    folded = 0
    while True:
        rows = _fold_some(database, now)
        if rows == 0:
            return folded
        folded += max(rows, 0)


def _fold_some(database: Database, now: datetime) -> int:
    """How many rows; -1 where somebody else wrote in between."""
    with database.session(system_scope(now, "fold")) as session:
        version = versions.read_version(session)
        rows = _uncounted(session)
        if not rows or version is None:
            return 0
        rollups = Rollups()
        _load(session, rollups, rows)
        told.add_told(rollups, rows)
    with database.session(system_scope(now, "fold"), writes=True) as session:
        if not versions.take(session, version):
            session.rollback()
            return -1
        write(session, rollups, version + 1, now)
        note_ended(session, rollups, version + 1, now)
        announce_floods(session, rollups.flooding, now)
        settle(session, rows)
        _mark_days(session, rows)
        session.commit()
    return len(rows)


def _uncounted(session: Session) -> list[Told]:
    wanted = told_rows().where(UsageTold.settled.is_(False), _UNCOUNTED)
    ordered = wanted.order_by(UsageTold.account_id, UsageTold.day).limit(STEP_ROWS)
    return [Told(*row) for row in session.execute(ordered)]


def _load(session: Session, rollups: Rollups, rows: Sequence[Told]) -> None:
    zones = store.zones_by_id(session, {row.account for row in rows})
    store.load_uses(session, rollups, zones)
    for account, zone in zones.items():
        rollups.uses.setdefault(account, Use(time_zone=zone))
    plan = _plan_of(rows, zones)
    store.load_names(session, rollups, plan.touched_names())
    store.load_plan(session, rollups, plan)


def _plan_of(rows: Sequence[Told], zones: dict[int, str]) -> Plan:
    """What of the rollups the rows touch; nothing else of it counts."""
    accounts = sorted(zones)
    places = {account: place for place, account in enumerate(accounts)}
    persons = {text: place for place, text in enumerate(dict.fromkeys(row.person for row in rows))}
    names = {text: place for place, text in enumerate(dict.fromkeys(row.name for row in rows))}
    nothing = np.zeros(len(rows), np.int64)
    return Plan(
        accounts=accounts,
        zones=[zones[one] for one in accounts],
        places=np.array([places[row.account] for row in rows], np.int64),
        days=np.array([row.day.toordinal() for row in rows], np.int64),
        persons=np.array([persons[row.person] for row in rows], np.int64),
        names=np.array([names[row.name] for row in rows], np.int64),
        person_list=list(persons),
        name_list=list(names),
        integration_list=[],
        **dict.fromkeys(("stamps", "minutes", "buckets", "durations"), nothing),
        **dict.fromkeys(("integrations", "positions"), nothing),
        hashes=nothing.astype(np.uint64),
        calls=nothing.astype(bool),
    )


def _mark_days(session: Session, rows: Iterable[Told]) -> None:
    days: dict[int, Any] = {}
    for row in rows:
        days.setdefault(row.account, BitMap()).add(row.day.toordinal())
    columns = ("account_id", "told")
    table = UsageAccount.__table__
    for known in read_rows_of(session, table, columns[:1], columns, sorted(days)):
        if known.told is not None:
            days[known.account_id] |= BitMap.deserialize(known.told)
    write_days(session, days)
