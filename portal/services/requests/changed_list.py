"""Requests in the order in which they changed last, page by page: for machines that follow them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.errors import Invalid
from portal.domain.requests import Kind, State, Visibility
from portal.models import Account, Request, User
from portal.services.requests.access import readable
from portal.services.requests.receipts import account_id_of, external_ids

_LARGEST_ID = 2**63


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """Empty or None means any. `since` is aware; `after` is the `following` of the page before."""

    kind: Kind | None = None
    state: State | None = None
    account: str = ""
    since: datetime | None = None
    after: str = ""
    size: int = 100


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """`merged_into` is the key of the one that stands for it, where the reader may know that."""

    key: str
    code: str
    kind: Kind
    state: State
    version: int
    title: str
    account: str
    requester: str
    visibility: Visibility
    voters: int
    merged_into: str | None
    external_id: str | None
    created_at: datetime
    updated_at: datetime
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """The oldest change first. `following` is what to ask for next, None on the last page."""

    rows: list[ChangedRow]
    following: str | None


def list_changed(session: Session, question: ChangedQuestion) -> ChangedPage:
    """Two statements, and one for the account asked for. Raises Invalid (account, after)."""
    into, requester = aliased(Request), aliased(User)
    standing = and_(into.id == Request.merged_into_id, readable(session, into))
    wanted = (
        select(
            Request.id,
            Request.key,
            Request.code,
            Request.kind,
            Request.state,
            Request.version,
            Request.title,
            Account.key.label("account"),
            func.coalesce(requester.name, Request.requester_name).label("requester"),
            Request.visibility,
            Request.voters,
            into.key.label("merged_into"),
            Request.created_at,
            Request.updated_at,
            Request.released_at,
        )
        .join(Account, Account.id == Request.account_id)
        .outerjoin(requester, requester.id == Request.requester_id)
        .outerjoin(into, standing)
        .where(readable(session), *_conditions(session, question))
        .order_by(Request.updated_at, Request.id)
        .limit(question.size + 1)
    )
    found = session.execute(wanted).all()
    shown = found[: question.size]
    numbers = external_ids(session, [row.key for row in shown])
    last = shown[-1] if len(found) > question.size else None
    return ChangedPage(
        [_row(row, numbers.get(row.key)) for row in shown],
        None if last is None else _mark(last.updated_at, last.id),
    )


def _row(row: Any, external_id: str | None) -> ChangedRow:
    return ChangedRow(
        key=row.key,
        code=row.code,
        kind=Kind(row.kind),
        state=State(row.state),
        version=row.version,
        title=row.title,
        account=row.account,
        requester=row.requester,
        visibility=Visibility(row.visibility),
        voters=row.voters,
        merged_into=row.merged_into,
        external_id=external_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        released_at=row.released_at,
    )


def _conditions(session: Session, question: ChangedQuestion) -> Iterator[ColumnElement[bool]]:
    if question.kind is not None:
        yield Request.kind == question.kind.value
    if question.state is not None:
        yield Request.state == question.state.value
    if question.account:
        yield Request.account_id == account_id_of(session, question.account)
    if question.since is not None:
        yield Request.updated_at >= question.since
    if question.after:
        at, last = _read_mark(question.after)
        same = and_(Request.updated_at == at, Request.id > last)
        yield or_(Request.updated_at > at, same)


def _mark(at: datetime, number: int) -> str:
    """Nothing in it has to be escaped in an address."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z~{number}"


def _read_mark(mark: str) -> tuple[datetime, int]:
    moment, _, number = mark.partition("~")
    said = "This is no page of this list: send `next` of the page before."
    try:
        at, last = datetime.fromisoformat(moment), int(number)
    except ValueError:
        raise Invalid(said, fields={"after": said}) from None
    if at.tzinfo is None or not 0 <= last < _LARGEST_ID:
        raise Invalid(said, fields={"after": said})
    return at, last
