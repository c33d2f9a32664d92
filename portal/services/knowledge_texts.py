"""Writing texts of the hub, within the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.domain.content_file import ContentFile, write_file
from portal.domain.knowledge import PUBLISHED
from portal.domain.page_text import PageText
from portal.models import (
    KnowledgeAudience,
    KnowledgeChange,
    KnowledgeFeature,
    KnowledgeItem,
    KnowledgeVersion,
)
from portal.services.audit import record
from portal.services.jobs import enqueue
from portal.services.once import add_once
from portal.tenancy import scope_of

REINDEX = "search.reindex"


@dataclass(frozen=True, slots=True)
class Text:
    """A file and the page made of it."""

    file: ContentFile
    page: PageText

    @property
    def digest(self) -> str:
        return sha256(write_file(self.file).encode()).hexdigest()


def digests(session: Session, slugs: Iterable[str]) -> dict[tuple[str, str], str]:
    """What is stored, by slug and locale."""
    rows = session.execute(
        select(KnowledgeItem.slug, KnowledgeVersion.locale, KnowledgeVersion.digest)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(KnowledgeItem.slug.in_(sorted(slugs)), KnowledgeItem.state == PUBLISHED)
    )
    return {(slug, locale): digest for slug, locale, digest in rows}


def publish(session: Session, texts: Mapping[str, Sequence[Text]]) -> int:
    """Saves the texts, by slug, and publishes their items; raises the change number once and asks
    for a new index. The change number is returned.
    """
    number = _raise_change(session)
    for slug, versions in texts.items():
        _publish_item(session, slug, versions, number)
        locales = sorted(text.file.locale for text in versions)
        record(session, "knowledge.published", "knowledge", slug, locales=locales)
    enqueue(session, REINDEX, {}, unique_key=REINDEX)
    return number


def _raise_change(session: Session) -> int:
    """Whoever comes second waits for the first one's end, so numbers are seen in their order."""
    raising = (
        update(KnowledgeChange)
        .where(KnowledgeChange.id == 1)
        .values(number=KnowledgeChange.number + 1)
        .returning(KnowledgeChange.number)
        .execution_options(synchronize_session=False)
    )
    number = session.execute(raising).scalar()
    if number is None:
        add_once(session, KnowledgeChange(id=1, number=0), "knowledge_change")
        number = session.execute(raising).scalar_one()
    return int(number)


def _publish_item(session: Session, slug: str, texts: Sequence[Text], number: int) -> None:
    file = texts[0].file
    item = session.scalars(select(KnowledgeItem).where(KnowledgeItem.slug == slug)).one_or_none()
    if item is None:
        # No index has heard of it, so none must be told to keep silent.
        item = KnowledgeItem(slug=slug, guarded_in=0, created_at=scope_of(session).now)
        session.add(item)
    elif (item.state, item.audience, list(item.audience_accounts)) != (
        PUBLISHED,
        file.audience.kind,
        list(file.audience.accounts),
    ):
        item.guarded_in = number
    item.type, item.state = file.type, PUBLISHED
    item.audience, item.audience_accounts = file.audience.kind, list(file.audience.accounts)
    item.review_by, item.published_on = file.review_by, file.published
    item.consent_on, item.minutes, item.changed_in = file.consent, file.minutes, number
    session.flush()
    _replace(session, item.id, file)
    for text in texts:
        _save_version(session, item.id, text)


def _replace(session: Session, item_id: int, file: ContentFile) -> None:
    _fill(session, KnowledgeAudience, item_id, [{"token": one} for one in file.audience.tokens])
    features = [{"feature_key": key, "position": at} for at, key in enumerate(file.features)]
    _fill(session, KnowledgeFeature, item_id, features)


def _fill(session: Session, model: Any, item_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    session.execute(delete(model).where(model.item_id == item_id))
    session.execute(insert(model), [{"item_id": item_id, **row} for row in rows])


def _save_version(session: Session, item_id: int, text: Text) -> None:
    file, page, digest = text.file, text.page, text.digest
    version = session.scalars(
        select(KnowledgeVersion).where(
            KnowledgeVersion.item_id == item_id, KnowledgeVersion.locale == file.locale
        )
    ).one_or_none()
    if version is None:
        version = KnowledgeVersion(item_id=item_id, locale=file.locale, revision=0, digest="")
        session.add(version)
    if version.digest == digest:
        return
    version.title, version.summary, version.effect = file.title, file.summary, file.effect
    version.body, version.html, version.text = file.body, page.html, page.text
    version.outline, version.comparison = page.outline, page.comparison
    version.revision, version.digest = version.revision + 1, digest
    version.updated_at = scope_of(session).now
    session.flush()
