"""The raw messages of one person in the log: found, and made nobody's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from portal.usage import log, moments, wire
from portal.usage.log_rows import Stored, stored_rows
from portal.usage.message import ACTIVITY, Envelope, Event, Refused
from portal.usage.reading import LogRow, unpack
from portal.usage.wire import read_checked

NEWEST = 2**62
KEPT_MEMBERS = ("type", "timestamp", "originalTimestamp", "sentAt", "groupId", "event", "name")
KEPT_PROPERTIES = frozenset({"channel", "integration", "duration_seconds", "$groups"})


@dataclass(frozen=True, slots=True)
class Whose:
    """A person of an account. A message is theirs unless it names another account: one that names
    none belongs to the account that the person joined.
    """

    account: int
    account_key: str
    person: str

    def owns(self, row: LogRow, event: Event) -> bool:
        if event.person != self.person:
            return False
        if row.bound_id is not None:
            return row.bound_id == self.account
        return event.group in {"", self.account_key}


def persons_rows(session: Session, until: int = NEWEST) -> Iterator[list[Stored]]:
    return stored_rows(session, (-1, -1), until)


def read_messages(row: LogRow) -> Iterator[tuple[Any, Event, Envelope]]:
    """The good messages of a request."""
    envelope, raws = unpack(row)
    received = moments.microseconds(row.received_at)
    for raw in raws:
        try:
            yield raw, read_checked(raw, envelope, received), envelope
        except Refused:
            continue


def may_name(row: LogRow, person: str) -> bool:
    """Quickly: false only where none of the messages can be that person's."""
    _, raws = unpack(row)
    plain = person.isascii() and not set(person) & set('"\\/<>&')
    text = person.encode()
    return any(text in (one := bytes(raw)) or (not plain or b"\\u" in one) for raw in raws)


def messages_of(row: LogRow, whose: Whose) -> list[Any]:
    """As they came."""
    if not may_name(row, whose.person):
        return []
    return [raw for raw, event, _ in read_messages(row) if whose.owns(row, event)]


def rewritten(
    row: LogRow, whose: Whose, substitute: str, properties: frozenset[str]
) -> LogRow | None:
    """The request with the person's messages made the substitute's; None where it has none.

    Of such a message only what figures are made of stays, and the hash by which it is known again;
    what is no activity goes. `properties` are those that rules of the catalogue ask for.
    """
    if not may_name(row, whose.person):
        return None
    kept: list[Any] = []
    found = False
    envelope = wire.FILE
    for raw, event, of_request in read_messages(row):
        envelope = of_request
        if not whose.owns(row, event):
            kept.append(raw)
            continue
        found = True
        if event.kind in ACTIVITY or event.kind == "group":
            kept.append(_bare(raw, event, substitute, KEPT_PROPERTIES | properties))
    if not found:
        return None
    return replace(row, kind=log.KEPT, body=log.pack(envelope, kept))


def _bare(raw: Any, event: Event, substitute: str, properties: frozenset[str]) -> bytes:
    message = msgspec.json.decode(raw)
    bare = {name: message[name] for name in KEPT_MEMBERS if name in message}
    context = message.get("context")
    if isinstance(context, dict):
        app = context.get("app")
        named = {"name": app.get("name")} if isinstance(app, dict) else None
        bare["context"] = {"groupId": context.get("groupId"), "app": named}
    own = message.get("properties")
    if isinstance(own, dict):
        bare["properties"] = {name: own[name] for name in own if name in properties}
    bare.update(type=event.kind, userId=substitute, knownAs=event.identity)
    return msgspec.json.encode(bare)


def changed_rows(
    stored: Sequence[Stored], whose: Whose, substitute: str, properties: frozenset[str]
) -> Iterator[tuple[Stored, list[LogRow]]]:
    """Rows of the table with something of the person, and their requests rewritten."""
    for one in stored:
        rows = [rewritten(request.row, whose, substitute, properties) for request in one.requests]
        if any(row is not None for row in rows):
            both = zip(rows, one.requests, strict=True)
            yield one, [row or request.row for row, request in both]
