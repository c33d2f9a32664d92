"""The thresholds of each rule, typed, with their usual values and bounds.

Every rule has `calm`: the days in a row on which all must be well before it closes itself. And
most have `persons`: below so many people, chance moves the figures more than they do.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar

from portal.domain.errors import Invalid

LOOK_BACK = 91
"""Days before the one in question that any rule, and the chart, may ask for."""


class FieldKind(StrEnum):
    SHARE = "share"
    """A part of 1; people type and read it in per cent."""
    PERSONS = "persons"
    DAYS = "days"
    WEEKS = "weeks"


def _share(usual: float, least: float = 0.01, most: float = 1.0) -> Any:
    return field(default=usual, metadata={"kind": FieldKind.SHARE, "least": least, "most": most})


def _count(kind: FieldKind, usual: int, least: int, most: int) -> Any:
    return field(default=usual, metadata={"kind": kind, "least": least, "most": most})


def _persons(usual: int) -> Any:
    return _count(FieldKind.PERSONS, usual, 1, 100_000)


def _calm(usual: int) -> Any:
    return _count(FieldKind.DAYS, usual, 1, 30)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What all rules share."""

    calm: int = _calm(3)


@dataclass(frozen=True, slots=True)
class SuddenDrop(Parameters):
    """The week's active people lie `fall` or more below the mean of the four weeks before, which
    was at least `persons`. Well again: `back` of what was lost has come back.
    """

    fall: float = _share(0.3)
    persons: int = _persons(10)
    back: float = _share(0.5)


@dataclass(frozen=True, slots=True)
class SlowDecline(Parameters):
    """The MAU fell in each of `weeks` weeks, by `fall` in all, from at least `persons`."""

    weeks: int = _count(FieldKind.WEEKS, 6, 2, 8)
    fall: float = _share(0.1)
    persons: int = _persons(20)
    calm: int = _calm(7)


@dataclass(frozen=True, slots=True)
class Silence(Parameters):
    """No event for `workdays` workdays, of an account with at least `persons` set up."""

    workdays: int = _count(FieldKind.DAYS, 5, 2, 30)
    persons: int = _persons(5)
    calm: int = _calm(2)


@dataclass(frozen=True, slots=True)
class LowForLong(Parameters):
    """On each of `days` days less than `low` of at least `persons` people were active in the week.
    Well again: `margin` above `low`. Not within `after_live` days of the go-live.
    """

    low: float = _share(0.25)
    days: int = _count(FieldKind.DAYS, 28, 7, 60)
    persons: int = _persons(10)
    margin: float = _share(0.05, 0.0, 0.5)
    after_live: int = _count(FieldKind.DAYS, 90, 0, 365)
    calm: int = _calm(7)


@dataclass(frozen=True, slots=True)
class CoreUnused(Parameters):
    """Nobody used a core feature of the contract for `days` days, in an account where at least
    `persons` work. Not within `after_live` days of the go-live.
    """

    days: int = _count(FieldKind.DAYS, 30, 7, 90)
    persons: int = _persons(10)
    after_live: int = _count(FieldKind.DAYS, 90, 0, 365)
    calm: int = _calm(1)


@dataclass(frozen=True, slots=True)
class OverUse(Parameters):
    """`high` or more of the seats bought are in use, of at least `persons` seats, or of a quota of
    the contract. Well again: `margin` below.
    """

    high: float = _share(0.9, 0.1, 2.0)
    persons: int = _persons(10)
    margin: float = _share(0.05, 0.0, 0.5)
    calm: int = _calm(7)


@dataclass(frozen=True, slots=True)
class Onboarding(Parameters):
    """Of the seats bought, or the people set up, fewer have ever worked than the bar says that
    was passed last: on day 14, 30, 60 and 90 after the go-live.
    """

    CHECKS: ClassVar[tuple[int, ...]] = (14, 30, 60, 90)

    day_14: float = _share(0.2)
    day_30: float = _share(0.4)
    day_60: float = _share(0.6)
    day_90: float = _share(0.7)
    persons: int = _persons(5)

    @property
    def bars(self) -> tuple[float, ...]:
        return (self.day_14, self.day_30, self.day_60, self.day_90)


@dataclass(frozen=True, slots=True)
class ParameterField:
    name: str
    kind: FieldKind
    least: float
    most: float


def fields_of(parameters: type[Parameters]) -> list[ParameterField]:
    """In the order in which a form shows them: `calm` last."""
    found = [
        ParameterField(one.name, one.metadata["kind"], one.metadata["least"], one.metadata["most"])
        for one in fields(parameters)
    ]
    return sorted(found, key=lambda one: one.name == "calm")


def read_parameters(kind: type[Parameters], values: Mapping[str, Any]) -> Parameters:
    """Of stored or typed values; what is missing has its usual value, what nobody knows is left
    out. Raises Invalid naming each field that is no number or out of bounds.
    """
    wrong: dict[str, str] = {}
    good: dict[str, Any] = {}
    for one in fields_of(kind):
        if one.name not in values:
            continue
        number = _number(values[one.name], one)
        if number is None:
            wrong[one.name] = f"A number from {one.least:g} to {one.most:g}."
        else:
            good[one.name] = number
    if wrong:
        raise Invalid("A threshold is out of bounds.", code="out-of-bounds", fields=wrong)
    return kind(**good)


def _number(value: Any, one: ParameterField) -> float | int | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if not one.least <= number <= one.most:  # also not-a-number
        return None
    if one.kind is FieldKind.SHARE:
        return number
    return int(number) if number.is_integer() else None


def stored(parameters: Parameters) -> dict[str, Any]:
    return asdict(parameters)
