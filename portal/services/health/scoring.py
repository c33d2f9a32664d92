"""The nightly score of every account, written once per day of the account's own zone.

An account's days are written in one transaction; the primary key lets only one worker write each.
A killed worker leaves nothing half done. History stays: only the last day is made again, when
late events came for it, and then by the model that it was made by.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.health import (
    Component,
    Score,
    Signals,
    Values,
    known_signals,
    mean_of,
    score_of,
)
from portal.domain.health import values_of as values_by_formula
from portal.models import Account, HealthDay
from portal.services.health.book import HealthBook, active_book, books
from portal.services.health.due import STEP, Due, find_due
from portal.services.health.signals import read_signals
from portal.usage.bulk import save_rows

BATCH = 50
"""Accounts a transaction."""


def score_accounts(session: Session, ids: Sequence[int], *, history: int = 0) -> int:
    """Writes the days that these accounts lack and commits; returns how many rows it wrote. An
    account without any score begins `history` days before its last full day.
    """
    due = find_due(session, ids, history)
    signals = read_signals(session, {one.id: one.days for one in due})
    groups = _groups(session, due)
    night = _Night(session, signals)
    night.write([one for one in due if one.id not in groups])
    for one in due:
        if one.id in groups:
            night.write([one], _members(session, [one]).get(one.id, ()))
    session.commit()
    return night.written


class _Night:
    """What one transaction writes, by the models that it goes by."""

    def __init__(self, session: Session, signals: Mapping[tuple[int, date], Signals]) -> None:
        self._session = session
        self._signals = signals
        self._books = books(session)
        self._active = active_book(session)
        self.written = 0

    def write(self, due: Sequence[Due], members: Sequence["_Member"] = ()) -> None:
        rows = [row for one in due for row in self._rows(one, members)]
        if rows:
            # In the table's own order: so the statement takes them.
            names = [column.name for column in HealthDay.__table__.columns]
            columns = {name: [row[name] for row in rows] for name in names}
            save_rows(self._session, HealthDay.__table__, columns)
        self.written += len(rows)

    def _rows(self, one: Due, members: Sequence["_Member"]) -> Iterator[dict[str, Any]]:
        for day in one.days:
            given = self._signals[one.id, day]
            book = self._books[one.model_id] if one.again else self._active
            row = _scored(one, day, values_by_formula(given), book, members)
            if one.first and row["score"] is None and day != one.days[-1]:
                continue  # the time before anything was known
            yield row | {"signals": known_signals(given)}


@dataclass(frozen=True, slots=True)
class _Member:
    seats: int
    days: Mapping[date, Values]

    def on(self, day: date) -> Values | None:
        """The newest within a week: zones differ, and so do the days that are known."""
        near = (day - timedelta(days=back) for back in range(STEP))
        return next((self.days[one] for one in near if one in self.days), None)


def _groups(session: Session, due: Iterable[Due]) -> set[int]:
    """Those of them that have accounts of their own."""
    ids = [one.id for one in due]
    wanted = select(Account.parent_id).where(Account.parent_id.in_(ids)).distinct()
    return {one for one in session.scalars(wanted) if one is not None}


def _members(session: Session, due: Sequence[Due]) -> dict[int, list[_Member]]:
    """Group → its accounts with their own values. A group within a group counts as one."""
    if not due:
        return {}
    children = session.execute(
        select(Account.id, Account.parent_id, Account.seats).where(
            Account.parent_id.in_([one.id for one in due])
        )
    ).all()
    days: dict[int, dict[date, Values]] = {}
    first = min((one.days[0] for one in due), default=date.max) - timedelta(days=STEP)
    wanted = select(HealthDay.account_id, HealthDay.day, HealthDay.values).where(
        HealthDay.account_id.in_([row.id for row in children]), HealthDay.day >= first
    )
    for account, day, values in session.execute(wanted):
        days.setdefault(account, {})[day] = read_values(values)
    found: dict[int, list[_Member]] = {}
    for row in children:
        member = _Member(row.seats or 1, days.get(row.id, {}))
        found.setdefault(row.parent_id or 0, []).append(member)
    return found


def _scored(
    one: Due, day: date, own: Values, book: HealthBook, members: Sequence[_Member]
) -> dict[str, Any]:
    values, counted = own, 0
    if members:
        found = [(given, member.seats) for member in members if (given := member.on(day))]
        counted = len(found)
        itself = [(own, one.seats)] if own.get(Component.ACTIVITY) is not None else []
        values = mean_of(found + itself)
    score = score_of(values, book.weights_of(one.segment), book.bands_of(one.segment))
    return {
        "account_id": one.id,
        "day": day,
        "model_id": book.id,
        "segment": one.segment,
        "score": score.score,
        "band": score.band.value if score.band else "",
        "values": _kept(values),
        "own": _kept(own) if members else {},
        "members": counted,
        "version": one.version,
    }


def _kept(values: Values) -> dict[str, Any]:
    return {one.value: round(value, 6) for one, value in values.items() if value is not None}


def read_values(kept: Mapping[str, Any]) -> dict[Component, float | None]:
    return {one: kept.get(one.value) for one in Component}


def rescored(values: Values, book: HealthBook, segment: str) -> Score:
    """The score that a model would give."""
    return score_of(values, book.weights_of(segment), book.bands_of(segment))
