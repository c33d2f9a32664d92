"""Working copies of texts: begun, opened, saved by several people without losing anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.content_draft import slug_of, template_of, tidy_body, tidy_fields
from portal.domain.content_values import LANGUAGE
from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.knowledge_workflow import Action, Stage
from portal.domain.permissions import Permission
from portal.locales import LOCALES
from portal.models import KnowledgeDraft
from portal.services.audit import record
from portal.services.knowledge_held import (
    Held,
    begin,
    hold_item,
    keep_draft,
    may,
    start_work,
    touch,
    without_language,
)
from portal.services.knowledge_keeping import CONVERTED, WEB
from portal.services.knowledge_new import add_item, hold_start
from portal.services.knowledge_people import people
from portal.services.training.lesson_copies import discard_lessons
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class DraftInput:
    """What a person has typed. `fields` are JSON as in Draft.fields; keys left out stay as they
    are. `autosave`: nobody pressed a button, so that no revision is made of it yet.

    `based_on`: the person has seen this published revision and goes on from it; `source_revision`:
    and has compared the text with this one of the source language.
    """

    fields: Mapping[str, Any]
    body: str
    note: str = ""
    autosave: bool = False
    based_on: int | None = None
    source_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A working copy; what is published where there is none yet (`saved_at` None), an empty one
    where there is neither.

    `fields`: every key of the type as JSON (domain/content_values.py): dates 2026-11-27, the
    audience as front matter has it, what is missing empty. `based_on` is the published revision
    that it began from and `published` the one that is read now, 0 for none: where they differ,
    somebody has published in between. `locales`: languages with a working copy; `converted`:
    machine-made and not yet looked at. `seen` stands for all of the item's copies as they are now.
    """

    slug: str
    type: str
    locale: str
    fields: dict[str, Any]
    body: str
    token: str
    state: Stage
    item_state: str
    based_on: int
    published: int
    source_locale: str
    source_revision: int
    source_published: int
    saved_at: datetime | None = None
    editor_key: str = ""
    editor: str = ""
    reviewer_key: str = ""
    reviewer: str = ""
    publish_at: datetime | None = None
    reason: str = ""
    converted: bool = False
    seen: str = ""
    locales: tuple[str, ...] = ()
    published_locales: tuple[str, ...] = ()
    may: frozenset[Action] = field(default_factory=frozenset)

    @property
    def overtaken(self) -> bool:
        return self.saved_at is not None and self.based_on != self.published


class EditConflict(Conflict):
    """Somebody else has saved in between. `theirs` is what stands there now, with the token to
    save over it; `by` is their name, empty for a machine.
    """

    code = "edit-conflict"

    def __init__(self, theirs: Draft) -> None:
        self.theirs, self.by = theirs, theirs.editor
        super().__init__(
            f"{self.by or 'Somebody else'} has saved this text in the meantime. "
            "Compare both and save what shall stand."
        )


def start_item(  # noqa: PLR0917 # slug and locale stand before what is said, as everywhere
    session: Session,
    type: str,  # noqa: A002 # it is what front matter calls it
    slug: str,
    locale: str,
    fields: Mapping[str, Any],
    body: str = "",
) -> str:
    """Begins a text that nobody but its writers sees; its slug is returned, made of the title
    where none is given. The body begins with the type's headings. Raises Invalid, and Conflict
    where a given slug is taken. Commits.
    """
    scope = scope_of(session)
    if not scope.allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    _hold_locale(locale)
    hold_start(type, slug)
    tidy = tidy_fields(type, fields)
    text = tidy_body(body) or template_of(type, locale)
    found = add_item(session, type, slug or slug_of(tidy["title"], type), locale, free=not slug)
    held = hold_item(session, found)
    write_copy(session, held, locale, tidy, text)
    record(session, "knowledge.started", "knowledge", found, type=type, locale=locale)
    session.commit()
    return found


def open_draft(session: Session, slug: str, locale: str) -> Draft:
    """Raises NotFound, and Forbidden for those who do not write texts."""
    _hold_locale(locale)
    return draft_of(session, hold_item(session, slug, lock=False), locale)


def save_draft(session: Session, slug: str, locale: str, given: DraftInput, token: str) -> Draft:
    """Saves over the text that `token` came with. Raises EditConflict where that is no longer what
    stands there, Invalid with `fields`, and Conflict where the stage allows no writing. Commits.
    """
    _hold_locale(locale)
    held = hold_item(session, slug)
    now = draft_of(session, held, locale)
    if Action.EDIT not in now.may:
        raise Conflict("The text is in review: take it back first.", code="wrong-stage")
    tidy = tidy_fields(held.item.type, {**now.fields, **given.fields})
    body = tidy_body(given.body)
    same = (tidy, body) == (now.fields, now.body)
    if token != now.token and not (same and now.saved_at is not None):
        raise EditConflict(now)
    if not same or (now.saved_at is not None and not given.autosave):
        _keep_another_s(session, held, locale)
        draft = write_copy(session, held, locale, tidy, body)
        _take_said(draft, given)
        if not given.autosave:
            draft.origin = WEB if draft.origin == CONVERTED else draft.origin
            keep_draft(session, held, draft, given.note)
    session.commit()
    return draft_of(session, held, locale)


