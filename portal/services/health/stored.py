"""Scores as their rows keep them, read back whole: of an account by the model of its day, of a
group by what its members gave.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain.health import (
    Component,
    Contribution,
    Score,
    Values,
    contribution,
    score_of,
)
from portal.services.health.book import HealthBook

Books = Mapping[int | None, HealthBook]


@dataclass(frozen=True, slots=True)
class StoredScore:
    """The columns of a HealthDay that a score is made from again."""

    values: Mapping[str, Any]
    own: Mapping[str, Any]
    model_id: int | None
    segment: str

    @property
    def is_group(self) -> bool:
        return "shares" in self.own

    @property
    def seats(self) -> int | None:
        """Of a group: its members', and its own."""
        return self.own.get("seats")

    def score(self, books: Books) -> Score:
        book = books.get(self.model_id, HealthBook())
        values = read_values(self.values)
        weights, bands = book.weights_of(self.segment), book.bands_of(self.segment)
        if not self.is_group:
            return score_of(values, weights, bands)
        shares = self.own["shares"]
        parts: list[Contribution] = [
            contribution(one, values[one], weights.get(one, 0), shares.get(one.value, 0.0))
            for one in Component
        ]
        return Score.of(parts, bands)


def keep_group(own: Values, group: Score, seats: int) -> dict[str, Any]:
    """What `HealthDay.own` holds of a group, beside the mean of its components."""
    shares = {part.component.value: round(part.share, 9) for part in group.parts if part.share}
    return {"values": keep_values(own), "shares": shares, "seats": seats}


def keep_values(values: Values) -> dict[str, Any]:
    return {one.value: round(value, 6) for one, value in values.items() if value is not None}


def read_values(kept: Mapping[str, Any]) -> dict[Component, float | None]:
    return {one: kept.get(one.value) for one in Component}
