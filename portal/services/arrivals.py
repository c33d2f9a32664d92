"""What arrives and what of it needs somebody: for the administrator, and for a champion's list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Account, Person, UsageAccount, UsagePerson
from portal.services.refused_requests import RefusedRow, list_refused
from portal.services.senders import (
    FloodRow,
    MessageRow,
    SenderRow,
    list_floods,
    list_senders,
    newest_messages,
)
from portal.services.usage_review import (
    HeldBackRow,
    IntakeState,
    LateRow,
    MistimedRow,
    RefusalRow,
    UnknownAccountRow,
    UnmappedRow,
    intake_state,
    list_held_back,
    list_late,
    list_mistimed,
    list_refusals,
    list_unknown_accounts,
    list_unmapped,
)
from portal.tenancy import scope_of

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class UnlistedRow:
    """How many user ids of an account's events no list of persons names."""

    account_key: str
    account_name: str
    persons: int
    last_day: date


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """Messages refused for one reason in the days kept; `detail` and `sample` of the last."""

    reason: str
    messages: int
    last_at: datetime
    detail: str
    sample: str
    key_name: str | None = None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """`last_event_at` is by the clients' clock, over all accounts; None before the first.
    `held_lately` and `turned_lately`: those of the last seven days.
    """

    last_event_at: datetime | None
    intake: IntakeState
    unmapped: list[UnmappedRow]
    unknown_accounts: list[UnknownAccountRow]
    unlisted: list[UnlistedRow]
    refusals: list[RefusalKind]
    mistimed: list[MistimedRow]
    late: list[LateRow]
    held_back: list[HeldBackRow]
    held_lately: list[HeldBackRow]
    turned_away: list[RefusedRow]
    turned_lately: list[RefusedRow]
    floods: list[FloodRow]
    senders: list[SenderRow]
    newest: list[MessageRow]

    @property
    def matters(self) -> int:
        """Kinds of things that wait for somebody."""
        kinds: Sequence[Sequence[object]] = (
            self.unmapped,
            self.unknown_accounts,
            self.unlisted,
            self.refusals,
            self.late,
            self.held_lately,
            self.turned_lately,
            self.floods,
        )
        return sum(1 for rows in kinds if rows)


def show_arrivals(session: Session) -> Arrivals:
    """Of the accounts in reach; what belongs to none needs a scope over all."""
    held_back, turned = list_held_back(session), list_refused(session)
    lately = scope_of(session).now - LATELY
    return Arrivals(
        last_event_at=last_event_at(session),
        intake=intake_state(session),
        unmapped=list_unmapped(session),
        unknown_accounts=list_unknown_accounts(session),
        unlisted=list_unlisted(session),
        refusals=refusal_kinds(list_refusals(session)),
        mistimed=list_mistimed(session),
        late=list_late(session),
        held_back=held_back,
        held_lately=[row for row in held_back if row.last_at > lately],
        turned_away=turned,
        turned_lately=[row for row in turned if row.last_at > lately],
        floods=list_floods(session),
        senders=list_senders(session),
        newest=newest_messages(session),
    )


def last_event_at(session: Session) -> datetime | None:
    return session.scalar(select(func.max(UsageAccount.last_at)))


def list_unlisted(session: Session) -> list[UnlistedRow]:
    """By account in reach, the most persons first."""
    persons = func.count(UsagePerson.number)
    rows = session.execute(
        select(Account.key, Account.name, persons, func.max(UsagePerson.last_day))
        .join(Account, Account.id == UsagePerson.account_id)
        .outerjoin(
            Person,
            (Person.account_id == UsagePerson.account_id)
            & (Person.external_id == UsagePerson.external_id),
        )
        .where(Person.id.is_(None))
        .group_by(Account.key, Account.name)
        .order_by(persons.desc(), Account.name)
    )
    return [UnlistedRow(*row) for row in rows]


def refusal_kinds(rows: Iterable[RefusalRow]) -> list[RefusalKind]:
    """One a reason, the latest first, from rows of which the latest come first."""
    found: dict[str, RefusalKind] = {}
    for row in rows:
        known = found.get(row.reason)
        if known is None:
            found[row.reason] = RefusalKind(
                row.reason, row.messages, row.last_at, row.detail, row.sample, row.key_name
            )
        else:
            found[row.reason] = RefusalKind(
                known.reason,
                known.messages + row.messages,
                known.last_at,
                known.detail,
                known.sample,
                known.key_name,
            )
    return list(found.values())
