"""What a list of accounts knows of each beside its use: segment, stage, who has it, alerts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.segments import SegmentRule, Traits, segment_of
from portal.models import Account, AccountAssignment, Alert, User
from portal.services.alerts.listing import AlertState, in_state, reader_today
from portal.services.segments import segment_rules
from portal.tenancy import plain_rows


class BookEntry(NamedTuple):
    """`segment` is a key; `owner` the name of the one who leads, empty for nobody; `alerts`
    counts the open ones.
    """

    segment: str
    stage: str
    arr: Decimal | None
    currency: str | None
    owner_key: str
    owner: str
    alerts: int


@dataclass(frozen=True, slots=True)
class Book:
    """`entries` by the account's key; `rules` in the order in which they are tried."""

    entries: Mapping[str, BookEntry]
    rules: tuple[SegmentRule, ...]


NO_ENTRY = BookEntry("", "", None, None, "", "", 0)


def read_book(session: Session) -> Book:
    """Of all accounts in reach. Three statements."""
    rules = segment_rules(session)
    alerts = _open_alerts(session)
    parts = (Account.tier, Account.industry, Account.region, Account.stage)
    wanted = (
        select(
            Account.id,
            Account.key,
            Account.arr,
            Account.currency,
            User.key,
            User.name,
            User.email,
            *parts,
        )
        .outerjoin(
            AccountAssignment,
            (AccountAssignment.account_id == Account.id) & AccountAssignment.lead.is_(True),
        )
        .outerjoin(User, User.id == AccountAssignment.user_id)
    )
    segments: dict[tuple[str, ...], str] = {}
    found = {}
    for account, key, arr, currency, owner, name, email, *traits in plain_rows(session, wanted):
        kind = tuple(traits)
        if kind not in segments:
            segments[kind] = segment_of(rules, Traits(*traits))
        found[key] = BookEntry(
            segments[kind],
            traits[3],
            arr,
            currency,
            owner or "",
            name or email or "",
            alerts.get(account, 0),
        )
    return Book(found, rules)


def _open_alerts(session: Session) -> dict[int, int]:
    is_open = in_state(AlertState.OPEN, reader_today(session))
    wanted = select(Alert.account_id, func.count(Alert.id)).where(is_open)
    rows = session.execute(wanted.group_by(Alert.account_id))
    return {account: int(count) for account, count in rows}
