"""Who learns: a customer's person with a login. The vendor's people look at courses; nothing of
what they try is kept.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.domain.errors import Conflict
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class Learner:
    user_id: int
    account_id: int


def learner_of(session: Session) -> Learner | None:
    scope = scope_of(session)
    if scope.role.side != "customer" or scope.user_id is None or not scope.accounts:
        return None
    return Learner(scope.user_id, scope.account_id)


def the_learner(session: Session) -> Learner:
    """Raises Conflict for those whose training is not kept."""
    learner = learner_of(session)
    if learner is None:
        said = "Only people of a customer take courses; you see them as a preview."
        raise Conflict(said, code="preview-only")
    return learner
