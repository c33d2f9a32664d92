"""Who may invite whom, and how far an invitation has come."""

from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.permissions import CUSTOMER_ROLES, VENDOR_ROLES, Permission, Role, allows

LIFETIME = timedelta(days=14)


class InvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def roles_to_invite(role: Role) -> list[Role]:
    """The roles that somebody of this role may give, in the order of the role table."""
    if allows(role, Permission.USER_ADMIN):
        return [one for one in Role if one in CUSTOMER_ROLES | VENDOR_ROLES]
    if allows(role, Permission.PEOPLE_INVITE):
        return [one for one in Role if one in CUSTOMER_ROLES]
    return []


def invitation_state(
    *,
    accepted_at: datetime | None,
    withdrawn_at: datetime | None,
    expires_at: datetime,
    now: datetime,
) -> InvitationState:
    if accepted_at is not None:
        return InvitationState.ACCEPTED
    if withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.EXPIRED if expires_at <= now else InvitationState.OPEN