def discard_draft(session: Session, slug: str, locale: str) -> None:
    """Throws the working copy of one language away; a revision keeps what it said. What is
    published stays. Raises NotFound where there is none, Conflict in review. Commits.
    """
    held = begin(session, slug, Action.DISCARD)
    draft = held.drafts.pop(locale, None)
    if draft is None or held.work is None:
        raise NotFound
    if not draft.kept:
        keep_draft(session, held, draft)
    session.delete(draft)
    discard_lessons(session, held, locale)
    if held.drafts:
        held.work.state = Stage.DRAFT.value
    else:
        session.delete(held.work)
        if held.shape is not None:
            session.delete(held.shape)
    record(session, "knowledge.discarded", "knowledge", slug, locale=locale)
    session.commit()


def draft_of(session: Session, held: Held, locale: str) -> Draft:
    draft, work, item = held.drafts.get(locale), held.work, held.item
    writers = people(
        session, [draft.author_id if draft else None, work.reviewer_id if work else None]
    )
    editor = writers.get(draft.author_id or 0) if draft else None
    reviewer = writers.get(work.reviewer_id or 0) if work else None
    version = held.versions.get(locale)
    row = draft or version
    return Draft(
        slug=item.slug,
        type=item.type,
        locale=locale,
        fields=tidy_fields(item.type, held.fields(locale)),
        body=held.body(locale),
        token=_token(held, locale),
        state=held.stage,
        item_state=item.state,
        based_on=draft.based_on if draft else held.published(locale),
        published=held.published(locale),
        source_locale=item.source_locale,
        source_revision=row.source_revision if row else 0,
        source_published=held.published(item.source_locale),
        saved_at=draft.saved_at if draft else None,
        editor_key=editor.key if editor else "",
        editor=editor.name if editor else "",
        reviewer_key=reviewer.key if reviewer else "",
        reviewer=reviewer.name if reviewer else "",
        publish_at=work.publish_at if work else None,
        reason=work.reason if work else "",
        converted=draft is not None and draft.origin == CONVERTED,
        seen=held.seen,
        locales=tuple(one for one in LOCALES if one in held.drafts),
        published_locales=tuple(one for one in LOCALES if one in held.versions),
        may=may(session, held),
    )


def _token(held: Held, locale: str) -> str:
    """Of the language's own words and of what the languages share."""
    draft, published = held.drafts.get(locale), held.published(locale)
    own = draft.token if draft else f"r{published}"
    return f"{own}.{held.work.token if held.work else f'r{held.item.changed_in}'}"


def _hold_locale(locale: str) -> None:
    if locale not in LOCALES:
        raise NotFound


def write_copy(
    session: Session, held: Held, locale: str, fields: Mapping[str, Any], body: str
) -> KnowledgeDraft:
    shared = without_language(fields)
    work = start_work(session, held, shared)
    if work.fields != shared:
        work.fields, work.token = shared, new_key()
    draft = held.drafts.get(locale) or _new_draft(held, locale)
    for key in LANGUAGE:
        setattr(draft, key, fields.get(key, ""))
    draft.body, draft.token, draft.kept = body, new_key(), False
    draft.author_id, draft.saved_at = scope_of(session).user_id, scope_of(session).now
    held.drafts[locale] = draft
    session.add(draft)
    touch(session, held)
    session.flush()
    return draft


def _new_draft(held: Held, locale: str) -> KnowledgeDraft:
    version, source = held.versions.get(locale), held.item.source_locale
    agrees = version.source_revision if version else held.published(source)
    return KnowledgeDraft(
        item_id=held.item.id,
        locale=locale,
        based_on=held.published(locale),
        source_revision=0 if locale == source else agrees,
        origin=WEB,
    )


def _keep_another_s(session: Session, held: Held, locale: str) -> None:
    """What somebody else saved last is kept in their name before it is written over."""
    draft = held.drafts.get(locale)
    if draft is not None and not draft.kept and draft.author_id != scope_of(session).user_id:
        keep_draft(session, held, draft)


def _take_said(draft: KnowledgeDraft, given: DraftInput) -> None:
    if given.based_on is not None:
        draft.based_on = given.based_on
    if given.source_revision is not None:
        draft.source_revision = given.source_revision
