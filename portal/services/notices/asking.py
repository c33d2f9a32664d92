"""The signed link that asks somebody whether a release works: what it shows, and their word.

Every function here is called in a session of that person's own scope.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, NotFound
from portal.domain.requests import Answer, Kind, State
from portal.models import Request, RequestConfirmation
from portal.services.notices.links import Links, path_of
from portal.services.notices.telling import said_at_release, title_of
from portal.services.requests.access import find_request
from portal.services.requests.confirming import answer_request, may_answer
from portal.services.requests.release_notes import note_in_reach
from portal.tenancy import scope_of

LASTS = timedelta(days=60)
"""So long after somebody was asked the link lets them answer without signing in."""
_ASKED_PARTS = 3


class Standing(StrEnum):
    """`newer`: it has been released again since, and another mail asks about that."""

    OPEN = "open"
    CLOSED = "closed"
    WORKED_ON = "worked_on"
    NEWER = "newer"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the link says, and whose word it carries: keys, and the number of the release."""

    request: str
    release: int
    user: str


@dataclass(frozen=True, slots=True)
class AskedView:
    """`said`: what this person has answered, with their `reason`. `text`: what the vendor wrote
    when it was released. `path`: the request's own page, behind the sign-in.
    """

    standing: Standing
    code: str
    title: str
    kind: Kind
    state: State
    text: str
    release_note: str
    released_at: datetime | None
    said: Answer | None
    reason: str
    path: str


def read_claim(links: Links, token: str) -> Claim:
    """Raises NotFound where we have not signed it."""
    found = links.read("confirm", token)
    if found is None or len(found) != _ASKED_PARTS:
        raise NotFound
    return Claim(str(found[0]), int(found[1]), str(found[2]))


def show_asked(session: Session, claim: Claim) -> AskedView:
    """Raises NotFound where the request has gone or is no longer theirs to read, or where they were
    never asked.
    """
    request = find_request(session, claim.request)
    place = (request.id, claim.release, scope_of(session).user_id)
    asked = session.get(RequestConfirmation, place)
    if asked is None:
        raise NotFound
    return AskedView(
        standing=_standing(session, request, asked),
        code=request.code,
        title=title_of(session, request),
        kind=Kind(request.kind),
        state=State(request.state),
        text=said_at_release(session, request),
        release_note=note_in_reach(session, request.release_note),
        released_at=request.released_at,
        said=Answer(asked.answer) if asked.answer else None,
        reason=asked.reason,
        path=path_of(scope_of(session), request.key),
    )


def answer_asked(session: Session, claim: Claim, answer: Answer, reason: str = "") -> None:
    """Their word, as if they had signed in; commits. Raises NotFound, Forbidden, Invalid (reason),
    and Conflict where it is no longer asked.
    """
    if show_asked(session, claim).standing is not Standing.OPEN:
        raise Conflict("It is no longer asked.", code="no-longer-asked")
    answer_request(session, claim.request, answer, reason)


def _standing(session: Session, request: Request, asked: RequestConfirmation) -> Standing:
    if request.release != asked.release:
        return Standing.NEWER
    if scope_of(session).now > asked.asked_at + LASTS or not may_answer(session, request):
        return Standing.EXPIRED
    state = State(request.state)
    if state in {State.RELEASED, State.UNCONFIRMED}:
        return Standing.OPEN
    return Standing.CLOSED if state is State.CONFIRMED else Standing.WORKED_ON
