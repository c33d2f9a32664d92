"""Medians of an account's peers: made over all accounts by a job, kept with each account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.domain.account_metrics import COMPARED, METRICS, Values
from portal.domain.peers import PeerRow, medians_of_others
from portal.models import Account, PeerMedian
from portal.services.adoption import show_adoption
from portal.services.adoption.course import values_of
from portal.services.segments import segments_by_account


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """One account's figures on its last full day, for the job alone."""

    account_id: int
    segment: str
    day: date
    values: Values


def list_peers(session: Session, account_key: str) -> dict[str, PeerRow]:
    """By metric; empty for an account out of reach, and where too few others stand behind it."""
    rows = session.execute(
        select(PeerMedian.metric, PeerMedian.day, PeerMedian.median, PeerMedian.others)
        .join(Account, Account.id == PeerMedian.account_id)
        .where(Account.key == account_key)
    )
    return {row.metric: PeerRow(*row) for row in rows}


def accounts_to_compare(session: Session) -> list[tuple[int, str, str]]:
    """Id, key and segment of every account. For a system scope."""
    segments = segments_by_account(session)
    rows = session.execute(select(Account.id, Account.key).order_by(Account.id))
    return [(row.id, row.key, segments[row.id]) for row in rows if row.id in segments]


def read_figures(session: Session, accounts: Sequence[tuple[int, str, str]]) -> list[OwnFigures]:
    """Of those that have any event. For a system scope."""
    made = []
    for account_id, key, segment in accounts:
        now = show_adoption(session, key)
        if now.coverage_days:
            made.append(OwnFigures(account_id, segment, now.as_of, values_of(now)))
    return made


def medians_by_account(figures: Sequence[OwnFigures]) -> dict[int, list[PeerRow]]:
    """Each account's peers: the others of its segment."""
    made: dict[int, list[PeerRow]] = {one.account_id: [] for one in figures}
    for segment in {one.segment for one in figures}:
        members = {one.account_id: one for one in figures if one.segment == segment}
        for metric in COMPARED:
            known = {
                account_id: value
                for account_id, one in members.items()
                if (value := one.values[metric]) is not None
            }
            for account_id, peers in medians_of_others(known, METRICS[metric].unit).items():
                day = members[account_id].day
                made[account_id].append(PeerRow(metric, day, peers.median, peers.others))
    return made


def keep_medians(
    session: Session, accounts: Sequence[int], medians: Mapping[int, Sequence[PeerRow]]
) -> None:
    """In the place of what those accounts had. Safe to run twice; for a system scope. Commits."""
    session.execute(delete(PeerMedian).where(PeerMedian.account_id.in_(accounts)))
    rows = [
        {
            "account_id": account_id,
            "metric": row.metric,
            "day": row.day,
            "median": row.median,
            "others": row.others,
        }
        for account_id in accounts
        for row in medians.get(account_id, ())
    ]
    if rows:
        session.execute(insert(PeerMedian), rows)
    session.commit()
