"""What a message says beside person, moment and name, taken apart into members and put together
again. Left out: the message's id, which is known by its hash until its day is archived, and what
`at` tells: time stamps as the client's clock had them.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
import numpy as np

from portal.usage.archived import Archived, Path, Values
from portal.usage.days import Numbers
from portal.usage.message import ACTIVITY
from portal.usage.moments import moment_of

TYPE, CHANNEL = ("", "type"), ("properties", "channel")
INTEGRATION, APP = ("properties", "integration"), ("context", "app")
# Further members of one account stand together: a broken client may make up their names.
MOST_PATHS = 200
OTHERS = ("", "*")
SECTIONS = ("context", "properties")
LEFT_OUT = frozenset(
    {
        *(("", one) for one in ("messageId", "knownAs", "userId", "sentAt", "type")),
        *(("", one) for one in ("timestamp", "originalTimestamp", *SECTIONS)),
        *(("context", "groupId"), ("properties", "$insert_id")),
    }
)
SECONDS = ("properties", "duration_seconds")
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Facts(NamedTuple):
    """What was read of a message already. `kind` holds where the message does not say."""

    kind: str
    person: str
    name: str
    at: int
    milliseconds: int
    call: bool
    integration: str


class _Book(dict[Any, int]):
    """Text → number, counted from `first` in the order of asking."""

    def __init__(self, first: int) -> None:
        super().__init__()
        self.first = first

    def __missing__(self, text: Any) -> int:
        number = self[text] = len(self) + self.first
        return number


@dataclass(slots=True)
class _Column:
    book: _Book = field(default_factory=lambda: _Book(1))
    codes: Any = field(default_factory=lambda: array("I"))

    def put(self, position: int, text: bytes) -> None:
        self.pad(position)
        self.codes.append(self.book[text])

    def pad(self, size: int) -> None:
        self.codes.extend([0] * (size - len(self.codes)))


@dataclass(slots=True)
class Growing:
    """Events of one account, in the order in which they are added."""

    persons: _Book = field(default_factory=lambda: _Book(0))
    names: _Book = field(default_factory=lambda: _Book(0))
    person: Any = field(default_factory=lambda: array("q"))
    at: Any = field(default_factory=lambda: array("q"))
    name: Any = field(default_factory=lambda: array("q"))
    milliseconds: Any = field(default_factory=lambda: array("q"))
    columns: dict[Path, _Column] = field(default_factory=dict)

    def add(self, event: Facts, raw: Any) -> int:
        """Returns its position."""
        position = len(self.at)
        self.person.append(self.persons[event.person])
        self.at.append(event.at)
        self.name.append(self.names[event.name])
        self.milliseconds.append(event.milliseconds)
        others: dict[str, Any] = {}
        for path, value in _members(_read(raw), event):
            column = self._column(path)
            if column is None:
                others.setdefault(path[0], {})[path[1]] = value
            else:
                column.put(position, _encode(value))
        if others:
            self.columns.setdefault(OTHERS, _Column()).put(position, _encode(others))
        return position

    def _column(self, path: Path) -> _Column | None:
        column = self.columns.get(path)
        is_own = path in {TYPE, CHANNEL, INTEGRATION, APP} or len(self.columns) < MOST_PATHS
        if column is None and is_own:
            column = self.columns[path] = _Column()
        return column

    def archived(self, chosen: Numbers) -> Archived:
        for column in self.columns.values():
            column.pad(len(self.at))
        columns = (self.person, self.at, self.name, self.milliseconds)
        person, at, name, milliseconds = (np.array(one, np.int64) for one in columns)
        values = {
            path: Values([b"", *column.book], np.array(column.codes, np.int64))
            for path, column in self.columns.items()
        }
        events = Archived(
            list(self.persons), list(self.names), person, at, name, milliseconds, values
        )
        return events.only(chosen)


def _read(raw: Any) -> dict[str, Any]:
    """Nothing where half characters or depth keep it from being read as a whole: of such a message
    stays what figures are made of.
    """
    try:
        message: dict[str, Any] = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return message


def _members(message: dict[str, Any], event: Facts) -> Iterator[tuple[Path, Any]]:
    kind = message.get("type") or event.kind
    yield TYPE, kind
    if not message and event.call:
        yield CHANNEL, "api"
        yield INTEGRATION, event.integration
    named = _name_member(message, kind)
    for key, value in message.items():
        if ("", key) not in LEFT_OUT and key != named:
            yield ("", key), value
    for section in SECTIONS:
        held = message.get(section)
        for key, value in held.items() if isinstance(held, dict) else ():
            path = section, key
            if path not in LEFT_OUT and not (path == SECONDS and _is_told(value, event)):
                yield path, value


def _is_told(seconds: Any, event: Facts) -> bool:
    """Whether the milliseconds say the same; of a longer fraction they do not."""
    return event.milliseconds > 0 and bool(seconds == event.milliseconds / 1000)


def _name_member(message: dict[str, Any], kind: str) -> str:
    """Which member the event's name was read from (message.py)."""
    return "event" if kind == "track" or not message.get("name") else "name"


def message_at(events: Archived, position: int, account_key: str) -> dict[str, Any]:
    """As a client would send it, with the moment by our clock, and without an id."""
    message: dict[str, Any] = {"type": "track"}
    sections: dict[str, dict[str, Any]] = {"context": {"groupId": account_key}, "properties": {}}
    for path, value in members_at(events, position):
        _put(message, sections, path, value)
    kind = message["type"] if message["type"] in ACTIVITY else "track"
    message["event" if kind == "track" else "name"] = events.names[int(events.name[position])]
    message["userId"] = events.persons[int(events.person[position])]
    message["timestamp"] = moment_of(int(events.at[position])).isoformat()
    sections["properties"] = seconds_at(events, position) | sections["properties"]
    return {**message, **sections}


def seconds_at(events: Archived, position: int) -> dict[str, Any]:
    milliseconds = int(events.milliseconds[position])
    return {SECONDS[1]: milliseconds / 1000} if milliseconds else {}


def members_at(events: Archived, position: int) -> Iterator[tuple[Path, Any]]:
    for path, values in events.values.items():
        text = values.at(position)
        if text and path != OTHERS:
            yield path, _decode(text)
        elif text:
            for section, members in _decode(text).items():
                yield from (((section, key), value) for key, value in members.items())


def _put(message: dict[str, Any], sections: dict[str, Any], path: Path, value: Any) -> None:
    section, key = path
    (sections[section] if section else message)[key] = value


def value_of(text: bytes) -> Any:
    return _decode(text) if text else None


def text_of(value: Any) -> bytes:
    return _encode(value)
