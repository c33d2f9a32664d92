"""Which accounts are to be looked at, and from which day on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.segments import SegmentRule, Traits, segment_of
from portal.models import Account, AlertWatch, UsageAccount
from portal.services.adoption import last_full_day
from portal.services.segments import segment_rules
from portal.tenancy import scope_of
from portal.usage.queries import read_account_days

MOST_MISSED = 35
"""Nights without a worker that are made up for."""
WATCHED_DAYS = 35
"""Late events of these days have the last night's work done again, and alerts that they refute
taken back.
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """An account and the days to look at: from `start` to `last`. `late`: days that were looked
    at before have changed since.
    """

    id: int
    segment: str
    stage: str
    start: date
    last: date
    late: bool
    version: int

    @property
    def days(self) -> int:
        """That its series must hold, the days that rules look back from each of them apart."""
        run = (self.last - self.start).days + 1
        return max(run, WATCHED_DAYS) if self.late else run


def due_accounts(session: Session) -> list[int]:
    """Those whose last full day nobody has looked at, or whose usage has changed since."""
    now = scope_of(session).now
    wanted = (
        select(
            Account.id,
            Account.time_zone,
            AlertWatch.evaluated_to,
            AlertWatch.version,
            func.coalesce(UsageAccount.version, 0).label("usage"),
        )
        .outerjoin(AlertWatch, AlertWatch.account_id == Account.id)
        .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
        .order_by(Account.id)
    )
    return [
        row.id
        for row in session.execute(wanted)
        if row.evaluated_to is None
        or row.version != row.usage
        or row.evaluated_to < last_full_day(row.time_zone, now)
    ]


def lock_watches(session: Session, ids: Sequence[int]) -> dict[int, AlertWatch]:
    wanted = select(AlertWatch).where(AlertWatch.account_id.in_(ids))
    found = session.scalars(wanted.order_by(AlertWatch.account_id).with_for_update())
    return {one.account_id: one for one in found}


def find_due(
    session: Session, ids: Sequence[int], watches: dict[int, AlertWatch], history: int
) -> list[Watched]:
    now, rules = scope_of(session).now, segment_rules(session)
    events = count_events(session, {one.account_id: one.evaluated_to for one in watches.values()})
    wanted = (
        select(
            Account.id,
            Account.time_zone,
            Account.tier,
            Account.industry,
            Account.region,
            Account.stage,
            func.coalesce(UsageAccount.version, 0).label("version"),
        )
        .outerjoin(UsageAccount, UsageAccount.account_id == Account.id)
        .where(Account.id.in_(ids))
    )
    due = []
    for row in session.execute(wanted):
        watch = watches.get(row.id)
        last = last_full_day(row.time_zone, now)
        start = _start(watch, last, events.get(row.id, 0), history)
        if start is None:
            if watch is not None:
                watch.version = row.version
            continue
        late = watch is not None and events.get(row.id, 0) != watch.events
        due.append(Watched(row.id, _segment(rules, row), row.stage, start, last, late, row.version))
    return due


def _segment(rules: Iterable[SegmentRule], row: Any) -> str:
    return segment_of(rules, Traits(row.tier, row.industry, row.region, row.stage))


def _start(watch: AlertWatch | None, last: date, events: int, history: int) -> date | None:
    if watch is None:
        return last - timedelta(days=history)
    if watch.evaluated_to < last:
        return max(watch.evaluated_to + timedelta(days=1), last - timedelta(days=MOST_MISSED - 1))
    # Also a day that lies ahead, where the account has moved to a zone further west.
    return last if watch.evaluated_to == last and events != watch.events else None


def count_events(session: Session, ends: dict[int, date]) -> dict[int, int]:
    """Events of the watched days up to each account's day."""
    sums: dict[int, int] = {}
    for end in sorted(set(ends.values())):
        ids = sorted(account for account, day in ends.items() if day == end)
        first = end - timedelta(days=WATCHED_DAYS - 1)
        for row in read_account_days(session, ids, first, end):
            sums[row.account] = sums.get(row.account, 0) + row.events
    return sums
