"""The customer's own word: does the release work for them?"""

from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Forbidden, Invalid
from portal.domain.permissions import Permission
from portal.domain.requests import LONGEST_REASON, Actor, Answer, Kind, State, check_move
from portal.models import Request, RequestConfirmation
from portal.services.requests.access import take_request
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
