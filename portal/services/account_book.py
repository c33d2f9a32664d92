"""What a list of accounts knows of each beside its use: segment, stage, who has it, alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.segments import SegmentRule, Traits, segment_of
from portal.models import Account, AccountAssignment, Alert, User
from portal.services.alerts.listing import AlertState, in_state, reader_today
from portal.services.remembered import reads_all, remember
from portal.services.segments import segment_rules
from portal.tenancy import plain_rows


class BookEntry(NamedTuple):
    """`segment` is a key; `csm` the name of the one who leads, empty for nobody; `alerts`
    counts the open ones.
    """

    segment: str
    stage: str
    arr: Decimal | None
    currency: str | None
    csm_key: str
    csm: str
    alerts: int


@dataclass(frozen=True, slots=True)
class Book:
    """`entries` by the account's key; `rules` in the order in which they are tried. `csms`: names
    by key, "" for nobody; `stages` those that an account is in.
    """

    entries: Mapping[str, BookEntry]
    rules: tuple[SegmentRule, ...]
    csms: Mapping[str, str]
    stages: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Entries:
    """Without alerts; `keys` by the account's id."""

    entries: dict[str, BookEntry]
    keys: dict[int, str]
    csms: dict[str, str]
    stages: frozenset[str]


Person = tuple[int, str, str]
"""Number, key, name."""
NO_ENTRY = BookEntry("", "", None, None, "", "", 0)
AN_ENTRY = 350
"""Bytes that one takes, about."""


def read_book(session: Session) -> Book:
    """Of all accounts in reach. Five statements at most, however many."""
    rules, people, alerts = segment_rules(session), _people(session), _open_alerts(session)
    state = tuple(session.execute(_STATE).one()) if reads_all(session) else ()
    plain = remember(
        session,
        "book-plain",
        (state, rules, people),
        lambda: _read_entries(session, rules, people),
        lambda made: AN_ENTRY * len(made.entries),
    )
    entries = remember(
        session,
        "book",
        (plain.entries, alerts),
        lambda: _with_alerts(plain, alerts),
        lambda made: 100 * len(made),
    )
    return Book(entries, rules, plain.csms, plain.stages)


_STATE = select(
    select(func.count(Account.id)).scalar_subquery(),
    select(func.coalesce(func.sum(Account.revision), 0)).scalar_subquery(),
    select(func.count(AccountAssignment.account_id)).scalar_subquery(),
    select(func.coalesce(func.sum(AccountAssignment.revision), 0)).scalar_subquery(),
)


def _people(session: Session) -> list[Person]:
    """Those of the vendor, one of whom leads an account."""
    wanted = select(User.id, User.key, User.name, User.email).where(User.account_id.is_(None))
    rows = session.execute(wanted.order_by(User.id))
    return [(number, key, name or email) for number, key, name, email in rows]


def _read_entries(
    session: Session, rules: tuple[SegmentRule, ...], people: Sequence[Person]
) -> _Entries:
    parts = (Account.tier, Account.industry, Account.region, Account.stage)
    wanted = select(
        Account.id, Account.key, Account.arr, Account.currency, AccountAssignment.user_id, *parts
    ).outerjoin(
        AccountAssignment,
        (AccountAssignment.account_id == Account.id) & AccountAssignment.lead.is_(True),
    )
    named = {number: (key, name) for number, key, name in people}
    segments: dict[tuple[str, ...], str] = {}
    made = _Entries({}, {}, {}, frozenset())
    for account, key, arr, currency, csm_id, *traits in plain_rows(session, wanted):
        kind = tuple(traits)
        if kind not in segments:
            segments[kind] = segment_of(rules, Traits(*traits))
        csm, name = named.get(csm_id, ("", ""))
        made.keys[account], made.csms[csm] = key, name
        made.entries[key] = BookEntry(segments[kind], traits[3], arr, currency, csm, name, 0)
    return replace(made, stages=frozenset(kind[3] for kind in segments))


def _with_alerts(plain: _Entries, alerts: Mapping[int, int]) -> dict[str, BookEntry]:
    found = dict(plain.entries)
    for account, count in alerts.items():
        if key := plain.keys.get(account):
            found[key] = found[key]._replace(alerts=count)
    return found


def _open_alerts(session: Session) -> dict[int, int]:
    is_open = in_state(AlertState.OPEN, reader_today(session))
    wanted = select(Alert.account_id, func.count(Alert.id)).where(is_open)
    rows = session.execute(wanted.group_by(Alert.account_id))
    return {account: int(count) for account, count in rows}
