"""Many messages as columns: what a step of the fold reads out of its rows.

Texts stand as numbers of a book, so that 200,000 events hold each person, name and account once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from portal.usage.days import Numbers
from portal.usage.message import ACTIVITY, LAST_BUCKET, Event, read_text
from portal.usage.moments import DAY
from portal.usage.rollups import Hashes

Flags = npt.NDArray[np.bool_]


class Book(dict[str | int | None, int]):
    """Text → number, made when a text is met first. Number 0 is no text at all.

    Looking up a new text checks it, and raises message.Refused if it is too long or unclean.
    """

    def __init__(self, member: str) -> None:
        super().__init__({None: 0, "": 0})
        self.member = member
        self.texts = [""]

    def __missing__(self, value: str | int) -> int:
        text = read_text(value, self.member)
        number = self.get(text)
        if number is None:
            number = self[text] = len(self.texts)
            self.texts.append(text)
        self[value] = number
        return number

    def number_of(self, text: str) -> int:
        """That of a text which needs no checking."""
        number = self.get(text)
        if number is None:
            number = self[text] = len(self.texts)
            self.texts.append(text)
        return number


@dataclass(slots=True)
class Columns:
    """Lists of equal length, one element a message; `row` and `place` say where it stands."""

    row: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    joins: list[bool] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    person: list[int] = field(default_factory=list)
    name: list[int] = field(default_factory=list)
    group: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    call: list[bool] = field(default_factory=list)
    integration: list[int] = field(default_factory=list)
    milliseconds: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Gathering:
    """Columns while they grow. `known` is a moment of the day under which a message is known
    again; `anonymous` counts activity without a user id.
    """

    persons: Book = field(default_factory=lambda: Book("userId"))
    names: Book = field(default_factory=lambda: Book("event"))
    groups: Book = field(default_factory=lambda: Book("groupId"))
    integrations: Book = field(default_factory=lambda: Book("integration"))
    columns: Columns = field(default_factory=Columns)
    hashes: list[bytes] = field(default_factory=list)
    anonymous: int = 0

    def add(self, row: int, place: int, event: Event) -> None:
        """What is neither activity nor a group call of a person is passed over."""
        if event.kind != "group" and event.kind not in ACTIVITY:
            return
        if not event.person:
            self.anonymous += event.kind in ACTIVITY
            return
        columns = self.columns
        columns.row.append(row)
        columns.place.append(place)
        columns.joins.append(event.kind == "group")
        columns.at.append(event.at)
        columns.known.append(event.bucket * DAY)
        columns.person.append(self.persons[event.person])
        columns.name.append(self.names[event.name])
        columns.group.append(self.groups[event.group])
        columns.later.append(self.groups[event.later_group])
        columns.call.append(event.call)
        columns.integration.append(self.integrations[event.integration])
        columns.milliseconds.append(event.milliseconds)
        self.hashes.append(event.identity.to_bytes(8, "little"))

    def messages(self) -> "Messages":
        columns = self.columns
        made = Messages(
            persons=self.persons.texts,
            names=self.names.texts,
            groups=self.groups.texts,
            integrations=self.integrations.texts,
            anonymous=self.anonymous,
            row=_numbers(columns.row),
            place=_numbers(columns.place),
            joins=np.array(columns.joins, bool),
            at=_numbers(columns.at),
            bucket=np.clip(_numbers(columns.known) // DAY, 0, LAST_BUCKET),
            identity=np.frombuffer(b"".join(self.hashes), "<u8").astype(np.uint64),
            person=_numbers(columns.person),
            name=_numbers(columns.name),
            group=_numbers(columns.group),
            later=_numbers(columns.later),
            call=np.array(columns.call, bool),
            integration=_numbers(columns.integration),
            milliseconds=_numbers(columns.milliseconds),
        )
        return made.in_order()


def _numbers(values: Sequence[int]) -> Numbers:
    return np.array(values, np.int64)


ARRAYS = (
    *("row", "place", "joins", "at", "bucket", "identity", "person", "name", "group", "later"),
    *("call", "integration", "milliseconds"),
)


@dataclass(slots=True)
class Messages:
    """Activity and group calls of persons, in the order in which they came.

    `at` is by our clock (microseconds); `bucket` the day (since 1970) under which `identity` is
    known again; `joins` marks group calls, whose `group` is the account joined.
    """

    persons: list[str]
    names: list[str]
    groups: list[str]
    integrations: list[str]
    anonymous: int
    row: Numbers
    place: Numbers
    joins: Flags
    at: Numbers
    bucket: Numbers
    identity: Hashes
    person: Numbers
    name: Numbers
    group: Numbers
    later: Numbers
    call: Flags
    integration: Numbers
    milliseconds: Numbers

    def in_order(self) -> "Messages":
        position = self.row << 32 | self.place
        if (np.diff(position) < 0).any():
            self.keep(np.argsort(position))
        return self

    def keep_places(self, places: Sequence[Sequence[int]]) -> None:
        """Of each row only the messages at these places stay."""
        wanted = [row << 32 | place for row, some in enumerate(places) for place in some]
        self.keep(np.isin(self.row << 32 | self.place, wanted))

    def keep(self, chosen: npt.NDArray[Any]) -> None:
        """Only the chosen ones (flags or positions) stay."""
        for name in ARRAYS:
            setattr(self, name, getattr(self, name)[chosen])
