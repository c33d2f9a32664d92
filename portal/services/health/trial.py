"""What a health model would make of every account, before it is put in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.health import Band, Component, Score, group_of, score_of
from portal.models import Account, HealthDay, HealthNewest
from portal.services.health.book import HealthBook, active_book
from portal.services.health.due import inner_first
from portal.services.health.stored import read_values
from portal.services.segments import segments_by_account
from portal.tenancy import scope_of

RECENT = timedelta(days=16)
"""What is older is no score of today."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a model would make of an account's newest values, beside the score in force."""

    key: str
    name: str
    segment: str
    before: int | None
    band_before: Band | None
    after: int | None
    band_after: Band | None

    @property
    def moved(self) -> int:
        return (self.after or 0) - (self.before or 0)


def try_model(session: Session, book: HealthBook) -> list[Tried]:
    """Every account in reach by name, from the values of its newest score; the model in force is
    taken at the same values, so that only the models differ. A group's is its members' mean.
    """
    rows, segments = _newest_values(session), segments_by_account(session)
    active = active_book(session)
    parents = {row.id: row.parent_id for row in rows}
    before: dict[int, Score] = {}
    after: dict[int, Score] = {}
    by_id = {row.id: row for row in rows}
    for account in inner_first(by_id, parents):
        members = [one for one in rows if one.parent_id == account]
        for found, model in ((before, active), (after, book)):
            found[account] = _tried(by_id[account], members, found, model, segments[account])
    return [
        Tried(
            row.key,
            row.name,
            segments[row.id],
            before[row.id].score,
            before[row.id].band,
            after[row.id].score,
            after[row.id].band,
        )
        for row in rows
    ]


def _newest_values(session: Session) -> list[Any]:
    since = scope_of(session).now.date() - RECENT
    wanted = (
        select(
            Account.id,
            Account.key,
            Account.name,
            Account.parent_id,
            Account.seats,
            HealthDay.values,
            HealthDay.own,
        )
        .join(HealthNewest, HealthNewest.account_id == Account.id)
        .join(
            HealthDay,
            (HealthDay.account_id == Account.id) & (HealthDay.day == HealthNewest.day),
        )
        .where(HealthNewest.day >= since)
        .order_by(Account.name, Account.key)
    )
    return list(session.execute(wanted))


def _tried(
    row: Any, members: Sequence[Any], scores: Mapping[int, Score], model: HealthBook, segment: str
) -> Score:
    weights, bands = model.weights_of(segment), model.bands_of(segment)
    own = read_values(row.own.get("values", {}) if members else row.values)
    score = score_of(own, weights, bands)
    if not members:
        return score
    counted = [
        (scores[one.id], one.own.get("seats") or one.seats or 1)
        for one in members
        if one.id in scores
    ]
    if own.get(Component.ACTIVITY) is not None:
        counted.append((score, row.seats or 1))
    return group_of(counted, weights, bands)
