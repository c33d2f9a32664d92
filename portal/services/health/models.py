"""The vendor's health models: a draft is weighed, tried on every account, and put in force. What
was scored before keeps the model that it was scored by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.domain.errors import Conflict, Invalid
from portal.domain.health import (
    Band,
    Bands,
    Component,
    Score,
    Weights,
    group_of,
    score_of,
)
from portal.models import Account, HealthDay, HealthModel, HealthNewest, User
from portal.services.audit import record
from portal.services.health.book import ANY, HealthBook, active_book, book_of
from portal.services.health.due import inner_first
from portal.services.health.stored import read_values
from portal.services.segments import segments_by_account
from portal.tenancy import scope_of

MOST_WEIGHT = 100
LONGEST_NOTE = 300
BUILT_IN = 1
"""The number of the model that the house brings along."""
RECENT = timedelta(days=16)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """`number` counts models in the order in which they came into force, None for a draft.
    `activated_at` is None for the draft and for the built-in model.
    """

    key: str
    number: int | None
    note: str
    created_at: datetime | None
    created_by: str
    activated_at: datetime | None
    activated_by: str
    book: HealthBook


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


def list_models(session: Session) -> list[ModelRow]:
    """The draft first, then those in force from the newest back to the built-in one."""
    maker, activator = aliased(User), aliased(User)
    wanted = (
        select(HealthModel, func.coalesce(maker.name, ""), func.coalesce(activator.name, ""))
        .outerjoin(maker, maker.id == HealthModel.created_by)
        .outerjoin(activator, activator.id == HealthModel.activated_by)
        .order_by(HealthModel.activated_at, HealthModel.id)
    )
    drafts: list[ModelRow] = []
    rows = [ModelRow("", BUILT_IN, "", None, "", None, "", HealthBook())]
    for model, made_by, activated_by in session.execute(wanted):
        number = None if model.activated_at is None else len(rows) + 1
        row = ModelRow(
            model.key,
            number,
            model.note,
            model.created_at,
            made_by,
            model.activated_at,
            activated_by,
            book_of(model),
        )
        (drafts if number is None else rows).append(row)
    return drafts + rows[::-1]


def model_numbers(session: Session) -> dict[str, int]:
    """Key of a model → its number; the built-in one has no key."""
    return {row.key: row.number for row in list_models(session) if row.number is not None}


def save_draft(
    session: Session,
    weights: Mapping[str, Weights],
    bands: Mapping[str, Bands],
    note: str = "",
) -> str:
    """The one draft, made or changed; its key. Segments without weights have those of ANY. Raises
    Invalid. Commits.
    """
    _check(weights, bands, note)
    scope = scope_of(session)
    draft = _draft(session)
    if draft is None:
        draft = HealthModel(weights={}, bands={}, created_at=scope.now, created_by=scope.user_id)
        session.add(draft)
    draft.weights = {
        key: {one.value: n for one, n in some.items()} for key, some in weights.items()
    }
    draft.bands = {key: [one.green, one.yellow] for key, one in bands.items()}
    draft.note = " ".join(note.split())
    session.flush()
    record(session, "health.model-draft", "health model", draft.key, segments=sorted(weights))
    session.commit()
    return draft.key


def discard_draft(session: Session) -> None:
    """Raises Conflict where there is none. Commits."""
    draft = _needed_draft(session)
    record(session, "health.model-discard", "health model", draft.key)
    session.delete(draft)
    session.commit()


def activate_draft(session: Session, key: str) -> None:
    """In force from the next night's scores on. Raises Conflict where that draft is no longer
    there. Commits.
    """
    draft = _needed_draft(session)
    if draft.key != key:
        raise Conflict("This draft was put in force or discarded already.", code="no-draft")
    scope = scope_of(session)
    draft.activated_at, draft.activated_by = scope.now, scope.user_id
    record(
        session,
        "health.model-activate",
        "health model",
        key,
        weights=draft.weights,
        bands=draft.bands,
    )
    session.commit()


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


def _draft(session: Session) -> HealthModel | None:
    wanted = select(HealthModel).where(HealthModel.activated_at.is_(None))
    return session.scalars(wanted.order_by(HealthModel.id).limit(1)).one_or_none()


def _needed_draft(session: Session) -> HealthModel:
    draft = _draft(session)
    if draft is None:
        raise Conflict("There is no draft any more.", code="no-draft")
    return draft


def _check(weights: Mapping[str, Weights], bands: Mapping[str, Bands], note: str) -> None:
    if ANY not in weights or ANY not in bands:
        raise Invalid("Weights for all other accounts are needed.", code="bad-weights")
    if len(note) > LONGEST_NOTE:
        said = f"Keep it under {LONGEST_NOTE} characters."
        raise Invalid(said, code="long-note", fields={"note": said})
    for segment, some in weights.items():
        _check_weights(segment, some)
    for segment, one in bands.items():
        if not 0 < one.yellow < one.green <= MOST_WEIGHT:
            said = "Yellow begins above 0 and below green, green at 100 at most."
            raise Invalid(said, code="bad-bands", fields={f"{segment}-green": said})


def _check_weights(segment: str, weights: Weights) -> None:
    for component in Component:
        if not 0 <= weights.get(component, 0) <= MOST_WEIGHT:
            said = f"A weight is a whole number from 0 to {MOST_WEIGHT}."
            raise Invalid(said, code="bad-weight", fields={f"{segment}-{component}": said})
    if not sum(weights.values()):
        said = "At least one component needs a weight."
        place = f"{segment}-{Component.ACTIVITY}"
        raise Invalid(said, code="no-weight", fields={place: said})
