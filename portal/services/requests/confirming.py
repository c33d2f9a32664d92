"""The customer's own word: does the release work for them?"""

from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Forbidden, Invalid
from portal.domain.permissions import Permission
from portal.domain.requests import LONGEST_REASON, Actor, Answer, Kind, State, check_move
from portal.models import Request, RequestConfirmation
from portal.services.requests.access import take_request
from portal.services.requests.acts import needs_desk
from portal.services.requests.steps import enter_state, finish, touch
from portal.services.requests.voices import has_voted
from portal.tenancy import scope_of


def answer_request(session: Session, key: str, answer: Answer, reason: str = "") -> State:
    """What the reader says about the release, and the state after it; commits.

    "Works" of the requester, or of a champion, closes the request as confirmed; a voter's is kept
    and counts when the time is over. "Not yet" of any of them reopens it for the account, with its
    reason. "Did not try" changes nothing but is known. Raises NotFound, Forbidden (neither
    requester nor voter nor champion), Conflict (not released) and Invalid (reason).
    """
    request = take_request(session, key)
    if not may_answer(session, request):
        raise Forbidden("Whoever asked for it, or voted for it, says whether it works.")
    to = State.REOPENED if answer is Answer.NOT_YET else State.CONFIRMED
    state = State(request.state)
    if state is State.CONFIRMED and answer is Answer.WORKS:
        return state
    check_move(Kind(request.kind), state, to, Actor.CUSTOMER, reason)
    _keep(session, request, answer, reason)
    if answer is Answer.NOT_YET or (answer is Answer.WORKS and _decides(session, request)):
        enter_state(session, request, to, reason)
    else:
        touch(session, request)
    finish(session, "request.answer", request, answer=answer.value)
    return State(request.state)


def relay_answer(session: Session, key: str, answer: Answer, words: str) -> State:
    """What somebody who cannot sign in has said about the release, in their `words`, written down
    by one of the vendor's people who heard it; the state after it. Commits. It closes or reopens
    the request as their own word would. Raises NotFound, Forbidden, Conflict (not released) and
    Invalid (reason).
    """
    needs_desk(session)
    request = take_request(session, key)
    name = whose_word(request)
    if not name or answer is Answer.NOT_TRIED:
        raise Forbidden("Whoever asked for it can say so themselves.")
    to = State.REOPENED if answer is Answer.NOT_YET else State.CONFIRMED
    said = f"{name}: {words.strip()}" if words.strip() else ""
    if not said:
        owed = "Say why: those who asked will read it."
        raise Invalid(owed, code="reason-missing", fields={"reason": owed})
    check_move(Kind(request.kind), State(request.state), to, Actor.CUSTOMER, said)
    enter_state(session, request, to, said, side="customer")
    finish(session, "request.relay", request, answer=answer.value)
    return to


def whose_word(request: Request) -> str:
    """The name of a requester who cannot sign in; else empty."""
    return request.requester_name if request.requester_id is None else ""


def may_answer(session: Session, request: Request) -> bool:
    scope = scope_of(session)
    if scope.user_id is None or not scope.allows(Permission.REQUEST_WRITE):
        return False
    if scope.role.side != "customer":
        return False
    return _decides(session, request) or has_voted(session, request.id, scope.user_id)


def _decides(session: Session, request: Request) -> bool:
    """Whoever asked, and who leads the account's requests."""
    scope = scope_of(session)
    return request.requester_id == scope.user_id or scope.allows(Permission.PEOPLE_INVITE)


def _keep(session: Session, request: Request, answer: Answer, reason: str) -> None:
    scope = scope_of(session)
    if len(reason) > LONGEST_REASON:
        said = "Keep it under 2,000 characters."
        raise Invalid(said, code="too-long", fields={"reason": said})
    if request.release == 0:
        raise Conflict("It has not been released yet.", code="no-such-move")
    place = (request.id, request.release, scope.user_id)
    row = session.get(RequestConfirmation, place)
    if row is None:
        row = RequestConfirmation(
            account_id=request.account_id,
            request_id=request.id,
            release=request.release,
            user_id=scope.user_id,
            asked_at=scope.now,
        )
        session.add(row)
    row.answer, row.reason, row.answered_at = answer.value, reason.strip(), scope.now
