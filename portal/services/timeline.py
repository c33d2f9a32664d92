"""What happened in an account, from what is kept anyway: eight statements, however long ago."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.paging import place_in
from portal.models import Account
from portal.services.timeline_sources import SOURCES, Entry, Happening, Whose

__all__ = ["Entry", "Happening", "Part", "Timeline", "show_timeline"]

PAGE_SIZE = 20


SIGNALS = frozenset({Happening.ALERT_OPENED, Happening.ALERT_CLOSED, Happening.HEALTH_BAND})
"""What the figures said; all else is what people did."""


class Part(StrEnum):
    ALL = "all"
    SIGNALS = "signals"
    ACTS = "acts"


@dataclass(frozen=True, slots=True)
class Timeline:
    """`entries` are one page of `total`, the newest first. `time_zone` is the account's."""

    account_key: str
    account_name: str
    time_zone: str
    part: Part
    entries: list[Entry]
    counts: dict[Part, int]
    page: int
    pages: int
    first: int

    @property
    def total(self) -> int:
        return self.counts[self.part]


def show_timeline(
    session: Session, account_key: str, part: Part = Part.ALL, page: int = 1, size: int = PAGE_SIZE
) -> Timeline:
    """Raises NotFound. Of each kind at most the newest thousand."""
    whose = _whose(session, account_key)
    happened = (one for source in SOURCES for one in source(session, whose))
    found = sorted(happened, key=lambda one: one.at, reverse=True)
    signals = [one for one in found if one.kind in SIGNALS]
    acts = [one for one in found if one.kind not in SIGNALS]
    parts = {Part.ALL: found, Part.SIGNALS: signals, Part.ACTS: acts}
    at = place_in(len(parts[part]), size, page)
    return Timeline(
        account_key=whose.key,
        account_name=whose.name,
        time_zone=whose.zone.key,
        part=part,
        entries=parts[part][at.offset : at.offset + size],
        counts={one: len(entries) for one, entries in parts.items()},
        page=at.page,
        pages=at.pages,
        first=at.first,
    )


def _whose(session: Session, account_key: str) -> Whose:
    wanted = select(Account.id, Account.key, Account.name, Account.time_zone)
    row = session.execute(wanted.where(Account.key == account_key)).one_or_none()
    if row is None:
        raise NotFound
    return Whose(row.id, row.key, row.name, ZoneInfo(row.time_zone))
