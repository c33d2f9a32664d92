"""Tasks in words, for their list, the home of those who have them and the account's page."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.early_warning import Rule
from portal.domain.tasks import TaskKind, TaskState
from portal.services.tasks import TaskRow
from portal.web.alerts import what_happened
from portal.web.formats import day, day_year

KINDS = {
    TaskKind.CALL: _l("Call"),
    TaskKind.TRAINING: _l("Training"),
    TaskKind.PRACTICE: _l("Practice"),
    TaskKind.OTHER: _l("Other"),
}
ICONS = {
    TaskKind.CALL: "bell",
    TaskKind.TRAINING: "people",
    TaskKind.PRACTICE: "book",
    TaskKind.OTHER: "flag",
}
TITLES = {
    Rule.SILENCE: _l("Ask why nobody comes any more"),
    Rule.SUDDEN_DROP: _l("Ask why use fell"),
    Rule.ONBOARDING: _l("Get the onboarding moving"),
    Rule.SLOW_DECLINE: _l("Ask why fewer people come each week"),
    Rule.LOW_FOR_LONG: _l("Bring more people in"),
    Rule.CORE_UNUSED: _l("Find first users for core features"),
    Rule.OVER_USE: _l("Talk about more seats"),
}


@dataclass(frozen=True, slots=True)
class TaskLine:
    """`why` is what the alert behind it says; `state_words` when it is due, was done or sleeps."""

    key: str
    url: str
    title: str
    kind: str
    icon: str
    account_key: str
    account_name: str
    owner: str
    due: str
    overdue: bool
    state: TaskState
    state_words: str
    why: str
    alert_url: str
    done: bool


def task_lines(rows: Iterable[TaskRow]) -> list[TaskLine]:
    return [task_line(row) for row in rows]


def task_line(row: TaskRow) -> TaskLine:
    return TaskLine(
        key=row.key,
        url=url_for("tasks.show", key=row.key),
        title=task_title(row),
        kind=str(KINDS[row.kind]),
        icon=ICONS[row.kind],
        account_key=row.account_key,
        account_name=row.account_name,
        owner=row.owner or _("nobody yet"),
        due=day_year(row.due_on),
        overdue=row.state is TaskState.OVERDUE,
        state=row.state,
        state_words=state_words(row),
        why=_why(row),
        alert_url=url_for("alerts.show", key=row.alert_key) if row.alert_key else "",
        done=row.state is TaskState.DONE,
    )


def task_title(row: TaskRow) -> str:
    if row.title or row.rule is None:
        return row.title
    return str(TITLES[row.rule])


def state_words(row: TaskRow) -> str:
    if row.done_at is not None:
        if row.dropped:
            return _("Ended with its alert on %(day)s", day=day_year(row.done_at.date()))
        who = row.done_by or _("somebody")
        return _("Done by %(name)s on %(day)s", name=who, day=day_year(row.done_at.date()))
    if row.state is TaskState.SNOOZED and row.snoozed_until is not None:
        until = day_year(row.snoozed_until)
        return _("Snoozed until %(day)s (%(reason)s)", day=until, reason=row.snooze_reason)
    if row.state is TaskState.OVERDUE:
        return _("Was due on %(day)s", day=day_year(row.due_on))
    return _("Due on %(day)s", day=day_year(row.due_on))


def _why(row: TaskRow) -> str:
    if row.rule is None or row.evidence is None:
        return ""
    if row.alert_closed_on is not None and row.done_at is None:
        return _("The alert closed on %(day)s.", day=day(row.alert_closed_on))
    what = what_happened(row.rule, row.evidence)
    return what[:1].upper() + what[1:]
