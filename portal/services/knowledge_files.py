"""Pictures in texts, and what lessons bring along: stored by writers, seen by those who may read a
text that names them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, Text, cast, delete, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.domain.audience import PUBLIC
from portal.domain.errors import Forbidden, NotFound
from portal.domain.knowledge_files import (
    FOLDER,
    ending_of_key,
    file_address,
    file_key,
    is_key,
    is_media_key,
    keys_in,
    media_key,
)
from portal.domain.permissions import Permission
from portal.models import (
    CourseLesson,
    KnowledgeDraft,
    KnowledgeFile,
    KnowledgeFileUse,
    KnowledgeItem,
    KnowledgeRevision,
    KnowledgeVersion,
    LessonDraft,
    LessonRevision,
    LessonText,
)
from portal.services.audience import readable
from portal.services.audit import record
from portal.services.file_store import FileStore
from portal.services.images import Picture
from portal.services.once import add_once
from portal.tenancy import scope_of

# A picture that was sent may wait so long for the text that shows it to be saved.
KEPT_UNUSED = timedelta(days=30)
LEFT_BEHIND = timedelta(days=1)
# All that may show a picture, or may come back and show it.
TEXTS: tuple[ColumnElement[str] | InstrumentedAttribute[str], ...] = (
    KnowledgeVersion.body,
    KnowledgeDraft.body,
    KnowledgeRevision.body,
    LessonText.body,
    LessonDraft.body,
    LessonRevision.body,
    *(
        part
        for model in (LessonText, LessonDraft)
        for part in (model.video, model.captions, model.file)
    ),
    cast(LessonRevision.fields, Text),
)


@dataclass(frozen=True, slots=True)
class FileRead:
    """`public`: everybody may see it, and may keep it."""

    content: bytes
    public: bool


def store_picture(session: Session, files: FileStore, picture: Picture) -> str:
    """The picture's key. Raises Forbidden. Commits."""
    return _store(session, files, file_key(picture.digest, picture.size), picture.content)


def store_media(session: Session, files: FileStore, content: bytes, ending: str) -> str:
    """The key of what a lesson brings along; `ending` from portal.domain.lesson_files. Raises
    Forbidden. Commits.
    """
    return _store(session, files, media_key(sha256(content).hexdigest(), ending), content)


def _store(session: Session, files: FileStore, key: str, content: bytes) -> str:
    """The row is written first and held until the file is there, so that a sweep comes before all
    of it or after.
    """
    scope = scope_of(session)
    if not scope.allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    row = KnowledgeFile(key=key, stored_at=scope.now, bytes=len(content))
    if add_once(session, row, "knowledge_file"):
        record(session, "knowledge.file_stored", "knowledge_file", key)
    else:
        session.get_one(KnowledgeFile, key, with_for_update=True).stored_at = scope.now
        session.flush()
    files.put(key, content)
    session.commit()
    return key


def read_file(session: Session, files: FileStore, key: str) -> FileRead:
    """A picture. Raises NotFound, also where no text that the reader may read shows it."""
    if not is_key(key):
        raise NotFound
    is_public = _hold_readable(session, key)
    content = files.read(key)
    if content is None:
        raise NotFound
    return FileRead(content, public=is_public)


def find_media(session: Session, key: str) -> str:
    """The name under which who may read a lesson that brings the file along gets it. Raises
    NotFound for everybody else.
    """
    if not is_media_key(key):
        raise NotFound
    _hold_readable(session, key)
    parts = (LessonText.video, LessonText.captions, LessonText.file)
    lesson = session.scalar(
        select(CourseLesson.slug)
        .join(LessonText, LessonText.lesson_id == CourseLesson.id)
        .where(or_(*(part == file_address(key) for part in parts)))
        .order_by(CourseLesson.id)
        .limit(1)
    )
    return f"{lesson or key[:8]}.{ending_of_key(key)}"


def _hold_readable(session: Session, key: str) -> bool:
    """Whether everybody may read it. Raises NotFound."""
    shown = (
        select(KnowledgeItem.audience)
        .join(KnowledgeFileUse, KnowledgeFileUse.item_id == KnowledgeItem.id)
        .where(KnowledgeFileUse.key == key, readable(session))
    )
    audiences = set(session.scalars(shown))
    if not audiences and not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise NotFound
    return PUBLIC in audiences


def note_uses(session: Session, item_id: int) -> None:
    """Which files the published versions of the item name, and the lessons of a course; within the
    caller's transaction.
    """
    lessons = session.execute(
        select(LessonText.body, LessonText.video, LessonText.captions, LessonText.file)
        .join(CourseLesson, CourseLesson.id == LessonText.lesson_id)
        .where(CourseLesson.course_id == item_id)
    )
    versions = select(KnowledgeVersion.body).where(KnowledgeVersion.item_id == item_id)
    keys = _keys([*session.scalars(versions), *(one for row in lessons for one in row)])
    session.execute(delete(KnowledgeFileUse).where(KnowledgeFileUse.item_id == item_id))
    if keys:
        rows = [{"item_id": item_id, "key": key} for key in sorted(keys)]
        session.execute(insert(KnowledgeFileUse), rows)


def missing_files(session: Session, keys: Iterable[str]) -> set[str]:
    """Those that nobody stored."""
    asked = set(keys)
    known = select(KnowledgeFile.key).where(KnowledgeFile.key.in_(sorted(asked)))
    return asked - set(session.scalars(known)) if asked else set()


def sweep_files(session: Session, files: FileStore) -> int:
    """Removes what no text shows or could come back to show, and what a broken-off upload left;
    how many. Whoever sends the same picture meanwhile waits, and stores it again.
    """
    now = scope_of(session).now
    used = _keys(body for column in TEXTS for body in _mentioning(session, column))
    old = select(KnowledgeFile.key).where(KnowledgeFile.stored_at < now - KEPT_UNUSED)
    unused = sorted(set(session.scalars(old)) - used)
    going = (
        delete(KnowledgeFile)
        .where(KnowledgeFile.key.in_(unused), KnowledgeFile.stored_at < now - KEPT_UNUSED)
        .returning(KnowledgeFile.key)
        .execution_options(synchronize_session=False)
    )
    gone = session.scalars(going).all()
    for key in gone:
        files.remove(key)
    left = list(_left_behind(session, files))
    for name in left:
        files.remove(name)
    session.commit()
    return len(gone) + len(left)


def _left_behind(session: Session, files: FileStore) -> Iterator[str]:
    known = set(session.scalars(select(KnowledgeFile.key)))
    before = scope_of(session).now - LEFT_BEHIND
    for name in files.names():
        if name not in known and files.stored_at(name) < before:
            yield name


def _mentioning(
    session: Session, column: ColumnElement[str] | InstrumentedAttribute[str]
) -> Iterator[str]:
    found = select(column).where(column.contains(FOLDER, autoescape=True))
    yield from session.scalars(found.execution_options(yield_per=100))


def _keys(texts: Iterable[str]) -> set[str]:
    return {key for text in texts for key in keys_in(text)}
