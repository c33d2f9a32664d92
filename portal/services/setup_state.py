"""How far the installation is set up, from what is there."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.models import (
    Account,
    AccountAssignment,
    ApiKey,
    Feature,
    KnowledgeItem,
    Person,
    User,
    Vendor,
)
from portal.services.arrivals import Arrivals, show_arrivals
from portal.services.jobs import QueueState, queue_state
from portal.services.workers import living_workers
from portal.usage.entitlements import entitled


@dataclass(frozen=True, slots=True)
class SetupState:
    """Counts of what is there. `unassigned`: accounts that nobody looks after. `keys`: write keys
    in force. `vendor`: somebody has named it.
    `workers`: processes heard of within the last minute.
    """

    vendor: bool
    demo: bool
    accounts: int
    persons: int
    features: int
    entitled: bool
    unassigned: int
    keys: int
    texts: int
    customers: int
    arrivals: Arrivals
    queue: QueueState
    workers: int


def show_setup(session: Session) -> SetupState:
    """Needs a scope over all accounts."""
    vendor = session.execute(select(Vendor.demo).where(Vendor.id == 1)).one_or_none()
    write_keys = select(func.count(ApiKey.id)).where(
        ApiKey.kind == "write", ApiKey.revoked_at.is_(None)
    )
    alone = select(func.count(Account.id)).where(
        Account.id.not_in(select(AccountAssignment.account_id))
    )
    contracts = entitled(Feature.id).limit(1).subquery()
    customers = select(func.count(User.id)).where(User.account_id.is_not(None), User.active)
    return SetupState(
        vendor=vendor is not None,
        demo=vendor is not None and vendor.demo,
        accounts=_count(session, Account.id),
        persons=_count(session, Person.id),
        features=_count(session, Feature.id),
        entitled=bool(session.scalar(select(func.count()).select_from(contracts))),
        unassigned=session.scalar(alone) or 0,
        keys=session.scalar(write_keys) or 0,
        texts=_count(session, KnowledgeItem.id),
        customers=session.scalar(customers) or 0,
        arrivals=show_arrivals(session),
        queue=queue_state(session),
        workers=len(living_workers(session)),
    )


def _count(session: Session, column: InstrumentedAttribute[int]) -> int:
    return session.scalar(select(func.count(column))) or 0
