"""Publishing texts of the hub, within the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.domain.audience import SEGMENTS
from portal.domain.content_file import ContentFile
from portal.domain.content_values import LANGUAGE
from portal.domain.knowledge import PUBLISHED
from portal.domain.page_text import PageText
from portal.locales import LOCALES
from portal.models import (
    KnowledgeAudience,
    KnowledgeChange,
    KnowledgeFeature,
    KnowledgeItem,
    KnowledgeVersion,
)
from portal.services.audit import record
from portal.services.jobs import enqueue
from portal.services.knowledge_files import note_uses
from portal.services.knowledge_keeping import FILE, WEB, Author, Written, actor, digest_of, keep
from portal.services.knowledge_stored import put_shared, stored_file
from portal.services.once import add_once
from portal.tenancy import scope_of

REINDEX = "search.reindex"


@dataclass(frozen=True, slots=True)
class Text:
    """A file and the page made of it. `source_revision`: the revision of the source language that
    it is known to agree with; None where it agrees with the source as it is after publishing.
    """

    file: ContentFile
    page: PageText
    author: Author | None = None
    based_on: int = 0
    source_revision: int | None = None

    @property
    def digest(self) -> str:
        return digest_of(self.file.fields, self.file.body)


def publish(
    session: Session, texts: Mapping[str, Sequence[Text]], *, origin: str = FILE, note: str = ""
) -> int:
    """Saves the texts, by slug, and publishes their items; raises the change number once and asks
    for a new index. The change number is returned.
    """
    segments = any(one.file.audience.kind == SEGMENTS for held in texts.values() for one in held)
    number = raise_change(session, for_segments=segments)
    for slug, versions in texts.items():
        _publish_item(session, versions, number, _Saving(origin, note))
        locales = sorted(text.file.locale for text in versions)
        record(session, "knowledge.published", "knowledge", slug, locales=locales)
    enqueue(session, REINDEX, {}, unique_key=REINDEX)
    return number


def withdraw(session: Session, item: KnowledgeItem, state: str) -> None:
    """Changes the item's state without its texts, and has indexes keep silent of it until they
    are new.
    """
    item.state = state
    item.changed_in = item.guarded_in = raise_change(session)
    enqueue(session, REINDEX, {}, unique_key=REINDEX)


def raise_change(session: Session, *, for_segments: bool = False) -> int:
    """The new change number. Whoever comes second waits for the first one's end, so numbers
    are seen in their order.
    """
    changes: dict[str, Any] = {"number": KnowledgeChange.number + 1}
    if for_segments:
        changes["for_segments"] = True
    raising = (
        update(KnowledgeChange)
        .where(KnowledgeChange.id == 1)
        .values(**changes)
        .returning(KnowledgeChange.number)
        .execution_options(synchronize_session=False)
    )
    number = session.execute(raising).scalar()
    if number is None:
        add_once(session, KnowledgeChange(id=1, number=0), "knowledge_change")
        number = session.execute(raising).scalar_one()
    return int(number)


@dataclass(frozen=True, slots=True)
class _Saving:
    origin: str
    note: str


def _publish_item(session: Session, texts: Sequence[Text], number: int, saving: _Saving) -> None:
    file = texts[0].file
    item = _item_of(session, file, number)
    if item.id is None:
        item.source_locale = min((one.file.locale for one in texts), key=LOCALES.index)
    put_shared(item, file)
    item.state, item.changed_in = PUBLISHED, number
    session.flush()
    _replace(session, item.id, file)
    wanted = select(KnowledgeVersion).where(KnowledgeVersion.item_id == item.id)
    there = {version.locale: version for version in session.scalars(wanted)}
    # The source first: the others are compared with it.
    ordered = sorted(texts, key=lambda one: one.file.locale != item.source_locale)
    for text in ordered:
        if text.file.locale not in there:
            there[text.file.locale] = KnowledgeVersion(
                item_id=item.id, locale=text.file.locale, revision=0, digest=""
            )
        _save_version(session, item, there, text, saving)
    told = {text.file.locale for text in texts}
    for locale in there.keys() - told:
        _follow_shared(session, item, there[locale], file.features, saving)
    note_uses(session, item.id)


def _item_of(session: Session, file: ContentFile, number: int) -> KnowledgeItem:
    wanted = select(KnowledgeItem).where(KnowledgeItem.slug == file.slug)
    item = session.scalars(wanted).one_or_none()
    audience = file.audience
    if item is None:
        # No index has heard of it, so none must be told to keep silent.
        item = KnowledgeItem(slug=file.slug, guarded_in=0, created_at=scope_of(session).now)
        session.add(item)
    elif (
        item.state,
        item.audience,
        list(item.audience_accounts),
        list(item.audience_segments),
    ) != (PUBLISHED, audience.kind, list(audience.accounts), list(audience.segments)):
        item.guarded_in = number
    return item


def _replace(session: Session, item_id: int, file: ContentFile) -> None:
    _fill(session, KnowledgeAudience, item_id, [{"token": one} for one in file.audience.tokens])
    features = [{"feature_key": key, "position": at} for at, key in enumerate(file.features)]
    _fill(session, KnowledgeFeature, item_id, features)


def _fill(session: Session, model: Any, item_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    session.execute(delete(model).where(model.item_id == item_id))
    if rows:
        session.execute(insert(model), [{"item_id": item_id, **row} for row in rows])


def _save_version(
    session: Session,
    item: KnowledgeItem,
    there: Mapping[str, KnowledgeVersion],
    text: Text,
    saving: _Saving,
) -> None:
    file, page, digest = text.file, text.page, text.digest
    version = there[file.locale]
    if saving.origin == FILE:
        version.loaded_digest = digest
    if version.digest == digest:
        return
    version.revision = _keep(session, item, text, saving)
    version.source_revision = _agrees_with(item, there, text)
    for key in LANGUAGE:
        setattr(version, key, getattr(file, key))
    version.body, version.html, version.text = file.body, page.html, page.text
    version.outline, version.comparison = page.outline, page.comparison
    version.digest, version.updated_at = digest, scope_of(session).now
    session.add(version)
    session.flush()


def _keep(session: Session, item: KnowledgeItem, text: Text, saving: _Saving) -> int:
    written = Written(
        text.file.fields,
        text.file.body,
        saving.origin,
        text.author or actor(session),
        text.based_on,
        saving.note,
    )
    return keep(session, item.id, text.file.locale, written)


def _agrees_with(item: KnowledgeItem, there: Mapping[str, KnowledgeVersion], text: Text) -> int:
    if text.file.locale == item.source_locale:
        return 0
    if text.source_revision is not None:
        return text.source_revision
    source = there.get(item.source_locale)
    return source.revision if source is not None else 0


def follow_shared(
    session: Session,
    item: KnowledgeItem,
    versions: Iterable[KnowledgeVersion],
    features: tuple[str, ...],
) -> None:
    """Every published language says what the item shares now, in a revision of its own."""
    for version in versions:
        _follow_shared(session, item, version, features, _Saving(WEB, ""))


def _follow_shared(
    session: Session,
    item: KnowledgeItem,
    version: KnowledgeVersion,
    features: tuple[str, ...],
    saving: _Saving,
) -> None:
    """A language that is not published anew says what its item shares now."""
    file = stored_file(item, version, features)
    if digest_of(file.fields, file.body) == version.digest:
        return
    written = Written(file.fields, file.body, saving.origin, actor(session), version.revision)
    version.revision = keep(session, item.id, version.locale, written)
    version.digest = written.digest
