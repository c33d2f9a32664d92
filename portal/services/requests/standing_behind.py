"""How many stand behind a request, in the three figures of DOMAIN §7, as its reader may know."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.models import Account, Request, SharedRequest
from portal.services.requests.access import find_request
from portal.services.requests.behind import Money, own_revenue, revenue_of
from portal.tenancy import scope_of


@dataclass(frozen=True, slots=True)
class Behind:
    """Over the family where it belongs to one. `revenue` is None for a customer."""

    people: int
    accounts: int
    revenue: Money | None


def standing_behind(session: Session, key: str) -> Behind:
    """Customers hear of a family once it is published. Raises NotFound."""
    request = find_request(session, key)
    if scope_of(session).role.side == "vendor":
        account = session.get_one(Account, request.account_id)
        return Behind(*figures_of(session, request, account))
    shared = None
    if request.shared_id is not None:
        shared = session.get_one(SharedRequest, request.shared_id)
    if shared is None or shared.published_at is None:
        return Behind(request.voters, 1, None)
    return Behind(shared.people, shared.accounts, None)


def figures_of(session: Session, request: Request, account: Account) -> tuple[int, int, Money]:
    """People, accounts and revenue; for the vendor's people."""
    if request.shared_id is None:
        return request.voters, 1, own_revenue(account.currency, account.arr)
    shared = session.get_one(SharedRequest, request.shared_id)
    revenue = revenue_of(session, [shared.id]).get(shared.id, {})
    return shared.people, shared.accounts, revenue
