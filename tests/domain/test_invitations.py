from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.invitations import InvitationState, invitation_state, roles_to_invite
from portal.domain.permissions import CUSTOMER_ROLES, Role

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SOON, BEFORE = NOW + timedelta(days=1), NOW - timedelta(days=1)


@pytest.mark.parametrize("role", [Role.CHAMPION, Role.CSM, Role.MANAGER])
def test_they_invite_customers_alone(role: Role) -> None:
    assert set(roles_to_invite(role)) == CUSTOMER_ROLES


def test_the_admin_invites_everybody_but_visitors() -> None:
    assert set(roles_to_invite(Role.ADMIN)) == set(Role) - {Role.VISITOR}


@pytest.mark.parametrize(
    "role", [Role.MEMBER, Role.EXECUTIVE, Role.EDITOR, Role.PRODUCT, Role.VISITOR]
)
def test_the_others_invite_nobody(role: Role) -> None:
    assert roles_to_invite(role) == []


@pytest.mark.parametrize(
    ("accepted_at", "withdrawn_at", "expires_at", "state"),
    [
        (None, None, SOON, InvitationState.OPEN),
        (None, None, NOW, InvitationState.EXPIRED),
        (None, None, BEFORE, InvitationState.EXPIRED),
        (BEFORE, None, BEFORE, InvitationState.ACCEPTED),
        (None, BEFORE, SOON, InvitationState.WITHDRAWN),
    ],
)
def test_how_far_an_invitation_has_come(
    accepted_at: datetime | None,
    withdrawn_at: datetime | None,
    expires_at: datetime,
    state: InvitationState,
) -> None:
    found = invitation_state(
        accepted_at=accepted_at, withdrawn_at=withdrawn_at, expires_at=expires_at, now=NOW
    )
    assert found is state
