from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.services.adoption.window import find_window
from portal.usage import inbox


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new the figures of an account are. `waiting`: messages of the whole installation that
    are accepted but not counted yet. `version` changes whenever the figures may have.
    """

    last_event_at: datetime | None
    folded_to: datetime | None
    waiting: int
    version: int


def freshness(session: Session, account_key: str) -> Freshness:
    account = find_window(session, account_key).account
    waiting = inbox.waiting(session).messages
    return Freshness(account.last_at, account.folded_to, waiting, account.version)
