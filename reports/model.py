"""The frozen snapshot of a value report: raw figures with units, windows, sources and times.

Nothing here depends on a language: `reports.render` says it in the reader's. JSON is the stored
form; reading it is strict, and an error names the place, such as
"Object missing required field `as_of` - at `$.figures[2]`".
"""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from reports.figures import UNITS, Definition, FigureKey, Source, Unit

SCHEMA: Literal[1] = 1

Locale = Literal["en", "zh-Hans", "zh-Hant"]
LONGEST_TEXT = 4000
MOST_PARAGRAPHS = 40
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TEXT)]
Count = Annotated[int, msgspec.Meta(ge=0)]
# Both, so that a counted figure stays a whole number in its JSON.
Amount = Annotated[int, msgspec.Meta(ge=0)] | Annotated[float, msgspec.Meta(ge=0)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]

_MONDAY = 0


class SnapshotError(ValueError):
    """What was to become a snapshot is not one; the message names the place and the reason."""


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Party(Record, frozen=True):
    key: Text
    name: Text


class Window(Record, frozen=True):
    """Calendar days in the account's time zone, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the window ends on {self.last}, before it begins on {self.first}")


class Figure(Record, frozen=True):
    """One number that can be asked: what, since when, defined how, from where, as of when.

    `value` None means not enough data, never zero. `part` of `whole` are the counts behind a
    ratio. `window` None means since the beginning.
    """

    key: FigureKey
    value: Amount | None
    unit: Unit
    definition: Definition
    window: Window | None
    sources: Annotated[tuple[Source, ...], msgspec.Meta(min_length=1)]
    as_of: Moment
    previous: Amount | None = None
    part: Count | None = None
    whole: Count | None = None

    def __post_init__(self) -> None:
        _check_utc(self.as_of, "as_of")
        if self.unit is not UNITS[self.key]:
            raise ValueError(f"{self.key} is measured in {UNITS[self.key]}, not {self.unit}")


class Week(Record, frozen=True):
    """Distinct active persons, and provisioned persons at the week's end; None where unknown."""

    monday: date
    active: Count | None
    provisioned: Count | None
    complete: bool = True

    def __post_init__(self) -> None:
        _check_monday(self.monday)


class CallWeek(Record, frozen=True):
    """Calls that integrations made; None where unknown."""

    monday: date
    calls: Count | None
    complete: bool = True

    def __post_init__(self) -> None:
        _check_monday(self.monday)


class Names(Record, frozen=True, rename={"zh_hans": "zh-Hans", "zh_hant": "zh-Hant"}):
    """Names of the vendor's own things; a missing Chinese one falls back to the other, then en."""

    en: Text
    zh_hans: Text | None = None
    zh_hant: Text | None = None

    def said_in(self, locale: str) -> str:
        """The name for a locale."""
        if locale == "zh-Hans":
            return self.zh_hans or self.zh_hant or self.en
        if locale == "zh-Hant":
            return self.zh_hant or self.zh_hans or self.en
        return self.en


class Feature(Record, frozen=True):
    """An entitled core feature over the period. `depth` None means not enough data."""

    key: Text
    names: Names
    depth: Annotated[float, msgspec.Meta(ge=0, le=1)] | None
    users: Count
    uses: Count


class Note(Record, frozen=True):
    """The success manager's words in one language: plain text, one entry per paragraph."""

    locale: Locale
    paragraphs: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=MOST_PARAGRAPHS)]


class Author(Record, frozen=True):
    name: Text
    written_on: date


class Snapshot(Record, frozen=True):
    """One account, one period, one version. `published_at` None marks a draft."""

    account: Party
    vendor: Party
    period: Window
    time_zone: str
    author: Author
    version: Annotated[int, msgspec.Meta(ge=1)]
    published_at: Moment | None
    figures: tuple[Figure, ...] = ()
    weeks: tuple[Week, ...] = ()
    weeks_before: tuple[Week, ...] = ()
    features: tuple[Feature, ...] = ()
    calls: tuple[CallWeek, ...] = ()
    integrations: tuple[Text, ...] = ()
    notes: tuple[Note, ...] = ()
    schema: Literal[1] = SCHEMA

    def __post_init__(self) -> None:
        _check_zone(self.time_zone)
        if self.published_at is not None:
            _check_utc(self.published_at, "published_at")
        _check_once("figures", [one.key for one in self.figures])
        _check_once("features", [one.key for one in self.features])
        _check_once("notes", [one.locale for one in self.notes])
        for name, mondays in self._mondays():
            _check_rising(name, mondays)

    def _mondays(self) -> tuple[tuple[str, list[date]], ...]:
        return (
            ("weeks", [one.monday for one in self.weeks]),
            ("weeks_before", [one.monday for one in self.weeks_before]),
            ("calls", [one.monday for one in self.calls]),
        )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def figure(self, key: FigureKey) -> Figure | None:
        return next((one for one in self.figures if one.key is key), None)

    def note(self, locale: str) -> Note | None:
        """The words in this language, else in its nearest, else as they were written first."""
        written = {str(one.locale): one for one in self.notes}
        nearest = {"zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}.get(locale, "en")
        first = self.notes[0] if self.notes else None
        return written.get(locale) or written.get(nearest) or first

    def to_json(self) -> bytes:
        """UTF-8, fields in a fixed order: the same snapshot is the same bytes."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, stored: bytes | str) -> Self:
        """SnapshotError for anything that is not a whole snapshot of this schema."""
        try:
            version = msgspec.json.decode(stored, type=_Versioned).schema
            if version != SCHEMA:
                raise SnapshotError(
                    f"Schema {version} of the snapshot is not known here, only {SCHEMA}."
                )
            return msgspec.json.decode(stored, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SnapshotError(f"The snapshot cannot be read: {error}") from error

    def checked(self) -> Self:
        """The same snapshot, every field's type and range checked. SnapshotError names a wrong one.

        Building one in Python checks what spans fields, reading JSON checks all: so this reads
        what it wrote.
        """
        return self.from_json(self.to_json())


class _Versioned(msgspec.Struct):
    schema: int


def _check_utc(moment: datetime, name: str) -> None:
    if moment.utcoffset() != timedelta(0):
        raise ValueError(f"{name} must be a time in UTC, not {moment.isoformat()}")


def _check_monday(day: date) -> None:
    if day.weekday() != _MONDAY:
        raise ValueError(f"a week begins on a Monday, {day} is none")


def _check_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone")


def _check_once(name: str, keys: list[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"{name} holds {key} twice")


def _check_rising(name: str, days: list[date]) -> None:
    for earlier, later in pairwise(days):
        if later <= earlier:
            raise ValueError(f"{name} must rise, {later} follows {earlier}")
