"""The vendor's health models: a draft is weighed, tried on every account, and put in force. What
was scored before keeps the model that it was scored by.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.domain.errors import Conflict, Invalid
from portal.domain.health import Bands, Component, Weights
from portal.domain.segments import OTHERS
from portal.models import HealthModel, User
from portal.services.audit import record
from portal.services.health.book import ANY, HealthBook, active_book, book_of
from portal.services.segments import segment_rules
from portal.tenancy import scope_of

MOST_WEIGHT = 100
LONGEST_NOTE = 300
BUILT_IN = 1
"""The number of the model that the house brings along."""


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


def weigh_segment(session: Session, segment: str, weights: Weights, bands: Bands) -> None:
    """Sets what holds for a segment (ANY: for all without weights of their own) in the draft,
    which begins as the model in force. Raises Invalid. Commits.
    """
    _check(weights, bands)
    known = {rule.key for rule in segment_rules(session)} | {OTHERS, ANY}
    if segment not in known:
        said = "There is no such segment."
        raise Invalid(said, code="no-segment", fields={"segment": said})
    draft = _begun_draft(session)
    kept = {one.value: weights.get(one, 0) for one in Component}
    draft.weights = {**draft.weights, segment: kept}
    draft.bands = {**draft.bands, segment: [bands.green, bands.yellow]}
    session.flush()
    record(
        session,
        "health.model-draft",
        "health model",
        draft.key,
        segment=segment,
        weights=kept,
        bands=[bands.green, bands.yellow],
    )
    session.commit()


def forget_segment(session: Session, segment: str) -> None:
    """The segment has the weights of all others again, in the draft. Commits."""
    draft = _begun_draft(session)
    if segment != ANY and segment in draft.weights:
        draft.weights = {key: one for key, one in draft.weights.items() if key != segment}
        draft.bands = {key: one for key, one in draft.bands.items() if key != segment}
        session.flush()
        record(session, "health.model-draft", "health model", draft.key, forgotten=segment)
    session.commit()


def find_draft(session: Session) -> HealthBook | None:
    row = _draft(session)
    return None if row is None else book_of(row)


def discard_draft(session: Session) -> None:
    """Raises Conflict where there is none. Commits."""
    draft = _needed_draft(session)
    record(session, "health.model-discard", "health model", draft.key)
    session.delete(draft)
    session.commit()


def activate_draft(session: Session, key: str, note: str = "") -> None:
    """In force from the next night's scores on. Raises Conflict where that draft is no longer
    there, Invalid (note). Commits.
    """
    if len(note.strip()) > LONGEST_NOTE:
        said = f"Keep it under {LONGEST_NOTE} characters."
        raise Invalid(said, code="long-note", fields={"note": said})
    draft = _needed_draft(session)
    if draft.key != key:
        raise Conflict("This draft was put in force or discarded already.", code="no-draft")
    scope = scope_of(session)
    draft.note = " ".join(note.split())
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


def _draft(session: Session) -> HealthModel | None:
    wanted = select(HealthModel).where(HealthModel.activated_at.is_(None))
    return session.scalars(wanted.order_by(HealthModel.id).limit(1)).one_or_none()


def _begun_draft(session: Session) -> HealthModel:
    """The one draft; where there is none it begins as the model in force."""
    draft = _draft(session)
    if draft is None:
        scope, active = scope_of(session), active_book(session)
        weights = active.weights or {ANY: active.weights_of(ANY)}
        bands = active.bands or {ANY: active.bands_of(ANY)}
        draft = HealthModel(
            weights={
                key: {one.value: some.get(one, 0) for one in Component}
                for key, some in weights.items()
            },
            bands={key: [one.green, one.yellow] for key, one in bands.items()},
            created_at=scope.now,
            created_by=scope.user_id,
        )
        session.add(draft)
    return draft


def _needed_draft(session: Session) -> HealthModel:
    draft = _draft(session)
    if draft is None:
        raise Conflict("There is no draft any more.", code="no-draft")
    return draft


def _check(weights: Weights, bands: Bands) -> None:
    for component in Component:
        if not 0 <= weights.get(component, 0) <= MOST_WEIGHT:
            said = f"A weight is a whole number from 0 to {MOST_WEIGHT}."
            raise Invalid(said, code="bad-weight", fields={component.value: said})
    if not sum(weights.values()):
        said = "At least one component needs a weight."
        raise Invalid(said, code="no-weight", fields={Component.ACTIVITY.value: said})
    if not 0 < bands.yellow < bands.green <= MOST_WEIGHT:
        said = "Yellow begins above 0 and below green, green at 100 at most."
        raise Invalid(said, code="bad-bands", fields={"green": said})
