"""A replay of the newest messages alone, so that comparing is bounded work at any size: as if the
log began with them. Days are made of which these tell all (usage/fixed.py).
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account, UsageLog, UsageMembership
from portal.usage.fixed import bounds_from
from portal.usage.replay import Replay, size_of_replay
from portal.usage.rollups import Membership

# Of these days nothing is archived and no hash is dropped (usage/sealing.py).
LONGEST = timedelta(days=30)
# Requests of one message each are listed no further.
MOST_ROWS = 200_000


def narrow(session: Session, replay: Replay, now: datetime, most: int) -> None:
    """Before anything is read. Changes nothing where there are no more than `most` messages."""
    if size_of_replay(session, replay.only) <= most:
        return
    version = _first_version(session, most)
    known = (_last_before(session, version), replay.bounds.log_from, now - LONGEST)
    replay.bounds = bounds_from(session, max(filter(None, known)), replay.only)
    # All of that version: packs may part it.
    replay.version = version - 1
    replay.counts_late, replay.archived_to = False, 0
    _load_memberships(session, replay)


def _first_version(session: Session, most: int) -> int:
    """After this one about `most` messages were folded."""
    rows = (
        select(UsageLog.version, UsageLog.messages)
        .order_by(UsageLog.version.desc(), UsageLog.id.desc())
        .limit(MOST_ROWS)
    )
    left, version, listed = most, 0, 0
    with session.execute(rows.execution_options(yield_per=5_000)) as found:
        for version, messages in found:
            left, listed = left - messages, listed + 1
            if left < 0:
                return version
    return version if listed == MOST_ROWS else 0


def _last_before(session: Session, version: int) -> datetime | None:
    """When the last came of what was folded up to that version: nearly in the order of arrival, so
    the index by arrival finds it at once; adding nothing keeps the other index out of it.
    """
    before = select(UsageLog.received_at).where(UsageLog.version + 0 <= version)
    return session.scalar(before.order_by(UsageLog.received_at.desc()).limit(1))


def _load_memberships(session: Session, replay: Replay) -> None:
    """Persons of these accounts are taken to have been there before; what a `group` call says goes
    before it.
    """
    wanted = select(UsageMembership.external_id, UsageMembership.account_key)
    if replay.only is not None:
        own = select(Account.key).where(Account.id.in_(sorted(replay.only)))
        wanted = wanted.where(UsageMembership.account_key.in_(own))
    for person, key in session.execute(wanted):
        replay.rollups.memberships[person] = Membership(stored=True, account_key=key, at=0)
