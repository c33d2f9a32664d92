"""An item with the work on it, held for the length of a transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.content_values import LANGUAGE, keys_of
from portal.domain.errors import Forbidden, NotFound
from portal.domain.knowledge import COURSE
from portal.domain.knowledge_workflow import Action, Stage, actions, hold
from portal.domain.permissions import Permission
from portal.models import (
    CourseDraft,
    CourseLesson,
    KnowledgeDraft,
    KnowledgeItem,
    KnowledgeVersion,
    KnowledgeWork,
    LessonDraft,
)
from portal.services.knowledge_keeping import Author, Written, keep
from portal.services.knowledge_people import people
from portal.services.knowledge_stored import features_of, stored_file
from portal.tenancy import scope_of


@dataclass(slots=True)
class Held:
    """`work` is None where there is no working copy; `drafts` and `versions` are by language.
    `lessons`: working copies of a course's lessons, each of which goes with that of its language;
    `shape`: that of what the course's languages share, which goes with any of them.
    """

    item: KnowledgeItem
    work: KnowledgeWork | None
    drafts: dict[str, KnowledgeDraft]
    versions: dict[str, KnowledgeVersion]
    features: tuple[str, ...]
    lessons: list[LessonDraft] = field(default_factory=list)
    shape: CourseDraft | None = None

    @property
    def stage(self) -> Stage:
        return Stage.NONE if self.work is None else Stage(self.work.state)

    @property
    def seen(self) -> str:
        """Changes with every save of any of its working copies."""
        tokens = [
            self.work.token if self.work else "",
            *sorted(one.token for one in self.drafts.values()),
            *sorted(one.token for one in self.lessons),
            *([self.shape.token] if self.shape else []),
        ]
        return sha256(" ".join(tokens).encode()).hexdigest()[:24]

    @property
    def shared(self) -> Mapping[str, Any]:
        """What the languages share, in the working copy or, where there is none, as published."""
        if self.work is not None:
            return self.work.fields
        if not self.versions:
            return {}
        return without_language(self.stored_fields(min(self.versions)))

    def stored_fields(self, locale: str) -> dict[str, Any]:
        """All that the published version says."""
        return stored_file(self.item, self.versions[locale], self.features).fields

    def fields(self, locale: str) -> dict[str, Any]:
        """All that the working copy says in the language, what is published where there is none;
        without words where the language has neither.
        """
        words: dict[str, Any] = dict.fromkeys(LANGUAGE, "")
        row = self.drafts.get(locale) or self.versions.get(locale)
        if row is not None:
            words = {key: getattr(row, key) for key in LANGUAGE}
        both = {**self.shared, **words, "type": self.item.type}
        return {key: both[key] for key in keys_of(self.item.type) if key in both}

    def body(self, locale: str) -> str:
        row = self.drafts.get(locale) or self.versions.get(locale)
        return "" if row is None else row.body

    def published(self, locale: str) -> int:
        """The number of the revision that is published, 0 for none."""
        version = self.versions.get(locale)
        return 0 if version is None else version.revision


def hold_item(session: Session, slug: str, *, lock: bool = True) -> Held:
    """Raises NotFound, and Forbidden for those who do not write texts. `lock`: nobody else changes
    the item before this transaction ends.
    """
    if not scope_of(session).allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    wanted = select(KnowledgeItem).where(KnowledgeItem.slug == slug)
    item = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if item is None:
        raise NotFound
    works = select(KnowledgeWork).where(KnowledgeWork.item_id == item.id)
    drafts = select(KnowledgeDraft).where(KnowledgeDraft.item_id == item.id)
    versions = select(KnowledgeVersion).where(KnowledgeVersion.item_id == item.id)
    return Held(
        item=item,
        work=session.scalars(works).one_or_none(),
        drafts={one.locale: one for one in session.scalars(drafts)},
        versions={one.locale: one for one in session.scalars(versions)},
        features=features_of(session, [item.id]).get(item.id, ()),
        lessons=_lessons(session, item) if item.type == COURSE else [],
        shape=session.get(CourseDraft, item.id) if item.type == COURSE else None,
    )


def _lessons(session: Session, item: KnowledgeItem) -> list[LessonDraft]:
    wanted = (
        select(LessonDraft)
        .join(CourseLesson, CourseLesson.id == LessonDraft.lesson_id)
        .where(CourseLesson.course_id == item.id)
        .order_by(CourseLesson.position, CourseLesson.id, LessonDraft.locale)
    )
    return list(session.scalars(wanted))


def begin(session: Session, slug: str, action: Action) -> Held:
    """Holds the item for the action, its work at the stage that the action leads to. Raises
    Forbidden, Conflict.
    """
    held = hold_item(session, slug)
    stage = hold(scope_of(session).role, action, held.stage, held.item.state)
    if held.work is not None and stage is not Stage.NONE:
        held.work.state = stage.value
    touch(session, held)
    return held


def may(session: Session, held: Held) -> frozenset[Action]:
    return actions(scope_of(session).role, held.stage, held.item.state)


def touch(session: Session, held: Held) -> None:
    if held.work is not None:
        held.work.changed_at = scope_of(session).now
        held.work.changed_by_id = scope_of(session).user_id


def start_work(session: Session, held: Held, shared: Mapping[str, Any]) -> KnowledgeWork:
    """The work on the item, begun where there was none."""
    if held.work is None:
        held.work = KnowledgeWork(
            item_id=held.item.id,
            state=Stage.DRAFT.value,
            fields=dict(shared),
            token=new_key(),
            changed_at=scope_of(session).now,
        )
        session.add(held.work)
    return held.work


def keep_draft(session: Session, held: Held, draft: KnowledgeDraft, note: str = "") -> int:
    """A revision of what stands in the working copy, in the name of whoever wrote it."""
    known = people(session, [draft.author_id])
    name = known[draft.author_id].name if draft.author_id in known else ""
    said = {
        key: value for key, value in held.fields(draft.locale).items() if value or key == "type"
    }
    author = Author(draft.author_id, name)
    written = Written(said, draft.body, draft.origin, author, draft.based_on, note)
    draft.kept = True
    return keep(session, held.item.id, draft.locale, written)


def without_language(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in (*LANGUAGE, "type")}
