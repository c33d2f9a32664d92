"""What a person does with a task. Each act stands in the audit log and commits."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.tasks import LONGEST_NOTE, LONGEST_TITLE, TaskKind
from portal.models import Account, Alert, Task
from portal.services.alerts.acts import check_reason, check_snooze
from portal.services.alerts.listing import reader_today
from portal.services.audit import record
from portal.services.tasks.owners import owner_of
from portal.tenancy import scope_of

LONGEST_LATE, LONGEST_AHEAD = timedelta(days=90), timedelta(days=730)


@dataclass(frozen=True, slots=True)
class TaskText:
    """What a form says. `title` may stay empty where an alert speaks for the task; `owner` is a
    user's key, empty for nobody.
    """

    title: str
    kind: str
    owner: str
    due_on: date
    note: str = ""


def create_task(session: Session, account_key: str, text: TaskText, alert_key: str = "") -> str:
    """The task's key. Raises NotFound (account, alert) and Invalid (title, kind, owner, note,
    due_on).
    """
    account_id = session.scalar(select(Account.id).where(Account.key == account_key))
    if account_id is None:
        raise NotFound
    scope = scope_of(session)
    task = Task(
        key=new_key(),
        account_id=account_id,
        alert_id=_alert_id(session, account_id, alert_key),
        created_at=scope.now,
        created_by=scope.user_id,
        touched_at=scope.now,
    )
    _write(session, task, account_key, text)
    session.add(task)
    _note(session, "task.create", task)
    return task.key


def edit_task(session: Session, key: str, text: TaskText) -> None:
    """Raises NotFound, Conflict (done) and Invalid."""
    task, account_key = _open(session, key)
    _write(session, task, account_key, text)
    task.touched_at = scope_of(session).now
    _note(session, "task.edit", task)


def complete_task(session: Session, key: str) -> None:
    """Raises NotFound; a task that is done already stays as it is."""
    task, _account = _found(session, key)
    if task.done_at is None:
        scope = scope_of(session)
        task.done_at, task.done_by, task.touched_at = scope.now, scope.user_id, scope.now
        _note(session, "task.complete", task)


def reopen_task(session: Session, key: str) -> None:
    """Undoes the completion. Raises NotFound."""
    task, _account = _found(session, key)
    task.done_at, task.done_by, task.dropped = None, None, False
    task.touched_at = scope_of(session).now
    _note(session, "task.reopen", task)


def snooze_task(session: Session, key: str, until: date, reason: str) -> None:
    """Raises NotFound, Conflict (done) and Invalid (until, reason)."""
    task, _account = _open(session, key)
    task.snoozed_until = check_snooze(session, until)
    task.snooze_reason = check_reason(reason)
    task.touched_at = scope_of(session).now
    _note(session, "task.snooze", task, until=until.isoformat(), reason=task.snooze_reason)


def wake_task(session: Session, key: str) -> None:
    """Raises NotFound and Conflict (done)."""
    task, _account = _open(session, key)
    task.snoozed_until, task.snooze_reason = None, ""
    task.touched_at = scope_of(session).now
    _note(session, "task.wake", task)


def _write(session: Session, task: Task, account_key: str, text: TaskText) -> None:
    title = " ".join(text.title.split())
    if len(title) > LONGEST_TITLE or (not title and task.alert_id is None):
        said = "Say in at most 200 characters what is to be done."
        raise Invalid(said, code="bad-title", fields={"title": said})
    if text.kind not in set(TaskKind):
        said = "Choose a kind of the list."
        raise Invalid(said, code="no-such-kind", fields={"kind": said})
    if len(text.note) > LONGEST_NOTE:
        said = "Keep it under 4,000 characters."
        raise Invalid(said, code="too-long", fields={"note": said})
    task.title, task.kind, task.note = title, text.kind, text.note.strip()
    task.owner_id = owner_of(session, account_key, text.owner)
    if text.due_on != task.due_on:
        task.due_on = _possible_day(session, text.due_on)


def due_range(today: date) -> tuple[date, date]:
    """The first and the last day on which a task may be due: what was promised last week, too."""
    return today - LONGEST_LATE, today + LONGEST_AHEAD


def _possible_day(session: Session, day: date) -> date:
    first, last = due_range(reader_today(session))
    if not first <= day <= last:
        said = f"Choose a day from {first} to {last}."
        raise Invalid(said, code="bad-due", fields={"due_on": said})
    return day


def _alert_id(session: Session, account_id: int, alert_key: str) -> int | None:
    if not alert_key:
        return None
    wanted = select(Alert.id).where(Alert.key == alert_key, Alert.account_id == account_id)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def _found(session: Session, key: str) -> tuple[Task, str]:
    wanted = select(Task, Account.key).join(Account, Account.id == Task.account_id)
    row = session.execute(wanted.where(Task.key == key)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _open(session: Session, key: str) -> tuple[Task, str]:
    task, account_key = _found(session, key)
    if task.done_at is not None:
        raise Conflict("This task is done already.", code="task-done")
    return task, account_key


def _note(session: Session, action: str, task: Task, **details: str) -> None:
    record(session, action, "task", task.key, account_id=task.account_id, **details)
    session.commit()
