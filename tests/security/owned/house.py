"""What the house keeps for an account: jobs, keys, mails, invitations, sessions."""

import gzip

from sqlalchemy.orm import Session

from portal.models import ApiKey, Invitation, Job, Mail, PersonRequest, UserSession
from tests.security.owned.owner import Owner
from tests.world import NOW


def add_house(session: Session, owner: Owner) -> dict[str, str]:
    session.add_all(
        [
            _person_request(owner),
            _job(owner),
            _api_key(owner),
            _mail(owner),
            _invitation(owner),
            _session(owner),
        ]
    )
    return {
        "job": f"job-{owner.short}",
        "api key": f"key-{owner.short}",
        "mail": f"mail-{owner.short}",
        "invitation": f"invitation-{owner.short}",
        "session": f"session-{owner.short}",
        "person request": f"request-{owner.short}",
    }


def _person_request(owner: Owner) -> PersonRequest:
    return PersonRequest(
        key=f"request-{owner.short}",
        account_id=owner.account_id,
        kind="export",
        external_id="u1",
        asked_by=owner.champion,
        asked_at=NOW,
        ended_at=NOW,
        body=gzip.compress(b"{}"),
    )


def _job(owner: Owner) -> Job:
    return Job(
        key=f"job-{owner.short}",
        name="mail.send",
        payload={},
        state="dead",
        due_at=NOW,
        created_at=NOW,
        account_id=owner.account_id,
    )


def _api_key(owner: Owner) -> ApiKey:
    return ApiKey(
        key=f"key-{owner.short}",
        name="Backend",
        kind="write",
        secret_hash=owner.hashed,
        hint="plw_1234",
        created_at=NOW,
        account_id=owner.account_id,
    )


def _mail(owner: Owner) -> Mail:
    return Mail(
        key=f"mail-{owner.short}",
        idempotency_key=owner.short,
        recipient=owner.champion,
        subject="Hello",
        text="Hello",
        html="<p>Hello</p>",
        locale="en",
        created_at=NOW,
        account_id=owner.account_id,
    )


def _invitation(owner: Owner) -> Invitation:
    return Invitation(
        key=f"invitation-{owner.short}",
        email=f"new@{owner.account_key}.example",
        role="member",
        secret_hash=owner.hashed,
        created_at=NOW,
        expires_at=NOW,
        account_id=owner.account_id,
    )


def _session(owner: Owner) -> UserSession:
    return UserSession(
        key=f"session-{owner.short}",
        user_id=owner.champion_id,
        secret_hash=owner.hashed,
        created_at=NOW,
        seen_at=NOW,
        account_id=owner.account_id,
    )
