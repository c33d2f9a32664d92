"""The nightly look at every account's series: alerts open, are kept up to date, and close.

Exactly once: an account's alerts, their tasks and the note of how far it was looked at are
written in one transaction. Another worker that comes at the same time waits for it and finds
nothing left to do; a killed one leaves nothing half done.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.early_warning import (
    GRAVITY,
    LOOK_BACK,
    PROPOSALS,
    Carried,
    Course,
    Rule,
    RuleBook,
    RuleSetting,
    Step,
    add_workdays,
    days_to_act,
    evidence_of,
    signals_of,
    walk,
)
from portal.domain.lifecycle import Stage
from portal.domain.tasks import TaskKind
from portal.models import (
    AccountAssignment,
    Alert,
    AlertWatch,
    Task,
    User,
)
from portal.services.alerts.settings import rule_book
from portal.services.alerts.watching import Watched, count_events, find_due, lock_watches
from portal.tenancy import scope_of
from portal.usage.courses import read_courses

BATCH = 100
"""Accounts a transaction: on SQLite others wait for it with their writing."""


class Ended(StrEnum):
    """How an alert was closed."""

    RECOVERED = "recovered"
    HAND = "hand"
    SWITCHED_OFF = "off"
    LATE_DATA = "late"


def evaluate_accounts(session: Session, ids: Sequence[int], *, history: int = 0) -> int:
    """Looks at these accounts and commits; returns how many alerts it opened. An account that was
    never looked at begins with its last full day, or `history` days before it.
    """
    watches = lock_watches(session, ids)
    due = find_due(session, ids, watches, history)
    longest = max((one.days for one in due), default=1)
    last_days = {one.id: one.last for one in due}
    courses = read_courses(session, last_days, LOOK_BACK + longest)
    opened = _Evaluation(session, due).run(courses)
    events = count_events(session, last_days)
    for one in due:
        watch = watches.get(one.id) or AlertWatch(account_id=one.id)
        watch.evaluated_to, watch.version = one.last, one.version
        watch.events = events.get(one.id, 0)
        session.add(watch)
    session.commit()
    return opened


class _Evaluation:
    """One transaction's accounts, and what was going on in them before."""

    def __init__(self, session: Session, due: Sequence[Watched]) -> None:
        self._session = session
        self._due = due
        self._book: RuleBook = rule_book(session)
        ids = [one.id for one in due]
        wanted = select(Alert).where(Alert.account_id.in_(ids), Alert.over_on.is_(None))
        self._going_on = {
            (one.account_id, one.rule): one for one in session.scalars(wanted.order_by(Alert.id))
        }
        self._made: list[Alert] = []
        self._ended: list[Alert] = []

    def run(self, courses: dict[int, Course]) -> int:
        for one in self._due:
            for rule in Rule:
                setting = self._book.setting(rule, one.segment, one.stage)
                self._look(one, setting, courses[one.id])
        # What is over comes first: of each rule at most one episode goes on.
        self._session.flush()
        self._session.add_all(self._made)
        self._session.flush()
        self._make_tasks()
        self._drop_tasks()
        return len(self._made)

    def _look(self, one: Watched, setting: RuleSetting, course: Course) -> None:
        alert = self._going_on.get((one.id, setting.rule.value))
        if not setting.on or one.stage == Stage.CHURNED:
            if alert is not None:
                self._end(alert, one.last, Ended.SWITCHED_OFF)
            return
        if alert is not None and one.late and _was_wrong(alert, setting, course):
            self._end(alert, one.last, Ended.LATE_DATA)
            return
        carried = None if alert is None else _carried(alert, course)
        start = course.index(one.start)
        for step in walk(setting.rule, setting.parameters, course, start, carried):
            day = course.day(step.index)
            if step.opens:
                alert = self._open(one, setting, course, step)
            elif alert is not None:
                self._end(alert, day, Ended.RECOVERED)
                alert = None
        if alert is not None and alert.closed_on is None:
            last = evidence_of(setting.rule, setting.parameters, course, len(course) - 1)
            alert.latest, alert.last_seen_on = last.stored(), one.last

    def _open(self, one: Watched, setting: RuleSetting, course: Course, step: Step) -> Alert:
        evidence = evidence_of(setting.rule, setting.parameters, course, step.index).stored()
        made = Alert(
            account_id=one.id,
            rule=setting.rule.value,
            gravity=GRAVITY[setting.rule].value,
            opened_on=course.day(step.index),
            last_seen_on=course.day(step.index),
            created_at=scope_of(self._session).now,
            reference=step.reference,
            opening=evidence,
            latest=evidence,
        )
        self._made.append(made)
        return made

    def _end(self, alert: Alert, day: date, ended: Ended) -> None:
        alert.over_on = day
        if alert.closed_on is None:
            alert.closed_on, alert.ended = day, ended.value
            self._ended.append(alert)

    def _make_tasks(self) -> None:
        csms = _csms(self._session, {one.account_id for one in self._made})
        for alert in self._made:
            rule = Rule(alert.rule)
            self._session.add(
                Task(
                    account_id=alert.account_id,
                    alert_id=alert.id,
                    kind=TaskKind.of(PROPOSALS[rule][0]).value,
                    owner_id=csms.get(alert.account_id),
                    due_on=add_workdays(alert.opened_on, days_to_act(rule)),
                    created_at=alert.created_at,
                )
            )
        self._session.flush()

    def _drop_tasks(self) -> None:
        """Those that nobody has touched end with their alert."""
        now = scope_of(self._session).now
        ended = [one.id for one in self._ended]
        untouched = select(Task).where(
            Task.alert_id.in_(ended), Task.done_at.is_(None), Task.touched_at.is_(None)
        )
        for task in self._session.scalars(untouched):
            task.done_at, task.dropped = now, True


def _was_wrong(alert: Alert, setting: RuleSetting, course: Course) -> bool:
    """With the late events the rule, as it is set now, would not have fired on the day on which it
    was opened, nor on any since. What was opened before the days that are looked at again stays.
    """
    opened = course.index(alert.opened_on)
    fires = signals_of(setting.rule, setting.parameters, course).fires
    return opened >= LOOK_BACK and not fires[opened:].any()


def _carried(alert: Alert, course: Course) -> Carried:
    by_hand = alert.closed_on is not None
    return Carried(course.index(alert.opened_on), alert.reference, by_hand)


def _csms(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """Account → whom its tasks go to: its lead, as services.contacts names them."""
    wanted = (
        select(AccountAssignment.account_id, AccountAssignment.user_id)
        .join(User, User.id == AccountAssignment.user_id)
        .where(AccountAssignment.account_id.in_(sorted(ids)), User.active)
        .order_by(AccountAssignment.lead, User.name.desc())
    )
    return {row.account_id: row.user_id for row in session.execute(wanted)}
