"""What every change of a request leaves behind: its event, its time, and the word to followers."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.requests import PHASES, Phase, State
from portal.models import Request, RequestEvent
from portal.services.audit import record
from portal.services.outbox import announce
from portal.services.requests.clock import wind
from portal.tenancy import Scope, scope_of

TOLD = "request.told"
"""Outbox kind: followers are to hear of it. Payload: request (key), what, by (id of
whoever did it), `side` (of whom), and `from_state`, `to_state` and `event` (id),
or the key of a `message` or `note`."""
WORDS = frozenset({"state"})
"""The events by which the vendor says something to the customer, as a message does. A merge or a
link of the vendor's own ordering is no answer, and no clock of theirs stops for it."""
_VENDOR = "vendor"


@dataclass
class Telling:
    """How a session's acts are told: `wait` after them, or not at all. `said`: of each word
    that was asked for, its outbox key and how its notices' keys begin; also of what was rolled
    back.
    """

    wait: timedelta = timedelta()
    silent: bool = False
    said: list[tuple[str, str]] = field(default_factory=list)


def telling_of(session: Session) -> Telling:
    """To be changed by whoever does many acts in one session."""
    found: Telling = session.info.setdefault("telling", Telling())
    return found


def enter_state(
    session: Session, request: Request, to: State, reason: str = "", *, side: str = ""
) -> None:
    """Writes the state, the moments that go with it and its event; no rule is asked here. `side`:
    whose word it is, where somebody else has written it down.
    """
    now = scope_of(session).now
    before = request.state
    request.state = to.value
    phase = PHASES[to]
    if to in {State.PLANNED, State.REPRODUCED, State.DECLINED, State.RELEASED}:
        request.decided_at = request.decided_at or now
    if to is State.RELEASED:
        request.release += 1
        request.released_at = now
    request.settled_at = now if phase is Phase.CLOSED else None
    said = {"from_state": before, "to_state": to.value, "reason": reason}
    note_event(session, request, "state", **said, side=side)


def note_event(
    session: Session,
    request: Request,
    kind: str,
    *,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    side: str = "",
) -> None:
    """Adds the event and asks that its followers be told."""
    scope = scope_of(session)
    side = side or side_of(scope)
    touch(session, request)
    speaks = side != _VENDOR or kind in WORDS
    if speaks and side == _VENDOR:
        answer(session, request)
    event = RequestEvent(
        account_id=request.account_id,
        request_id=request.id,
        kind=kind,
        from_state=from_state,
        to_state=to_state,
        reason=reason.strip(),
        at=scope.now,
        by_id=scope.user_id,
        side=side,
    )
    session.add(event)
    session.flush()
    if speaks:
        wind(session, request, side)
    states = {"from_state": from_state, "to_state": to_state}
    tell(session, request, kind, **states, event=str(event.id))


def tell(session: Session, request: Request, what: str, **more: str) -> None:
    """`what`: the kind of event, or "message", "note" (those whom it mentions), "assigned" (its
    assignee), "due" (a word is due soon), "asked" (whether the release works). Everybody concerned
    is told, but not the one who did it (services.notices.hearing).
    """
    scope, telling = scope_of(session), telling_of(session)
    if telling.silent:
        return
    acted = {"by": scope.user_id, "side": side_of(scope)}
    payload = {"request": request.key, "what": what, **acted, **more}
    once = f"{TOLD}:{new_key()}"
    announce(session, TOLD, payload, once, request.account_id, wait=telling.wait)
    telling.said.append((once, once_of(what, once, request)))


def once_of(what: str, once: str, request: Request) -> str:
    """How the keys of its readers' notices begin: whether a release works is asked once."""
    return f"asked:{request.key}:{request.release}" if what == "asked" else once


def side_of(scope: Scope) -> str:
    """The side of the person who acts, or of the machine that does, else "time"."""
    acts = scope.user_id is not None or bool(scope.machine)
    return scope.role.side if acts else "time"


def touch(session: Session, request: Request) -> None:
    """Changed now."""
    request.updated_at = scope_of(session).now
    request.version += 1


def answer(session: Session, request: Request) -> None:
    """The vendor has said something to the customer: the first time it is the first answer."""
    scope = scope_of(session)
    if side_of(scope) == _VENDOR and request.answered_at is None:
        request.answered_at = scope.now


def finish(session: Session, action: str, request: Request, **details: Any) -> None:
    """The audit row, and the commit."""
    record(session, action, "request", request.key, account_id=request.account_id, **details)
    session.commit()
