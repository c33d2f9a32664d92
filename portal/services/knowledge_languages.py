"""The languages of a text: what is missing, what is outdated and since when, what agrees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.content_draft import tidy_fields
from portal.domain.content_values import LANGUAGE
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.knowledge_workflow import Action
from portal.domain.text_difference import Difference
from portal.domain.text_sections import Pair, beside
from portal.locales import LOCALES
from portal.models import KnowledgeRevision
from portal.services.audit import record
from portal.services.knowledge_conversion import traditional
from portal.services.knowledge_drafts import Draft, draft_of, write_copy
from portal.services.knowledge_held import Held, hold_item, keep_draft, may
from portal.services.knowledge_keeping import CONVERTED, Revisions
from portal.services.knowledge_revisions import difference

Own = Callable[[Mapping[str, Any]], dict[str, Any]]
Changes = Callable[[int, int], tuple[Difference, datetime] | None]
SOURCE, MISSING, OUTDATED, CURRENT = "source", "missing", "outdated", "current"
SIMPLIFIED, TRADITIONAL = "zh-Hans", "zh-Hant"


@dataclass(frozen=True, slots=True)
class LanguageState:
    """`state`: source, missing, outdated, current; of the working copy where there is one. For an
    outdated one `since` is the revision of the source that it agrees with, `at` when the source
    changed after it and `changed` what has changed since. `copy`: it has a working copy;
    `converted`: which a machine has made. `published`: readers have it.
    """

    locale: str
    state: str
    since: int = 0
    at: datetime | None = None
    changed: Difference | None = None
    copy: bool = False
    converted: bool = False
    published: bool = False


@dataclass(frozen=True, slots=True)
class SideBySide:
    """`source` and `target` as working copies; the pairs are of their bodies, the `fields` those
    that each language says itself: (key, source, target).
    """

    source: Draft
    target: Draft
    state: LanguageState
    fields: list[tuple[str, str, str]]
    pairs: list[Pair]


def language_states(session: Session, slug: str) -> list[LanguageState]:
    """The source first. Raises NotFound, and Forbidden for those who do not write texts."""
    held = hold_item(session, slug, lock=False)
    source = held.item.source_locale
    order = [source, *(one for one in LOCALES if one != source)]
    return [_state(session, held, locale) for locale in order]


def side_by_side(session: Session, slug: str, locale: str) -> SideBySide:
    """Raises NotFound, also for the source itself."""
    held = hold_item(session, slug, lock=False)
    if locale not in LOCALES or locale == held.item.source_locale:
        raise NotFound
    source = draft_of(session, held, held.item.source_locale)
    target = draft_of(session, held, locale)
    return SideBySide(
        source=source,
        target=target,
        state=_state(session, held, locale),
        fields=[
            (key, source.fields[key], target.fields[key])
            for key in LANGUAGE
            if key in source.fields
        ],
        pairs=beside(source.body, target.body),
    )


def mark_current(session: Session, slug: str, locale: str) -> None:
    """Says that the translation agrees with the source as it is published now. Raises NotFound
    where there is no translation, Conflict where nothing is published yet. Commits.
    """
    held = hold_item(session, slug)
    source = held.published(held.item.source_locale)
    rows = [one for one in (held.drafts.get(locale), held.versions.get(locale)) if one]
    if not rows or locale == held.item.source_locale:
        raise NotFound
    if not source:
        raise Conflict("The source is not published yet.", code="wrong-stage")
    for row in rows:
        row.source_revision = source
    record(session, "knowledge.marked-current", "knowledge", slug, locale=locale, source=source)
    session.commit()


def draft_traditional(session: Session, slug: str) -> Draft:
    """A working copy in traditional Chinese out of the simplified one. It is not published before
    a person has saved it. Raises Invalid where there is nothing to convert, Conflict where a
    person is writing it or it is in review. Commits.
    """
    held = hold_item(session, slug)
    if Action.EDIT not in may(session, held):
        raise Conflict("The text is in review: take it back first.", code="wrong-stage")
    if not held.body(SIMPLIFIED):
        raise Invalid("There is no simplified Chinese text to convert.", code="nothing-to-convert")
    present = held.drafts.get(TRADITIONAL)
    if present is not None and present.origin != CONVERTED:
        raise Conflict("Somebody is writing this language already.", code="copy-exists")
    said = held.fields(SIMPLIFIED)
    words = {key: traditional(said[key]) for key in LANGUAGE if said.get(key)}
    fields = tidy_fields(held.item.type, {**_untyped(said), **words})
    draft = write_copy(session, held, TRADITIONAL, fields, traditional(held.body(SIMPLIFIED)))
    draft.origin = CONVERTED
    if held.item.source_locale != TRADITIONAL:
        draft.source_revision = _agreed(held, SIMPLIFIED)
    keep_draft(session, held, draft)
    record(session, "knowledge.converted", "knowledge", slug, locale=TRADITIONAL)
    session.commit()
    return draft_of(session, held, TRADITIONAL)


def _untyped(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != "type"}


def _agreed(held: Held, locale: str) -> int:
    """The revision of the source that the language agrees with."""
    if locale == held.item.source_locale:
        return held.published(locale)
    row = held.drafts.get(locale) or held.versions.get(locale)
    return 0 if row is None else row.source_revision


def _state(session: Session, held: Held, locale: str) -> LanguageState:
    draft, source = held.drafts.get(locale), held.item.source_locale
    there: dict[str, Any] = {
        "copy": draft is not None,
        "converted": draft is not None and draft.origin == CONVERTED,
        "published": locale in held.versions,
    }
    is_there = draft is not None or locale in held.versions
    text = {"item_id": held.item.id, "locale": source}
    return translation_state(
        LanguageState(locale, SOURCE if locale == source else CURRENT, **there),
        _agreed(held, locale) if is_there else None,
        held.published(source),
        partial(source_changes, session, KnowledgeRevision, text, _own),
    )


def translation_state(
    found: LanguageState, since: int | None, now: int, changes: Changes
) -> LanguageState:
    """`found` completed by what its source says: `since` is the revision of the source that it
    agrees with, None where the language is missing, `now` the one that is read. What the languages
    share changes in all of them at once, so it outdates none.
    """
    if found.state == SOURCE:
        return found
    if since is None:
        return replace(found, state=MISSING)
    if not since or since >= now:
        return replace(found, since=since)
    changed = changes(since, now)
    if changed is None or changed[0].empty:
        return replace(found, since=since)
    return replace(found, state=OUTDATED, since=since, changed=changed[0], at=changed[1])


def source_changes(  # noqa: PLR0917 # which text, what of it counts, from where to where
    session: Session, model: Revisions, text: Mapping[str, Any], own: Own, since: int, now: int
) -> tuple[Difference, datetime] | None:
    """What the source says otherwise by now, and when it first was saved so; None where it is not
    known. `text` names the text and its source language, `own` what a language says itself.
    """
    rows = session.execute(
        select(model.number, model.fields, model.body, model.at)
        .filter_by(**text)
        .where(model.number.between(since, now))
        .order_by(model.number)
    ).all()
    if not rows or rows[0].number != since or rows[-1].number != now:
        return None
    said = [(own(row.fields), row.body) for row in rows]
    at = next((row.at for row, one in zip(rows, said, strict=True) if one != said[0]), rows[-1].at)
    return difference(*said[0], *said[-1]), at


def _own(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: fields[key] for key in LANGUAGE if key in fields}
