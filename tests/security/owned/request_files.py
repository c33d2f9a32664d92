"""A file that somebody of the account has sent, and no request has taken yet."""

from sqlalchemy.orm import Session

from portal.models import RequestFile
from tests.security.owned.owner import Owner
from tests.world import NOW


def add_request_file(session: Session, owner: Owner) -> dict[str, str]:
    key = f"file-{owner.short}"
    session.add(
        RequestFile(
            key=key,
            account_id=owner.account_id,
            author_id=owner.champion_id,
            name="words.txt",
            media_type="text/plain",
            size=5,
            stored=key,
            at=NOW,
        )
    )
    return {"request file": key}
