"""Requests of all customers: product's own words for what accounts have told, and their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Forbidden, Invalid
from portal.domain.permissions import Permission
from portal.domain.requests import LONGEST_FIELD, LONGEST_TITLE, Actor, Kind, State, check_move
from portal.locales import DEFAULT_LOCALE, LOCALES
from portal.models import Feature, SharedRequest, SharedRequestText
from portal.services.audit import record
from portal.services.once import add_once
from portal.services.requests.access import take_shared_row
from portal.services.requests.handing_in import new_code
from portal.services.requests.moving import move_along
from portal.services.requests.release_notes import known_release_note
from portal.services.requests.words import keep_shared_words
from portal.tenancy import scope_of

UNITS = ("", "month", "quarter")


@dataclass(frozen=True, slots=True)
class SharedText:
    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """When it is meant to come: the last day, said as a "month" or a "quarter"; "" says nothing.
    `feature_key`: what it is about; None leaves that as it is.
    """

    on: date | None = None
    unit: str = ""
    feature_key: str | None = None


def create_shared(
    session: Session, kind: Kind, texts: Mapping[str, SharedText], feature_key: str = ""
) -> str:
    """A shared request that only the vendor sees as yet; its key; commits. Raises Forbidden and
    Invalid (members `title_en`, `body_zh-Hans`, …).
    """
    shared = add_shared(session, kind, texts)
    shared.feature_key = _known_feature(session, feature_key)
    return _done(session, "shared_request.create", shared)


def add_shared(
    session: Session, kind: Kind, texts: Mapping[str, SharedText], state: State = State.SUBMITTED
) -> SharedRequest:
    """In the caller's transaction. Raises Forbidden and Invalid."""
    needs_product(session)
    return begin_shared(session, kind, texts, state)


def begin_shared(
    session: Session, kind: Kind, texts: Mapping[str, SharedText], state: State = State.SUBMITTED
) -> SharedRequest:
    """As `add_shared`, for callers who have asked themselves whether one may."""
    now = scope_of(session).now
    shared = SharedRequest(
        key=new_key(), kind=kind.value, state=state.value, created_at=now, updated_at=now
    )
    for _try in range(20):
        shared.code = new_code("S")
        if add_once(session, shared, "code"):
            break
    write_texts(session, shared, texts)
    return shared


def edit_shared(
    session: Session,
    key: str,
    texts: Mapping[str, SharedText],
    target: Target,
    version: int | None = None,
) -> None:
    """Its words and where it belongs in the plan; commits. Raises Forbidden, NotFound, Conflict and
    Invalid.
    """
    shared = take_shared(session, key, version)
    if target.unit not in UNITS or (target.unit != "") != (target.on is not None):
        said = "Choose a month or a quarter, or neither."
        raise Invalid(said, code="bad-target", fields={"target": said})
    write_texts(session, shared, texts)
    shared.target_on, shared.target_unit = target.on, target.unit
    if target.feature_key is not None:
        shared.feature_key = _known_feature(session, target.feature_key)
    _done(session, "shared_request.edit", shared)


def publish_shared(session: Session, key: str, *, published: bool = True) -> None:
    """All customers read it, or no longer do; commits. Raises Forbidden, NotFound and Conflict."""
    shared = take_shared(session, key)
    shared.published_at = scope_of(session).now if published else None
    shared.moved_at = shared.published_at or shared.moved_at
    _done(session, "shared_request.publish" if published else "shared_request.hide", shared)


def move_shared(
    session: Session,
    key: str,
    to: State,
    reason: str = "",
    *,
    version: int | None = None,
    release_note: str = "",
) -> int:
    """Takes it there, and with it every request of its family that still goes along (those whose
    customers have confirmed stay confirmed); how many went. Commits. Raises Forbidden, NotFound,
    Conflict and Invalid.
    """
    shared = take_shared(session, key, version)
    check_move(Kind(shared.kind), State(shared.state), to, Actor.PRODUCT, reason)
    if release_note:
        shared.release_note = known_release_note(session, release_note)
    shared.state, shared.reason = to.value, reason.strip()
    shared.moved_at = scope_of(session).now
    if to is State.RELEASED:
        shared.release += 1
        shared.released_at = scope_of(session).now
    along = move_along(session, shared.id, to, reason, shared.release_note)
    _done(session, "shared_request.move", shared, to=to.value, requests=along)
    return along


def take_shared(session: Session, key: str, version: int | None = None) -> SharedRequest:
    """To be changed in this transaction. Raises Forbidden, NotFound and Conflict."""
    needs_product(session)
    shared = take_shared_row(session, key)
    if version is not None and shared.version != version:
        raise Conflict("Somebody has changed it meanwhile. Look again.", code="changed-meanwhile")
    return shared


def write_texts(session: Session, shared: SharedRequest, texts: Mapping[str, SharedText]) -> None:
    """In the caller's transaction: a language with an empty title is taken away; English stays."""
    fields = {}
    for locale, text in texts.items():
        if len(text.title) > LONGEST_TITLE:
            fields[f"title_{locale}"] = "Say it in at most 160 characters."
        if len(text.body) > LONGEST_FIELD:
            fields[f"body_{locale}"] = "Keep it under 4,000 characters."
    if not texts.get(DEFAULT_LOCALE, SharedText("")).title.strip():
        fields[f"title_{DEFAULT_LOCALE}"] = "Say what it is about."
    if fields:
        raise Invalid("Something is missing.", code="incomplete", fields=fields)
    for locale in LOCALES:
        _write_text(session, shared.id, locale, texts.get(locale, SharedText("")))
    told = [f"{text.title}\n{text.body}" for text in texts.values() if text.title.strip()]
    keep_shared_words(session, shared.id, told)


def _write_text(session: Session, shared_id: int, locale: str, text: SharedText) -> None:
    row = session.get(SharedRequestText, (shared_id, locale))
    title, body = " ".join(text.title.split()), text.body.strip()
    if not title:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = SharedRequestText(shared_id=shared_id, locale=locale, title=title)
        session.add(row)
    row.title, row.body = title, body


def _known_feature(session: Session, key: str) -> str:
    if key and session.scalar(select(Feature.key).where(Feature.key == key)) is None:
        said = "Choose a feature of the catalogue."
        raise Invalid(said, code="unknown-feature", fields={"feature": said})
    return key


def needs_product(session: Session) -> None:
    if not scope_of(session).allows(Permission.REQUEST_TRIAGE):
        raise Forbidden


def _done(session: Session, action: str, shared: SharedRequest, **details: Any) -> str:
    shared.updated_at = scope_of(session).now
    shared.version += 1
    record(session, action, "shared_request", shared.key, **details)
    session.commit()
    return shared.key
