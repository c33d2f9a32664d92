"""The same done to many requests, each by itself, and undone for those not changed since.

What stood before is kept in the audit log's entry of the act, which nobody can alter.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, DomainError, NotFound
from portal.domain.requests import State
from portal.models import AuditEntry, Request, RequestConfirmation
from portal.services.audit import record
from portal.services.requests.access import find_request, take_request
from portal.services.requests.acts import assign, needs_desk
from portal.services.requests.candidates import request_named, shared_named
from portal.services.requests.merging import join_family, merge_requests
from portal.services.requests.moving import move_request
from portal.services.requests.parting import undo_merge
from portal.services.requests.steps import finish, note_event, telling_of
from portal.services.requests.taking_back import take_back
from portal.tenancy import scope_of

MOST = 200
UNDO_TIME = timedelta(minutes=1)
"""So long nobody is told of it yet, so that a slip that is undone at once troubles nobody."""
_MOMENTS = (
    *("decided_at", "released_at", "settled_at", "answered_at", "first_due_at"),
    *("update_due_at", "solution_due_at", "next_due_at", "paused_at"),
)
_PLAIN = ("assignee_id", "state", "release_note", "paused_minutes")
"""Not `release`, which only ever rises: an answer names the release that it is about."""
_TYPE = "request_bulk"


@dataclass(frozen=True, slots=True)
class Left:
    """One that stayed as it was, and why."""

    code: str
    failure: DomainError


@dataclass(frozen=True, slots=True)
class Outcome:
    """`key` undoes it; empty where nothing was done. `heard`: of so many somebody had heard before
    they were put back.
    """

    key: str
    done: int
    left: list[Left]
    heard: int = 0


def assign_all(session: Session, keys: Iterable[str], user_key: str) -> Outcome:
    """Gives each to somebody, or to nobody; commits. Raises Forbidden."""
    return _each(session, keys, lambda key, version: assign(session, key, user_key, version))


def move_all(session: Session, keys: Iterable[str], to: State, reason: str = "") -> Outcome:
    """Takes each there that may go; commits. Raises Forbidden."""
    return _each(
        session, keys, lambda key, version: move_request(session, key, to, reason, version)
    )


def merge_all(session: Session, keys: Iterable[str], into: str) -> Outcome:
    """Makes one of all: `into`, a code or key, stands for each from now on, or takes each into its
    family where it is a shared one; commits. Raises Forbidden and NotFound (into).
    """
    needs_desk(session)
    link, own_key = _linking(session, into)
    merges: dict[str, dict[str, Any]] = {}
    left = []
    for key in list(dict.fromkeys(keys))[:MOST]:
        try:
            code = find_request(session, key).code
        except NotFound:
            continue
        if key == own_key:
            continue
        begin = _said_later(session)
        try:
            merge = link(key)
        except DomainError as failure:
            session.rollback()
            left.append(Left(code, failure))
        else:
            merges[key] = {"code": code, "merge": merge, "told": _said_since(session, begin)}
    return Outcome(_noted(session, merges=merges) if merges else "", len(merges), left)


def undo_all(session: Session, key: str) -> Outcome:
    """Puts back what stood before, but for those that somebody has changed since; commits. What
    nobody has heard of it yet nobody will; where somebody has, they are told of this as well. Only
    whoever did it may. Raises NotFound and Forbidden.
    """
    needs_desk(session)
    before = session.scalar(
        select(AuditEntry.details).where(
            AuditEntry.object_type == _TYPE,
            AuditEntry.object_key == key,
            AuditEntry.user_id == scope_of(session).user_id,
        )
    )
    if before is None:
        raise NotFound
    done, heard, left = 0, 0, []
    for kept, act in _ways_back(session, before):
        try:
            heard += _undo(session, kept, act)
            done += 1
        except Conflict as failure:
            session.rollback()
            left.append(Left(kept["code"], failure))
        except NotFound:
            session.rollback()
    return Outcome("", done, left, heard)


def _ways_back(
    session: Session, before: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], Callable[[], None]]]:
    if "merges" in before:
        for kept in _last_first(before):
            yield kept, partial(undo_merge, session, kept["merge"])
    for key, kept in before.get("before", {}).items():
        yield kept, partial(_restore, session, key, kept)


def _undo(session: Session, kept: dict[str, Any], act: Callable[[], None]) -> bool:
    """In one transaction with taking the words back; whether somebody had heard of it."""
    heard = take_back(session, kept.get("told", ()))
    telling_of(session).silent = not heard
    try:
        act()
    finally:
        telling_of(session).silent = False
    return heard


def _each(session: Session, keys: Iterable[str], act: Callable[[str, int], None]) -> Outcome:
    needs_desk(session)
    before: dict[str, dict[str, Any]] = {}
    left = []
    for key in list(dict.fromkeys(keys))[:MOST]:
        try:
            kept = _kept(find_request(session, key))
        except NotFound:
            continue
        begin = _said_later(session)
        try:
            act(key, kept["version"])
        except DomainError as failure:
            session.rollback()
            left.append(Left(kept["code"], failure))
        else:
            told, version = _said_since(session, begin), find_request(session, key).version
            before[key] = {**kept, "version": version, "told": told}
    return Outcome(_noted(session, before=before) if before else "", len(before), left)


def _said_later(session: Session) -> int:
    """What is told from now on waits; how much has been told so far."""
    telling = telling_of(session)
    telling.wait = UNDO_TIME
    return len(telling.said)


def _said_since(session: Session, begin: int) -> list[tuple[str, str]]:
    return telling_of(session).said[begin:]


def _noted(session: Session, **details: Any) -> str:
    """What undoes it; commits."""
    bulk = new_key()
    record(session, "request.bulk", _TYPE, bulk, **details)
    session.commit()
    return bulk


def _linking(session: Session, into: str) -> tuple[Callable[[str], str], str]:
    """What links a request of a key to it, and its own key."""
    if into.strip().upper().startswith("S-"):
        shared = shared_named(session, into)
        return lambda key: join_family(session, key, shared), shared
    standing = request_named(session, into).key
    return lambda key: merge_requests(session, key, standing), standing


def _last_first(details: dict[str, Any]) -> list[dict[str, Any]]:
    return list(reversed(details["merges"].values()))


def _kept(request: Request) -> dict[str, Any]:
    moments = {name: getattr(request, name) for name in _MOMENTS}
    return {
        "code": request.code,
        "version": request.version,
        **{name: getattr(request, name) for name in _PLAIN},
        **{name: at.isoformat() if at is not None else None for name, at in moments.items()},
    }


def _restore(session: Session, key: str, kept: dict[str, Any]) -> None:
    request = take_request(session, key, kept["version"])
    after, before = request.state, kept["state"]
    if after != before:
        _unask(session, request)
        request.state = before
        note_event(session, request, "state", from_state=after, to_state=before)
    else:
        request.version += 1
    for name in _PLAIN:
        setattr(request, name, kept[name])
    for name in _MOMENTS:
        said = kept[name]
        setattr(request, name, datetime.fromisoformat(said) if said is not None else None)
    finish(session, "request.undo", request, before=after, to=before)


def _unask(session: Session, request: Request) -> None:
    """A release that is taken back asks nobody any more."""
    if request.state != State.RELEASED.value:
        return
    asked = select(RequestConfirmation).where(
        RequestConfirmation.request_id == request.id,
        RequestConfirmation.release == request.release,
    )
    for row in session.scalars(asked):
        session.delete(row)
