"""Files against texts that were edited in the portal since they were last loaded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.content_merge import Standing, Stored, settle, standing
from portal.domain.errors import Conflict
from portal.domain.knowledge import PUBLISHED
from portal.models import KnowledgeItem, KnowledgeVersion
from portal.services.knowledge_revisions import difference
from portal.services.knowledge_stored import stored_files
from portal.services.knowledge_texts import Text

Texts = Mapping[tuple[str, str], Text]


@dataclass(frozen=True, slots=True)
class FileConflict:
    """`path` of the file; `differs`: keys of the front matter, and "body (+3 −1 words)"."""

    path: str
    differs: tuple[str, ...]


class ContentConflict(Conflict):
    """Files and the portal have both changed; nothing was loaded."""

    code = "content-conflict"

    def __init__(self, conflicts: Sequence[FileConflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(
            f"Nothing was loaded: {len(conflicts)} files were changed both here and in the "
            "portal since they were last loaded. Export, merge and load again; or take one side "
            "with --ours (the portal's) or --theirs (the files').",
            fields={one.path: ", ".join(one.differs) for one in conflicts},
        )


@dataclass(slots=True)
class Plan:
    """What becomes of each file, by slug and language. `newer`: files whose text is newer in the
    portal, and stays.
    """

    standings: dict[tuple[str, str], Standing] = field(default_factory=dict)
    newer: list[str] = field(default_factory=list)

    def those(self, *wanted: Standing) -> list[tuple[str, str]]:
        return [key for key, how in self.standings.items() if how in wanted]


def plan_load(
    session: Session, texts: Texts, side: str | None, lessons: Sequence[FileConflict] = ()
) -> Plan:
    """Raises ContentConflict where neither side was chosen to win; `lessons`: conflicts that were
    found in folders of courses.
    """
    stored = _stored(session, {slug for slug, _locale in texts})
    plan = Plan()
    conflicts: list[tuple[str, str]] = []
    shared = _shared(session, {slug for slug, _locale in stored})
    for slug in sorted({slug for slug, _locale in texts}):
        files = {locale: text for (one, locale), text in texts.items() if one == slug}
        how = {
            locale: standing(text.digest, stored.get((slug, locale)))
            for locale, text in files.items()
        }
        agree = slug not in shared or _shared_of(files) == shared[slug]
        settled, fighting = settle(how, side, agree=agree)
        conflicts += [(slug, locale) for locale in sorted(fighting)]
        plan.standings |= {(slug, locale): one for locale, one in settled.items()}
    if conflicts or lessons:
        raise ContentConflict([*(_told(session, texts[key]) for key in conflicts), *lessons])
    plan.newer = sorted(texts[key].file.path for key in plan.those(Standing.HERE))
    return plan


def remember(session: Session, texts: Texts, keys: Iterable[tuple[str, str]]) -> None:
    """Notes the files as loaded, though their texts stay as they are."""
    for slug, locale in keys:
        item = select(KnowledgeItem.id).where(KnowledgeItem.slug == slug).scalar_subquery()
        digest = texts[slug, locale].digest
        session.execute(
            update(KnowledgeVersion)
            .where(
                KnowledgeVersion.item_id == item,
                KnowledgeVersion.locale == locale,
                KnowledgeVersion.loaded_digest != digest,
            )
            .values(loaded_digest=digest)
            .execution_options(synchronize_session=False)
        )


def _stored(session: Session, slugs: Iterable[str]) -> dict[tuple[str, str], Stored]:
    """What was withdrawn in the portal counts as changed there."""
    rows = session.execute(
        select(
            KnowledgeItem.slug,
            KnowledgeItem.state,
            KnowledgeVersion.locale,
            KnowledgeVersion.digest,
            KnowledgeVersion.loaded_digest,
        )
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(KnowledgeItem.slug.in_(sorted(slugs)))
    )
    return {
        (slug, locale): Stored(digest if state == PUBLISHED else "", loaded)
        for slug, state, locale, digest, loaded in rows
    }


def _shared(session: Session, slugs: Iterable[str]) -> dict[str, dict[str, object]]:
    """What the published languages share, by slug."""
    wanted = KnowledgeItem.slug.in_(sorted(slugs))
    return {file.slug: file.shared for file in stored_files(session, wanted)}


def _shared_of(files: Mapping[str, Text]) -> dict[str, object]:
    return next(iter(files.values())).file.shared


def _told(session: Session, text: Text) -> FileConflict:
    wanted = KnowledgeItem.slug == text.file.slug
    held = {file.locale: file for file in stored_files(session, wanted)}.get(text.file.locale)
    if held is None:
        return FileConflict(text.file.path, ("new",))
    found = difference(held.fields, held.body, text.file.fields, text.file.body)
    added, removed = found.counts
    keys = [change.key for change in found.fields]
    body = [f"body (+{added} −{removed} words)"] if added or removed else []
    return FileConflict(text.file.path, tuple(keys + body) or ("withdrawn in the portal",))
