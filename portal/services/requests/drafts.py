"""What somebody has typed and not handed in yet, one draft for each kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.requests import LONGEST_FIELD, Kind
from portal.models import RequestDraft
from portal.services.once import add_once
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class Draft:
    """`files`: keys of the loose files that were attached; some may be gone since."""

    kind: Kind
    typed: dict[str, str]
    updated_at: datetime
    files: tuple[str, ...] = ()


FILES = "file"
"""What is typed under this name are keys of files, with spaces between."""


def keep_draft(
    session: Session, kind: Kind, typed: Mapping[str, str], files: Sequence[str] = ()
) -> datetime:
    """In place of what was kept before; commits. Nothing typed or attached leaves no draft. Texts
    are cut where a request could not hold them. When it was kept.
    """
    scope = scope_of(session)
    told = {**typed, FILES: " ".join(files)}
    kept = {name: text[:LONGEST_FIELD] for name, text in told.items() if text.strip()}
    if not kept:
        discard_draft(session, kind)
        return scope.now
    draft = _draft(session, kind)
    if draft is None:
        draft = RequestDraft(
            account_id=scope.account_id,
            user_id=scope.user_id,
            kind=kind.value,
            typed=kept,
            updated_at=scope.now,
        )
        if not add_once(session, draft, "user_id"):
            return keep_draft(session, kind, typed, files)
    draft.typed, draft.updated_at = kept, scope.now
    session.commit()
    return scope.now


def find_draft(session: Session, kind: Kind) -> Draft | None:
    return next((one for one in list_drafts(session) if one.kind is kind), None)


def list_drafts(session: Session) -> list[Draft]:
    """The reader's own, the newest first."""
    wanted = (
        select(RequestDraft.kind, RequestDraft.typed, RequestDraft.updated_at)
        .where(RequestDraft.user_id == scope_of(session).user_id)
        .order_by(RequestDraft.updated_at.desc())
    )
    rows = session.execute(wanted)
    return [_read(row.kind, dict(row.typed), row.updated_at) for row in rows]


def discard_draft(session: Session, kind: Kind) -> None:
    """Commits."""
    mine = RequestDraft.user_id == scope_of(session).user_id
    session.execute(delete(RequestDraft).where(mine, RequestDraft.kind == kind.value))
    session.commit()


def _read(kind: str, typed: dict[str, str], updated_at: datetime) -> Draft:
    files = tuple(typed.pop(FILES, "").split())
    return Draft(Kind(kind), typed, updated_at, files)


def _draft(session: Session, kind: Kind) -> RequestDraft | None:
    return session.scalar(
        select(RequestDraft).where(
            RequestDraft.user_id == scope_of(session).user_id, RequestDraft.kind == kind.value
        )
    )
