"""The nightly score of every account, written once per day of the account's own zone.

An account's days are written in one transaction; the primary key lets only one worker write each.
A killed worker leaves nothing half done. History stays: only the last day is made again, when
late events or late business volume came, and then by the model that it was made by. Usage from
before the first score has that time filled in.
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
    group_of,
    known_signals,
    score_of,
)
from portal.domain.health import values_of as values_by_formula
from portal.models import Account, HealthDay, HealthNewest
from portal.models.account import new_revision
from portal.services.health.book import HealthBook, active_book, books
from portal.services.health.days import STEP
from portal.services.health.due import Due, find_due
from portal.services.health.signals import read_signals
from portal.services.health.stored import StoredScore, keep_group, keep_values
from portal.usage.bulk import save_rows

BATCH = 50
"""Accounts a transaction."""


def score_accounts(session: Session, ids: Sequence[int], *, history: int = 0) -> int:
    """Writes the days that these accounts lack and commits; returns how many rows it wrote. An
    account without any score begins `history` days before its last full day; no day that is filled
    in later is older.
    """
    due = find_due(session, ids, history)
    signals = read_signals(session, {one.id: one.days for one in due})
    groups = _groups(session, due)
    night = _Night(session, signals)
    night.write([one for one in due if one.id not in groups])
    for one in due:
        if one.id in groups:
            night.write([one], _members(session, one))
    _note_newest(session, due)
    session.commit()
    return night.written


def _note_newest(session: Session, due: Sequence[Due]) -> None:
    """Each account's newest day, beside its history for lists of many."""
    newest = {one.id: one.days[-1] for one in due}
    days = {day - timedelta(days=back) for day in newest.values() for back in (0, STEP)}
    wanted = select(HealthDay.account_id, HealthDay.day, HealthDay.score, HealthDay.band).where(
        HealthDay.account_id.in_(newest), HealthDay.day.in_(days)
    )
    known = {(account, day): (score, band) for account, day, score, band in session.execute(wanted)}
    columns: dict[str, list[Any]] = {column.name: [] for column in HealthNewest.__table__.columns}
    for account, day in newest.items():
        score, band = known[account, day]
        before, _band = known.get((account, day - timedelta(days=STEP)), (None, ""))
        row = {"account_id": account, "day": day, "score": score, "band": band, "before": before}
        row["revision"] = new_revision()
        for name, values in columns.items():
            values.append(row[name])
    if newest:
        save_rows(session, HealthNewest.__table__, columns)


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
            book = self._books[one.model_id] if day == one.again else self._active
            row = self._scored(one, day, values_by_formula(given), book, members)
            if row["score"] is None and day in one.only_known:
                continue  # nothing was known then
            yield row | {"signals": known_signals(given)}

    def _scored(
        self, one: Due, day: date, own: Values, book: HealthBook, members: Sequence["_Member"]
    ) -> dict[str, Any]:
        weights, bands = book.weights_of(one.segment), book.bands_of(one.segment)
        score = score_of(own, weights, bands)
        if not members:
            return _row(one, day, book, own, score)
        there = [(member, kept) for member in members if (kept := member.on(day))]
        counted = [
            (kept.score(self._books), kept.seats or member.seats or 1) for member, kept in there
        ]
        # Without people of its own there is nothing but its seats to speak for it.
        if own.get(Component.ACTIVITY) is not None:
            counted.append((score, one.seats))
        group = group_of(counted, weights, bands)
        values = {part.component: part.value for part in group.parts}
        seats = sum(number for _score, number in counted)
        more = {"own": keep_group(own, group, seats), "members": len(there)}
        return _row(one, day, book, values, group) | more


@dataclass(frozen=True, slots=True)
class _Member:
    """An account of a group: its days, and the seats that it counts with."""

    seats: int | None
    days: Mapping[date, StoredScore]

    def on(self, day: date) -> StoredScore | None:
        """The newest within a week: zones differ, and so do the days that are known."""
        near = (day - timedelta(days=back) for back in range(STEP))
        return next((self.days[one] for one in near if one in self.days), None)


def _groups(session: Session, due: Iterable[Due]) -> set[int]:
    """Those of them that have accounts of their own."""
    ids = [one.id for one in due]
    wanted = select(Account.parent_id).where(Account.parent_id.in_(ids)).distinct()
    return {one for one in session.scalars(wanted) if one is not None}


def _members(session: Session, group: Due) -> list[_Member]:
    children = session.execute(
        select(Account.id, Account.seats).where(Account.parent_id == group.id)
    ).all()
    days: dict[int, dict[date, StoredScore]] = {}
    wanted = select(
        HealthDay.account_id,
        HealthDay.day,
        HealthDay.values,
        HealthDay.own,
        HealthDay.model_id,
        HealthDay.segment,
    ).where(
        HealthDay.account_id.in_([row.id for row in children]),
        HealthDay.day >= group.days[0] - timedelta(days=STEP),
    )
    for account, day, *columns in session.execute(wanted):
        days.setdefault(account, {})[day] = StoredScore(*columns)
    return [_Member(row.seats, days.get(row.id, {})) for row in children]


def _row(one: Due, day: date, book: HealthBook, values: Values, score: Score) -> dict[str, Any]:
    return {
        "account_id": one.id,
        "day": day,
        "model_id": book.id,
        "segment": one.segment,
        "score": score.score,
        "band": score.band.value if score.band else "",
        "values": keep_values(values),
        "own": {},
        "members": 0,
        "version": one.version,
    }
