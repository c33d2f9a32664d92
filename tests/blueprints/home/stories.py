"""What a test lets happen before somebody comes home."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.domain.permissions import Role
from portal.services.content_files import load_content
from portal.services.value_reports import draft_report, publish_report, write_notes
from portal.tenancy import Scope, system_scope
from tests.apps import Door
from tests.hub import write_text
from tests.world import (
    MARA,
    NOW,
)

MONTH = range(30)


def writing(door: Door) -> Iterator[Session]:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        yield session


def publish(door: Door, company: str, at: datetime, words: str = "") -> None:
    """The report of the quarter that was over then."""
    quarter = date(2026, 7, 1), date(2026, 9, 30)
    if at.date() <= quarter[1]:
        quarter = date(2026, 4, 1), date(2026, 6, 30)
    scope = Scope(user_id=None, role=Role.CSM, accounts=None, now=at, origin="test", actor=MARA)
    with door.world.database.session(scope, writes=True) as session:
        key = draft_report(session, company, *quarter)
        if words:
            write_notes(session, key, {"en": words})
        publish_report(session, key)


def teach(door: Door, folder: Path, **texts: str) -> None:
    """Texts by slug, each on one feature."""
    for slug, feature in texts.items():
        write_text(folder, slug, "customers", features=f"[{feature}]", type="faq")
    for session in writing(door):
        load_content(session, folder)
