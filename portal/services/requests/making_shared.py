"""One shared request made of requests that ask for the same, and linked to them at once."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid
from portal.domain.requests import PHASES, Kind, Phase, State
from portal.services.audit import record
from portal.services.requests.access import places_of
from portal.services.requests.locking import lock_places
from portal.services.requests.merging import link_family
from portal.services.requests.sharing import SharedText, add_shared, needs_product
from portal.tenancy import scope_of


def share_requests(
    session: Session, keys: Sequence[str], texts: Mapping[str, SharedText], feature_key: str = ""
) -> str:
    """The shared request's key; only the vendor sees it as yet. It stands where the first request
    does, if work on that goes on. Commits. Raises Forbidden, NotFound, Conflict (two kinds, in a
    family) and Invalid.
    """
    needs_product(session)
    if not keys:
        raise Invalid("Name the request that it is made of.", code="no-request")
    taken = lock_places(session, lambda: places_of(session, *keys)).requests
    first = taken[0]
    if len({one.id for one in taken}) < len(keys):
        raise Conflict("A request cannot be merged with itself.", code="same")
    if first.shared_id is not None:
        raise Conflict("It belongs to a shared request already.", code="in-family")
    shared = add_shared(session, Kind(first.kind), texts, _begun(State(first.state)))
    shared.feature_key = feature_key or first.feature_key
    session.flush()
    for request in taken:
        merge = link_family(session, request, shared)
        record(
            session,
            "request.join_family",
            "request_merge",
            merge.key,
            account_id=request.account_id,
        )
    shared.updated_at = scope_of(session).now
    record(session, "shared_request.create", "shared_request", shared.key, requests=len(taken))
    session.commit()
    return shared.key


def _begun(state: State) -> State:
    goes_on = PHASES[state] in {Phase.OPEN, Phase.ACTIVE} and state is not State.REOPENED
    return state if goes_on else State.SUBMITTED
