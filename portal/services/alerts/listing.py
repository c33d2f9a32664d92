"""Alerts as they are read: lists, counts, one with all that is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.early_warning import PROPOSALS, Evidence, Gravity, Proposal, Rule, RuleSetting
from portal.domain.errors import NotFound
from portal.domain.feature_names import feature_name
from portal.domain.paging import place_in
from portal.models import Account, Alert, Feature, User
from portal.services.adoption import feature_use
from portal.services.alerts.settings import setting_for
from portal.services.knowledge import ItemLine
from portal.services.next_steps import next_steps, teaching
from portal.services.volumes import named
from portal.tenancy import scope_of

PAGE_SIZE = 25
MOST_TEXTS = 3


class AlertState(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class AlertQuestion:
    """Which alerts, in which order; empty means any. `sort` is one of SORTS."""

    state: AlertState = AlertState.OPEN
    account: str = ""
    rule: str = ""
    sort: str = "gravity"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class AlertRow:
    """`ended` is a value of evaluation.Ended, empty while it is open. Names are empty where
    nobody did it, or who did has gone.
    """

    key: str
    account_key: str
    account_name: str
    rule: Rule
    gravity: Gravity
    opened_on: date
    last_seen_on: date
    closed_on: date | None
    over_on: date | None
    state: AlertState
    snoozed_until: date | None
    snooze_reason: str
    snoozed_by: str
    ended: str
    close_reason: str
    closed_by: str
    opening: Evidence
    latest: Evidence


@dataclass(frozen=True, slots=True)
class AlertPage:
    """`rows` are one page of `total`; `counts` are of all in reach, whatever the filters."""

    rows: list[AlertRow]
    total: int
    counts: dict[AlertState, int]
    page: int
    pages: int
    first: int


@dataclass(frozen=True, slots=True)
class AlertDetail:
    """`texts` teach what would help, `features` are names of those in the evidence. `setting`: the
    rule as it is set for this account today.
    """

    row: AlertRow
    proposals: tuple[Proposal, ...]
    texts: list[ItemLine]
    features: list[str]
    setting: RuleSetting


_GRAVITY = case({one.value: place for place, one in enumerate(Gravity)}, value=Alert.gravity)
SORTS: dict[str, ColumnElement[Any]] = {
    "gravity": _GRAVITY,
    "account": func.lower(Account.name),
    "rule": Alert.rule.expression,
    "opened": Alert.opened_on.expression,
    "closed": Alert.closed_on.expression,
}


def reader_today(session: Session) -> date:
    scope = scope_of(session)
    return scope.now.astimezone(ZoneInfo(scope.time_zone)).date()


def in_state(state: AlertState, today: date) -> ColumnElement[bool]:
    sleeps = and_(Alert.snoozed_until.is_not(None), Alert.snoozed_until > today)
    if state is AlertState.CLOSED:
        return Alert.closed_on.is_not(None)
    awake = or_(Alert.snoozed_until.is_(None), Alert.snoozed_until <= today)
    return and_(Alert.closed_on.is_(None), sleeps if state is AlertState.SNOOZED else awake)


def find_alerts(session: Session, question: AlertQuestion) -> AlertPage:
    chosen = _filters(session, question)
    counted = select(func.count(Alert.id)).join(Account, Account.id == Alert.account_id)
    total = session.scalar(counted.where(*chosen)) or 0
    at = place_in(total, PAGE_SIZE, question.page)
    wanted = _wanted().where(*chosen).order_by(*_order(question))
    rows = _rows(session, wanted.limit(PAGE_SIZE).offset(at.offset))
    return AlertPage(rows, total, count_alerts(session), at.page, at.pages, at.first)


def every_alert(session: Session, question: AlertQuestion) -> list[AlertRow]:
    """All that fit, for a file."""
    wanted = _wanted().where(*_filters(session, question))
    return _rows(session, wanted.order_by(*_order(question)))


def _filters(session: Session, question: AlertQuestion) -> list[ColumnElement[bool]]:
    chosen = [in_state(question.state, reader_today(session))]
    if question.account:
        chosen.append(Account.key == question.account)
    if question.rule:
        chosen.append(Alert.rule == question.rule)
    return chosen


def count_alerts(session: Session) -> dict[AlertState, int]:
    today = reader_today(session)
    sums = [func.sum(case((in_state(state, today), 1), else_=0)) for state in AlertState]
    row = session.execute(select(*sums).select_from(Alert)).one()
    return {state: int(count or 0) for state, count in zip(AlertState, row, strict=True)}


def open_alerts(
    session: Session, account_key: str = "", *, most: int | None = None
) -> list[AlertRow]:
    """Of one account, or of all in reach: the gravest first, and of these the newest."""
    wanted = _wanted().where(in_state(AlertState.OPEN, reader_today(session)))
    if account_key:
        wanted = wanted.where(Account.key == account_key)
    wanted = wanted.order_by(_GRAVITY, Alert.opened_on.desc(), Alert.id)
    return _rows(session, wanted if most is None else wanted.limit(most))


def alerts_of(session: Session, account_key: str) -> list[AlertRow]:
    """Open and snoozed ones of one account, the gravest first."""
    wanted = _wanted().where(Account.key == account_key, Alert.closed_on.is_(None))
    return _rows(session, wanted.order_by(_GRAVITY, Alert.opened_on.desc(), Alert.id))


def accounts_with_alerts(session: Session) -> list[tuple[str, str]]:
    """Key and name of the accounts in reach that ever had one, by name."""
    wanted = (
        select(Account.key, Account.name)
        .where(Account.id.in_(select(Alert.account_id)))
        .order_by(Account.name, Account.key)
    )
    return [(row.key, row.name) for row in session.execute(wanted)]


def alerted_accounts(session: Session) -> dict[str, Gravity]:
    """Accounts with an open alert → the gravest one's gravity."""
    wanted = (
        select(Account.key, Alert.gravity)
        .join(Alert, Alert.account_id == Account.id)
        .where(in_state(AlertState.OPEN, reader_today(session)))
        .order_by(_GRAVITY.desc())
    )
    return {row.key: Gravity(row.gravity) for row in session.execute(wanted)}


