"""Messages whose time cannot be (before 2000, or more than two days ahead of us), listed by account
and key, in the transaction of the fold's step: each one exactly once. They count nowhere, and are
not kept but for a sample: nobody can tell when they happened.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from portal.models import Account, UsageMistimed
from portal.usage import moments
from portal.usage.reading import LogRow
from portal.usage.store import chunks
from portal.usage.wire import Refusal

KEPT = timedelta(days=90)
# Whoever makes up accounts fills no table: further ones of a day are listed together.
MOST_A_DAY = 500
NO_KEY = 0
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)
# Day of arrival, reason, account, key.
Place = tuple[date, str, str, int]


@dataclass(slots=True)
class _Found:
    messages: int
    last_at: datetime
    first_day: date
    last_day: date
    sample: str


def list_mistimed(session: Session, refused: Iterable[tuple[LogRow, Refusal]]) -> None:
    """Folds write one after the other, so nobody else makes a row meanwhile."""
    wrong = [(row, one, one.at) for row, one in refused if one.at is not None]
    if not wrong:
        return
    own = _own_accounts(session, {row.bound_id for row, _, _ in wrong if row.bound_id is not None})
    found: dict[Place, _Found] = {}
    for row, one, at in wrong:
        account = own.get(row.bound_id or 0, one.account)
        arrived = row.received_at.astimezone(UTC).date()
        place = (arrived, one.reason, account, row.key_id or NO_KEY)
        _note(found, place, _Found(1, row.received_at, _day(at), _day(at), one.sample))
    for place in sorted(found):
        _add(session, place, found[place])
    _forget(session, max(found)[0] - KEPT)


def _own_accounts(session: Session, ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in chunks(ids):
        rows = session.execute(select(Account.id, Account.key).where(Account.id.in_(some)))
        found.update((row.id, row.key) for row in rows)
    return found


def _day(at: int) -> date:
    """In UTC, and one that a date can hold."""
    try:
        return moments.moment_of(at).date()
    except OverflowError:
        return _FIRST if at < 0 else _LAST


def _note(found: dict[Place, _Found], place: Place, one: _Found) -> None:
    known = found.get(place)
    if known is not None:
        one.messages += known.messages
        one.first_day = min(one.first_day, known.first_day)
        one.last_day = max(one.last_day, known.last_day)
    found[place] = one


def _add(session: Session, place: Place, one: _Found) -> None:
    if _changed(session, place, one):
        return
    if place[2] and _rows_of(session, place[0]) >= MOST_A_DAY:
        _add(session, (place[0], place[1], "", place[3]), one)
        return
    names = ("day", "reason", "account_key", "key_id")
    values = {name: getattr(one, name) for name in _Found.__dataclass_fields__}
    session.execute(insert(UsageMistimed).values(**dict(zip(names, place, strict=True)), **values))


def _changed(session: Session, place: Place, one: _Found) -> bool:
    table = UsageMistimed
    first = case((table.first_day < one.first_day, table.first_day), else_=one.first_day)
    last = case((table.last_day > one.last_day, table.last_day), else_=one.last_day)
    changed = (
        update(table)
        .where(table.day == place[0], table.reason == place[1])
        .where(table.account_key == place[2], table.key_id == place[3])
        .values(messages=table.messages + one.messages, first_day=first, last_day=last)
        .values(last_at=one.last_at, sample=one.sample)
        .returning(table.day)
    )
    done: Any = session.execute(changed.execution_options(synchronize_session=False))
    return done.one_or_none() is not None


def _rows_of(session: Session, day: date) -> int:
    rows = select(func.count()).where(UsageMistimed.day == day)
    return session.scalar(rows) or 0


def _forget(session: Session, before: date) -> None:
    old = delete(UsageMistimed).where(UsageMistimed.day < before)
    session.execute(old.execution_options(synchronize_session=False))
