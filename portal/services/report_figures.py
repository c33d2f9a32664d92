"""Gathers the figures of a value report: each with definition, window, source and as-of time."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account
from portal.services.vendor import show_vendor
from portal.tenancy import scope_of
from reports.model import Author, Note, Party, Snapshot, Window


def gather(
    session: Session,
    *,
    account_id: int,
    period: tuple[date, date],
    version: int,
    notes: Mapping[str, Any],
    author: str,
    published_at: datetime | None = None,
) -> Snapshot:
    """The snapshot of an account's period. `published_at` None makes a draft."""
    account = session.get_one(Account, account_id)
    vendor = show_vendor(session)
    today = scope_of(session).now.astimezone(ZoneInfo(account.time_zone)).date()
    return Snapshot(
        account=Party(key=account.key, name=account.name),
        vendor=Party(key="vendor", name=vendor.name),
        period=Window(first=period[0], last=period[1]),
        time_zone=account.time_zone,
        author=Author(name=author or vendor.name, written_on=today),
        version=version,
        published_at=published_at,
        notes=tuple(_note(locale, text) for locale, text in notes.items()),
    )


def _note(locale: Any, text: str) -> Note:
    paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return Note(locale=locale, paragraphs=tuple(part for part in paragraphs if part))