def show_alert(session: Session, key: str) -> AlertDetail:
    """Raises NotFound."""
    rows = _rows(session, _wanted().where(Alert.key == key))
    if not rows:
        raise NotFound
    row = rows[0]
    return AlertDetail(
        row,
        PROPOSALS[row.rule],
        _texts(session, row),
        feature_names(session, row.latest.features),
        setting_for(session, row.rule, row.account_key),
    )


def _texts(session: Session, row: AlertRow) -> list[ItemLine]:
    """Of the features in the evidence; else of those that the account uses least."""
    if row.latest.features:
        taught = teaching(session, row.latest.features)
        found = [items[0] for items in taught.values() if items]
    else:
        found = [step.item for step in next_steps(session, feature_use(session, row.account_key))]
    unique = {item.slug: item for item in found}
    return list(unique.values())[:MOST_TEXTS]


def feature_names(session: Session, keys: Sequence[str]) -> list[str]:
    """In the reader's language and the catalogue's order; keys that have gone stay keys."""
    locale = scope_of(session).locale
    wanted = select(Feature.key, Feature.name_en, Feature.name_zh).where(Feature.key.in_(keys))
    rows = session.execute(wanted.order_by(Feature.position, Feature.key)).all()
    known = {row.key: feature_name(locale, row.name_en, row.name_zh) for row in rows}
    return [*known.values(), *(key for key in keys if key not in known)]


_Snoozer, _Closer = aliased(User), aliased(User)


def _wanted() -> Any:
    return (
        select(
            Alert,
            Account.key.label("account_key"),
            Account.name.label("account_name"),
            func.coalesce(_Snoozer.name, "").label("snoozer"),
            func.coalesce(_Closer.name, "").label("closer"),
        )
        .join(Account, Account.id == Alert.account_id)
        .outerjoin(_Snoozer, _Snoozer.id == Alert.snoozed_by)
        .outerjoin(_Closer, _Closer.id == Alert.closed_by)
    )


def _order(question: AlertQuestion) -> list[Any]:
    value = SORTS.get(question.sort, _GRAVITY)
    newest = Alert.closed_on if question.state is AlertState.CLOSED else Alert.opened_on
    return [value.desc() if question.descending else value, newest.desc(), Alert.id]


def _rows(session: Session, wanted: Any) -> list[AlertRow]:
    today = reader_today(session)
    rows = [_row(found, today) for found in session.execute(wanted)]
    told = [(row.account_key, one) for row in rows for one in (row.opening, row.latest)]
    evidence = named(session, told)
    return [
        replace(row, opening=opening, latest=latest)
        for row, opening, latest in zip(rows, evidence[::2], evidence[1::2], strict=True)
    ]


def _row(found: Any, today: date) -> AlertRow:
    one: Alert = found.Alert
    return AlertRow(
        key=one.key,
        account_key=found.account_key,
        account_name=found.account_name,
        rule=Rule(one.rule),
        gravity=Gravity(one.gravity),
        opened_on=one.opened_on,
        last_seen_on=one.last_seen_on,
        closed_on=one.closed_on,
        over_on=one.over_on,
        state=_state(one, today),
        snoozed_until=one.snoozed_until,
        snooze_reason=one.snooze_reason,
        snoozed_by=found.snoozer,
        ended=one.ended,
        close_reason=one.close_reason,
        closed_by=found.closer,
        opening=Evidence.read(one.opening),
        latest=Evidence.read(one.latest),
    )


def _state(one: Alert, today: date) -> AlertState:
    if one.closed_on is not None:
        return AlertState.CLOSED
    asleep = one.snoozed_until is not None and one.snoozed_until > today
    return AlertState.SNOOZED if asleep else AlertState.OPEN
