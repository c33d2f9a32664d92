"""Scores as pages ask for them. A session of the vendor's people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.health import Band, Component, Contribution, Score, Signals, Values
from portal.models import Account, HealthDay, HealthNewest, HealthOverride, User
from portal.services.adoption import last_full_day
from portal.services.health.book import HealthBook, books
from portal.services.health.lifting import BestStep, best_step
from portal.services.health.stored import Books, StoredScore, read_values
from portal.services.remembered import reads_all, remember
from portal.tenancy import plain_rows, scope_of

DAYS_A_WEEK = 7
LONGEST_HISTORY = 730
A_DAY = timedelta(days=1)
BANDS = {band.value: band for band in Band}


@dataclass(frozen=True, slots=True)
class OverrideView:
    """`until` is its last day."""

    key: str
    band: Band
    reason: str
    until: date
    by: str


@dataclass(frozen=True, slots=True)
class HealthRow:
    """The newest score. `band` is the override's while there is one; `scored` is the score's own.
    `before`: the score a week earlier.
    """

    account_id: int
    account_key: str
    day: date
    score: int | None
    scored: Band | None
    band: Band | None
    override: OverrideView | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a component adds to the score now, and a week before; None where it was not known."""

    component: Component
    now: float | None
    before: float | None

    @property
    def points(self) -> float:
        return (self.now or 0.0) - (self.before or 0.0)


@dataclass(frozen=True, slots=True)
class Past:
    """`model` is the key of the model in force then; empty for the built-in one."""

    day: date
    score: int | None
    band: Band | None
    model: str
    values: Values


@dataclass(frozen=True, slots=True)
class MemberRow:
    """An account of a group."""

    key: str
    name: str
    seats: int | None
    score: int | None
    band: Band | None


@dataclass(frozen=True, slots=True)
class GlassBox:
    """One account's score taken apart. `since` is the day that `moved` compares with, None where
    there is no score from about a week before.
    """

    row: HealthRow
    segment: str
    parts: list[Contribution]
    signals: Signals
    since: date | None
    moved: list[Moved]
    best: BestStep | None
    history: list[Past]
    members: list[MemberRow]

    @property
    def missing(self) -> list[Component]:
        return [part.component for part in self.parts if part.value is None and part.weight]


Scores = Mapping[str, HealthRow]
"""By the account's key."""
A_SCORE = 320
"""Bytes that one takes, about."""


def latest_scores(session: Session) -> Scores:
    """The newest score of every account in reach that has one: three statements at most. One that
    is older than two weeks is none. The same object as long as nothing changes.
    """
    overrides = open_overrides(session)
    plain = _plain_scores(session)
    return remember(
        session,
        "scores",
        (plain, overrides),
        lambda: _with_overrides(plain, overrides),
        lambda made: 100 * len(made),
    )


def _plain_scores(session: Session) -> Scores:
    state = tuple(session.execute(_STATE).one()) if reads_all(session) else ()
    return remember(
        session,
        "scores-plain",
        (state, _since(session)),
        lambda: {row.account_key: row for row in _latest(session, None, {}).values()},
        lambda made: A_SCORE * len(made),
    )


_STATE = select(
    select(func.count(Account.id)).scalar_subquery(),
    select(func.coalesce(func.sum(Account.revision), 0)).scalar_subquery(),
    select(func.count(HealthNewest.account_id)).scalar_subquery(),
    select(func.coalesce(func.sum(HealthNewest.revision), 0)).scalar_subquery(),
)


def _with_overrides(plain: Scores, overrides: Mapping[int, OverrideView]) -> Scores:
    if not overrides:
        return plain
    return {
        key: replace(row, band=override.band, override=override)
        if (override := overrides.get(row.account_id))
        else row
        for key, row in plain.items()
    }


def _since(session: Session) -> date:
    return scope_of(session).now.date() - timedelta(days=2 * DAYS_A_WEEK)


def health_of(session: Session, account_id: int) -> HealthRow | None:
    return _latest(session, [account_id], open_overrides(session)).get(account_id)


