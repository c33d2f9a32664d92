"""A part of a request's grade is set by a person, with their reason, or left to itself again."""

from sqlalchemy.orm import Session

from portal.domain.request_grading import check_part
from portal.models import RequestGrade
from portal.services.requests.access import take_request
from portal.services.requests.acts import needs_triage
from portal.services.requests.steps import finish
from portal.tenancy import scope_of


def set_part(session: Session, key: str, part: str, value: int, reason: str = "") -> None:
    """Commits. It is no word to the customer. Raises NotFound, Conflict, Forbidden and Invalid."""
    needs_triage(session)
    checked = check_part(part, value, reason)
    request = take_request(session, key)
    scope = scope_of(session)
    row = session.get(RequestGrade, (request.id, checked.value))
    if row is None:
        row = RequestGrade(account_id=request.account_id, request_id=request.id, part=checked.value)
        session.add(row)
    row.value, row.reason = value, reason.strip()
    row.by_id, row.at = scope.user_id, scope.now
    finish(session, "request.grade", request, part=checked.value, value=value)


def clear_part(session: Session, key: str, part: str) -> None:
    """As it is worked out again; commits. Raises NotFound, Conflict and Forbidden."""
    needs_triage(session)
    request = take_request(session, key)
    row = session.get(RequestGrade, (request.id, part[:8]))
    if row is not None:
        session.delete(row)
        finish(session, "request.grade", request, part=part, value=None)
