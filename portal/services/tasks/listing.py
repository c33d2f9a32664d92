"""Tasks as they are read: by tab, account and owner."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.early_warning import Evidence, Rule
from portal.domain.errors import NotFound
from portal.domain.paging import place_in
from portal.domain.tasks import TaskKind, TaskState, task_state
from portal.models import Account, Alert, Task, User
from portal.services.alerts.listing import reader_today
from portal.services.volumes import named
from portal.tenancy import scope_of

PAGE_SIZE = 25
MINE, EVERYBODY = "me", "all"


class TaskTab(StrEnum):
    DUE = "due"
    OVERDUE = "overdue"
    SNOOZED = "snoozed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TaskQuestion:
    """Which tasks, in which order. `owner`: MINE, EVERYBODY or a user's key; `account` a key or
    empty for any; `sort` one of SORTS.
    """

    tab: TaskTab = TaskTab.DUE
    owner: str = MINE
    account: str = ""
    sort: str = "due"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class TaskRow:
    """`rule`, `alert_key` and what follows are the alert's that it hangs on, if any. Names are
    empty where there is nobody.
    """

    key: str
    account_key: str
    account_name: str
    kind: TaskKind
    title: str
    note: str
    owner_key: str
    owner: str
    due_on: date
    state: TaskState
    snoozed_until: date | None
    snooze_reason: str
    created_at: datetime
    created_by: str
    done_at: datetime | None
    done_by: str
    dropped: bool
    alert_key: str
    rule: Rule | None
    alert_closed_on: date | None
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """`rows` are one page of `total`; `counts` those of each tab with the same filters."""

    rows: list[TaskRow]
    total: int
    counts: dict[TaskTab, int]
    page: int
    pages: int
    first: int


SORTS: dict[str, ColumnElement[Any]] = {
    "due": Task.due_on.expression,
    "account": func.lower(Account.name),
    "kind": Task.kind.expression,
    "done": Task.done_at.expression,
}
_Owner, _Doer, _Maker = aliased(User), aliased(User), aliased(User)


def find_tasks(session: Session, question: TaskQuestion) -> TaskPage:
    counts = count_tasks(session, question)
    total = counts[question.tab]
    at = place_in(total, PAGE_SIZE, question.page)
    wanted = _chosen(session, question).limit(PAGE_SIZE).offset(at.offset)
    return TaskPage(_rows(session, wanted), total, counts, at.page, at.pages, at.first)


def every_task(session: Session, question: TaskQuestion) -> list[TaskRow]:
    """All that fit, for a file."""
    return _rows(session, _chosen(session, question))


def count_tasks(session: Session, question: TaskQuestion) -> dict[TaskTab, int]:
    today = reader_today(session)
    sums = [func.sum(case((_on(tab, today), 1), else_=0)) for tab in TaskTab]
    wanted = select(*sums).select_from(Task).join(Account, Account.id == Task.account_id)
    wanted = wanted.outerjoin(_Owner, _Owner.id == Task.owner_id)
    row = session.execute(wanted.where(*_filters(session, question))).one()
    return {tab: int(count or 0) for tab, count in zip(TaskTab, row, strict=True)}


def today_tasks(session: Session, owner: str = MINE, most: int | None = None) -> list[TaskRow]:
    """Those that are overdue or due by today, the longest due first."""
    question = TaskQuestion(owner=owner)
    today = reader_today(session)
    wanted = _wanted().where(
        *_filters(session, question), Task.due_on <= today, _awake(today), Task.done_at.is_(None)
    )
    wanted = wanted.order_by(Task.due_on, Task.id)
    return _rows(session, wanted if most is None else wanted.limit(most))


def tasks_of_account(session: Session, account_key: str) -> list[TaskRow]:
    """The open ones, snoozed ones too, the next due first."""
    wanted = _wanted().where(Account.key == account_key, Task.done_at.is_(None))
    return _rows(session, wanted.order_by(Task.due_on, Task.id))


def tasks_of_alert(session: Session, alert_key: str) -> list[TaskRow]:
    return _rows(session, _wanted().where(Alert.key == alert_key).order_by(Task.id))


def show_task(session: Session, key: str) -> TaskRow:
    """Raises NotFound."""
    rows = _rows(session, _wanted().where(Task.key == key))
    if not rows:
        raise NotFound
    return rows[0]


def _awake(today: date) -> ColumnElement[bool]:
    return or_(Task.snoozed_until.is_(None), Task.snoozed_until <= today)


def _on(tab: TaskTab, today: date) -> ColumnElement[bool]:
    if tab is TaskTab.DONE:
        return Task.done_at.is_not(None)
    open_now = Task.done_at.is_(None)
    if tab is TaskTab.SNOOZED:
        return and_(open_now, Task.snoozed_until.is_not(None), Task.snoozed_until > today)
    late = Task.due_on < today if tab is TaskTab.OVERDUE else Task.due_on >= today
    return and_(open_now, _awake(today), late)


def _filters(session: Session, question: TaskQuestion) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if question.owner == MINE:
        chosen.append(Task.owner_id == scope_of(session).user_id)
    elif question.owner != EVERYBODY:
        chosen.append(_Owner.key == question.owner)
    if question.account:
        chosen.append(Account.key == question.account)
    return chosen


def _chosen(session: Session, question: TaskQuestion) -> Any:
    value = SORTS.get(question.sort, SORTS["due"])
    order = value.desc() if question.descending else value
    chosen = [_on(question.tab, reader_today(session)), *_filters(session, question)]
    return _wanted().where(*chosen).order_by(order, Task.due_on, Task.id)


def _wanted() -> Any:
    return (
        select(
            Task,
            Account.key.label("account_key"),
            Account.name.label("account_name"),
            func.coalesce(_Owner.key, "").label("owner_key"),
            func.coalesce(func.nullif(_Owner.name, ""), _Owner.email, "").label("owner"),
            func.coalesce(_Doer.name, "").label("doer"),
            func.coalesce(_Maker.name, "").label("maker"),
            Alert.key.label("alert_key"),
            Alert.rule,
            Alert.closed_on,
            Alert.latest,
        )
        .join(Account, Account.id == Task.account_id)
        .outerjoin(Alert, Alert.id == Task.alert_id)
        .outerjoin(_Owner, _Owner.id == Task.owner_id)
        .outerjoin(_Doer, _Doer.id == Task.done_by)
        .outerjoin(_Maker, _Maker.id == Task.created_by)
    )


def _rows(session: Session, wanted: Any) -> list[TaskRow]:
    today = reader_today(session)
    rows = [_row(found, today) for found in session.execute(wanted)]
    warned = {row.key: (row.account_key, row.evidence) for row in rows if row.evidence}
    evidence = dict(zip(warned, named(session, list(warned.values())), strict=True))
    return [replace(row, evidence=evidence.get(row.key)) for row in rows]


def _row(found: Any, today: date) -> TaskRow:
    task: Task = found.Task
    return TaskRow(
        key=task.key,
        account_key=found.account_key,
        account_name=found.account_name,
        kind=TaskKind(task.kind),
        title=task.title,
        note=task.note,
        owner_key=found.owner_key,
        owner=found.owner,
        due_on=task.due_on,
        state=task_state(task.due_on, task.snoozed_until, task.done_at, today),
        snoozed_until=task.snoozed_until,
        snooze_reason=task.snooze_reason,
        created_at=task.created_at,
        created_by=found.maker,
        done_at=task.done_at,
        done_by=found.doer,
        dropped=task.dropped,
        alert_key=found.alert_key or "",
        rule=Rule(found.rule) if found.rule else None,
        alert_closed_on=found.closed_on,
        evidence=Evidence.read(found.latest) if found.latest else None,
    )
