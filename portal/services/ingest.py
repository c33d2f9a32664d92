"""Usage messages in: appended to the durable inbox and committed before anybody is answered.

Doors call `take_request`. The fold (portal/usage/fold.py) reads the messages and makes figures of
them later.
"""

import gzip
import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedReader
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from portal.appending import NewRow
from portal.db import Database, database_of
from portal.domain.errors import DomainError, TooMany
from portal.services.api_keys import FoundKey, find_recent_key
from portal.tenancy import scope_of
from portal.usage import log, moments
from portal.usage.posthog import KIND as POSTHOG
from portal.usage.posthog import check_posthog
from portal.usage.wire import (
    EVENT_BYTES,
    FILE,
    GZIP,
    LINES,
    Refusal,
    Request,
    check_request,
    file_lines,
    parse_messages,
)

LINES_A_ROW = 500
USED_UP = "The quota of this key is used up. Wait as long as Retry-After says, then send again."


class UnknownKey(DomainError):
    status = 401
    code = "unknown-key"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a piece of a file holds: `accepted` good messages, and the refused ones."""

    accepted: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def take_request(database: Database, kind: str, body: bytes, secret: str, now: datetime) -> None:
    """A request to `/v1/<kind>`, or of kind "posthog"; durable when this returns. `secret` is the
    key that its headers gave; where they gave none, it stands in the body.

    Raises DomainError: UnknownKey, TooMany, or as `check_request` does.
    """
    request = check_posthog(body) if kind == POSTHOG else check_request(body, kind)
    key = find_recent_key(database, secret or request.key, "write", now)
    if key is None:
        raise UnknownKey("The write key is missing, unknown or revoked.")
    wait = accept(database, request, now, key)
    if wait:
        raise TooMany(USED_UP, code="quota", retry_after=math.ceil(wait))


def accept(
    database: Database, request: Request, now: datetime, key: FoundKey | None = None
) -> float:
    """Appends the request as it came, durably. Its messages are checked when they are folded: the
    bad ones are counted then. An empty one leaves nothing. Returns 0, or the seconds to wait where
    the key's quota is used up and nothing was kept.
    """
    if not request.messages:
        return 0.0
    return database.appender.append(
        NewRow(
            received_at=now,
            bound_id=None if key is None else key.account_id,
            key_id=None if key is None else key.id,
            messages=request.messages,
            kind=request.kind,
            body=log.compressed(request.body),
            quota=None if key is None else key.quota,
        )
    )


def accept_lines(session: Session, lines: Iterable[bytes]) -> Iterator[Receipt]:
    """A file of one message a line, through the same path: one receipt, and one commit, for
    each 500 lines; refusals carry their line from 1. Times are taken as they stand: the file's
    `sentAt` is of another day. The same file again changes nothing.
    """
    database, now, first = database_of(session), scope_of(session).now, 1
    received = moments.microseconds(now)
    source = iter(lines)
    while some := list(islice(source, LINES_A_ROW)):
        text = b"\n".join(line.rstrip(b"\r\n") for line in some)
        parsed = parse_messages(FILE, file_lines(text), received, first)
        good, refused = len(parsed.events), parsed.refused
        accept(database, Request(LINES, text, good + len(refused)), now)
        yield Receipt(good, len(refused), refused)
        first += len(some)


def read_lines(source: BufferedReader) -> Iterator[bytes]:
    """Lines of a plain or gzip file without ever holding one that is far too long; raises
    DomainError where the gzip data is damaged or cut off.
    """
    start = source.peek(2)[:2]
    stream: Any = gzip.GzipFile(fileobj=source) if start == GZIP else source
    try:
        while line := stream.readline(2 * EVENT_BYTES):
            yield line
            while len(line) == 2 * EVENT_BYTES and not line.endswith(b"\n"):
                line = stream.readline(2 * EVENT_BYTES)
    except (EOFError, OSError, zlib.error):
        raise DomainError("The gzip data is damaged or cut off.", code="invalid-gzip") from None