def _latest(
    session: Session, ids: Sequence[int] | None, overrides: Mapping[int, OverrideView]
) -> dict[int, HealthRow]:
    wanted = (
        select(
            HealthNewest.account_id,
            Account.key,
            HealthNewest.day,
            HealthNewest.score,
            HealthNewest.band,
            HealthNewest.before,
        )
        .join(Account, Account.id == HealthNewest.account_id)
        .where(HealthNewest.day >= _since(session))
    )
    if ids is not None:
        wanted = wanted.where(HealthNewest.account_id.in_(ids))
    found = {}
    for account, key, day, score, band, before in plain_rows(session, wanted):
        scored, override = BANDS.get(band), overrides.get(account)
        shown = override.band if override else scored
        found[account] = HealthRow(account, key, day, score, scored, shown, override, before)
    return found


def open_overrides(session: Session) -> dict[int, OverrideView]:
    """Account id → the override in force; the newest where there are several."""
    now = scope_of(session).now
    wanted = (
        select(
            HealthOverride.account_id,
            HealthOverride.key,
            HealthOverride.band,
            HealthOverride.reason,
            HealthOverride.until,
            func.coalesce(User.name, ""),
            Account.time_zone,
        )
        .join(Account, Account.id == HealthOverride.account_id)
        .outerjoin(User, User.id == HealthOverride.created_by)
        .where(HealthOverride.ended_at.is_(None), HealthOverride.until >= now.date() - A_DAY)
        .order_by(HealthOverride.id)
    )
    return {
        account: OverrideView(key, Band(band), reason, until, by)
        for account, key, band, reason, until, by, zone in session.execute(wanted)
        if until > last_full_day(zone, now)
    }


def glass_box(session: Session, account_key: str, days: int = 90) -> GlassBox | None:
    """None where the account has no score yet. Raises NotFound for one out of reach. `days` of
    history, at most 730.
    """
    account = session.scalar(select(Account.id).where(Account.key == account_key))
    if account is None:
        raise NotFound
    row = health_of(session, account)
    if row is None:
        return None
    known = _days(session, account, row.day, min(days, LONGEST_HISTORY))
    models = books(session)
    now = known[row.day]
    then = known.get(row.day - timedelta(days=DAYS_A_WEEK))
    parts = _parts(now, models)
    return GlassBox(
        row=row,
        segment=now.segment,
        parts=parts.parts,
        signals=Signals(**now.signals),
        since=then.day if then else None,
        moved=_moved(parts, _parts(then, models)) if then else [],
        best=best_step(session, now, models),
        history=[_past(one, models) for one in known.values()],
        members=_members(session, account),
    )


def _days(session: Session, account: int, last: date, days: int) -> dict[date, HealthDay]:
    first = last - timedelta(days=max(days, DAYS_A_WEEK + 1) - 1)
    wanted = select(HealthDay).where(
        HealthDay.account_id == account, HealthDay.day.between(first, last)
    )
    return {one.day: one for one in session.scalars(wanted.order_by(HealthDay.day))}


def _parts(one: HealthDay, models: Books) -> Score:
    return StoredScore(one.values, one.own, one.model_id, one.segment).score(models)


def _moved(now: Score, then: Score) -> list[Moved]:
    before = {part.component: part for part in then.parts}
    return [
        Moved(
            part.component,
            None if part.value is None else part.points,
            None if before[part.component].value is None else before[part.component].points,
        )
        for part in now.parts
        if part.value is not None or before[part.component].value is not None
    ]


def _past(one: HealthDay, models: Mapping[int | None, HealthBook]) -> Past:
    key = models[one.model_id].key if one.model_id in models else ""
    return Past(one.day, one.score, BANDS.get(one.band), key, read_values(one.values))


def _members(session: Session, account: int) -> list[MemberRow]:
    rows = session.execute(
        select(Account.id, Account.key, Account.name, Account.seats)
        .where(Account.parent_id == account)
        .order_by(Account.name)
    ).all()
    overrides = open_overrides(session) if rows else {}
    scores = _latest(session, [row.id for row in rows], overrides) if rows else {}
    return [
        MemberRow(
            row.key,
            row.name,
            row.seats,
            scores[row.id].score if row.id in scores else None,
            scores[row.id].band if row.id in scores else None,
        )
        for row in rows
    ]
