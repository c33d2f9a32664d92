"""What stands under the reader's bell."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.paging import place_in
from portal.models import Notice
from portal.tenancy import scope_of

PAGE_SIZE = 25
MOST_COUNTED = 100
"""So many unread ones are counted; more are "99+"."""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """`values`: what its sentence needs (services.notices.telling)."""

    key: str
    kind: str
    path: str
    values: dict[str, str]
    created_at: datetime
    unread: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """`total` of all, whatever page is shown; `first` is the number of its first row."""

    rows: list[NoticeRow]
    total: int
    page: int
    pages: int
    first: int


def unread(session: Session) -> int:
    """How many, at most MOST_COUNTED. One small statement."""
    found = select(Notice.id).where(*_mine(session), Notice.read_at.is_(None)).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def list_notices(session: Session, number: int = 1, *, only_unread: bool = False) -> NoticePage:
    """The latest first. A page past the end is the last one."""
    wanted = _mine(session)
    if only_unread:
        wanted.append(Notice.read_at.is_(None))
    counted = select(Notice.id).where(*wanted).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    at = place_in(total, PAGE_SIZE, number)
    rows = session.execute(
        select(
            *(Notice.key, Notice.kind, Notice.path, Notice.values),
            *(Notice.created_at, Notice.read_at),
        )
        .where(*wanted)
        .order_by(Notice.id.desc())
        .offset(at.offset)
        .limit(PAGE_SIZE)
    )
    shown = [NoticeRow(*row[:-1], unread=row.read_at is None) for row in rows]
    return NoticePage(shown, total, at.page, at.pages, at.first if shown else 0)


def mark_read(session: Session, key: str) -> str:
    """The path that it leads to; commits. Raises NotFound for one that is not the reader's."""
    notice = session.scalar(select(Notice).where(*_mine(session), Notice.key == key))
    if notice is None:
        raise NotFound
    notice.read_at = notice.read_at or scope_of(session).now
    session.commit()
    return notice.path


def mark_all_read(session: Session) -> int:
    """How many were unread; commits."""
    now = scope_of(session).now
    marked = update(Notice).where(*_mine(session), Notice.read_at.is_(None)).values(read_at=now)
    done = session.execute(marked.execution_options(synchronize_session=False))
    session.commit()
    return int(done.rowcount)  # type: ignore[attr-defined] # an UPDATE's result has it


def _mine(session: Session) -> list[ColumnElement[bool]]:
    return [Notice.user_id == scope_of(session).user_id]
