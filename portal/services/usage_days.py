"""Daily usage told as sums, for products that send no events (models/told.py). What is told last of
an account's day, person and event holds; the fold makes figures of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.domain.usage_days import MOST_A_DAY, UsageDay
from portal.models import UsageTold
from portal.services.accounts import hold_account
from portal.usage.fixed import first_whole_day
from portal.usage.store import chunks

Known = dict[tuple[date, str, str], UsageTold]


@dataclass(frozen=True, slots=True)
class DaysReceipt:
    """`changed` counts sums told before with another count or duration, `added` new ones."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


def push_days(session: Session, account_key: str, items: Sequence[UsageDay]) -> DaysReceipt:
    """All or nothing: raises Invalid and NotFound. Commits."""
    receipt = add_days(session, account_key, items)
    session.commit()
    return receipt


def add_days(session: Session, account_key: str, items: Sequence[UsageDay]) -> DaysReceipt:
    """As `push_days`, in the caller's transaction. No two items may be of the same key."""
    account_id = hold_account(session, account_key)
    known = _known(session, account_id, {item.day for item in items})
    _refuse_too_old(session, account_id, [one for one in items if not one.count], known)
    added = changed = 0
    for item in items:
        row = known.get(item.key)
        if row is None and item.count:
            session.add(_new(account_id, item))
            added += 1
        elif row is not None and (row.count, row.duration_ms) != (item.count, _duration(item)):
            _change(row, item)
            changed += 1
    session.flush()
    _check_sums(session, account_id, {item.day for item in items})
    return DaysReceipt(added, changed, len(items) - added - changed)


def _known(session: Session, account_id: int, days: Iterable[date]) -> Known:
    found: Known = {}
    for some in chunks(days):
        wanted = select(UsageTold).where(
            UsageTold.account_id == account_id, UsageTold.day.in_(some)
        )
        rows = session.scalars(wanted.with_for_update())
        found.update({(row.day, row.external_id, row.name): row for row in rows})
    return found


def _refuse_too_old(
    session: Session, account_id: int, taken_back: Sequence[UsageDay], known: Known
) -> None:
    """A day whose raw events are gone cannot be made again without somebody."""
    first = first_whole_day(session, account_id)
    for item in taken_back:
        if first is not None and item.day < first and item.key in known:
            raise Invalid(
                f"What was told of {item.user} on {item.day} can be lowered to 1 but no longer be "
                f"taken back: raw events are kept from {first} on.",
                code="too-old-to-take-back",
            )


def _new(account_id: int, item: UsageDay) -> UsageTold:
    return UsageTold(
        account_id=account_id,
        day=item.day,
        external_id=item.user,
        name=item.event,
        count=item.count,
        duration_ms=_duration(item),
        counted=0,
        counted_ms=0,
        settled=False,
    )


def _change(row: UsageTold, item: UsageDay) -> None:
    row.count, row.duration_ms = item.count, _duration(item)
    counted = (row.count, row.duration_ms) == (row.counted, row.counted_ms)
    row.settled = counted and row.count > 0


def _duration(item: UsageDay) -> int:
    return item.milliseconds if item.count else 0


def _check_sums(session: Session, account_id: int, days: Iterable[date]) -> None:
    for some in chunks(days):
        rows = session.execute(
            select(UsageTold.day, func.sum(UsageTold.count))
            .where(UsageTold.account_id == account_id, UsageTold.day.in_(some))
            .group_by(UsageTold.day)
        )
        for day, total in rows:
            if total > MOST_A_DAY:
                said = f"The sum of {day} would be beyond {MOST_A_DAY}."
                raise Invalid(said, code="too-large-sum")
