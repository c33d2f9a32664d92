"""A request of the account in the family of one that all customers read, and what hangs on it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import (
    Notice,
    Request,
    RequestMerge,
    RequestMessage,
    RequestVote,
    SharedRequest,
    SharedRequestText,
    SharedTracker,
)
from tests.security.owned.owner import Owner
from tests.world import NOW

SHARED = "shared-by-all"


def add_requests(session: Session, owner: Owner) -> dict[str, str]:
    shared_id = _shared(session)
    request = _request(owner, "request", shared_id)
    session.add(request)
    session.flush()
    merge = RequestMerge(
        key=f"merge-{owner.short}",
        account_id=owner.account_id,
        kind="request",
        from_id=request.id,
        into_id=request.id,
        before={"children": []},
        at=NOW,
    )
    message = RequestMessage(
        key=f"message-{owner.short}",
        account_id=owner.account_id,
        request_id=request.id,
        author_id=owner.champion_id,
        side="customer",
        body="Any news?",
        at=NOW,
    )
    vote = RequestVote(
        account_id=owner.account_id, request_id=request.id, user_id=owner.champion_id, at=NOW
    )
    notice = Notice(
        key=f"notice-{owner.short}",
        idempotency_key=f"notice-{owner.short}",
        account_id=owner.account_id,
        user_id=owner.champion_id,
        kind="own_request_moved",
        path=f"/requests/{request.key}",
        values={"title": request.title, "code": request.code, "state": "planned"},
        created_at=NOW,
    )
    session.add_all([merge, message, vote, notice])
    session.flush()
    return {
        "request": request.key,
        "merge": merge.key,
        "message": message.key,
        "notice": notice.key,
    }


def _request(owner: Owner, name: str, shared_id: int | None) -> Request:
    return Request(
        key=f"{name}-{owner.short}",
        account_id=owner.account_id,
        code=f"R-{owner.short.upper()}",
        kind="need",
        title="Own plants",
        told={"who": "We", "when": "Daily", "wants": "Ours"},
        text="Own plants",
        locale="en",
        requester_id=owner.champion_id,
        shared_id=shared_id,
        voters=1,
        created_at=NOW,
        updated_at=NOW,
    )


def _shared(session: Session) -> int:
    """Made for the first account."""
    found = session.scalar(select(SharedRequest.id).where(SharedRequest.key == SHARED))
    if found is not None:
        return found
    shared = SharedRequest(
        key=SHARED,
        code="S-ALL",
        kind="need",
        published_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(shared)
    session.flush()
    session.add(SharedRequestText(shared_id=shared.id, locale="en", title="Only one's own"))
    issue = "https://github.com/ferrymark/ferry/issues/1"
    session.add(SharedTracker(shared_id=shared.id, system="github", url=issue, created_at=NOW))
    session.flush()
    return shared.id
