"""What an account decides for itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid, NotFound
from portal.models import Account
from portal.services.audit import record

NAMED, GROUPS = "named", "groups"


def show_people(session: Session, account_key: str, shown: str) -> None:
    """Has persons shown by name, or only in groups of at least five: on every page, for both
    sides. Raises NotFound, Invalid. Commits.
    """
    if shown not in {NAMED, GROUPS}:
        said = f"Choose {NAMED} or {GROUPS}."
        raise Invalid(said, fields={"people_shown": said})
    account = session.scalar(select(Account).where(Account.key == account_key))
    if account is None:
        raise NotFound
    if account.people_shown != shown:
        record(
            session,
            "account.people-shown",
            "account",
            account_key,
            account_id=account.id,
            before=account.people_shown,
            after=shown,
        )
        account.people_shown = shown
    session.commit()
