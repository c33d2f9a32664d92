"""The health model in force: weights and bands by segment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.health import USUAL_BANDS, USUAL_WEIGHTS, Bands, Component, Weights
from portal.models import HealthModel

ANY = ""
"""The segment whose weights hold for all that have none of their own."""


@dataclass(frozen=True, slots=True)
class HealthBook:
    """`id` is None for the built-in model."""

    id: int | None = None
    key: str = ""
    weights: Mapping[str, Weights] = field(default_factory=dict)
    bands: Mapping[str, Bands] = field(default_factory=dict)

    def weights_of(self, segment: str) -> Weights:
        return self.weights.get(segment) or self.weights.get(ANY) or USUAL_WEIGHTS

    def bands_of(self, segment: str) -> Bands:
        return self.bands.get(segment) or self.bands.get(ANY) or USUAL_BANDS


def active_book(session: Session) -> HealthBook:
    """The model that was activated last; the built-in one where none was."""
    newest = (
        select(HealthModel)
        .where(HealthModel.activated_at.is_not(None))
        .order_by(HealthModel.activated_at.desc(), HealthModel.id.desc())
        .limit(1)
    )
    row = session.scalars(newest).one_or_none()
    return HealthBook() if row is None else book_of(row)


def books(session: Session) -> dict[int | None, HealthBook]:
    """Every model there is, drafts too, and the built-in one under None."""
    found: dict[int | None, HealthBook] = {None: HealthBook()}
    for row in session.scalars(select(HealthModel)):
        found[row.id] = book_of(row)
    return found


def book_of(row: HealthModel) -> HealthBook:
    return HealthBook(
        row.id,
        row.key,
        {segment: read_weights(values) for segment, values in row.weights.items()},
        {segment: Bands(*values) for segment, values in row.bands.items()},
    )


def read_weights(values: Mapping[str, Any]) -> dict[Component, int]:
    return {component: int(values.get(component, 0)) for component in Component}
