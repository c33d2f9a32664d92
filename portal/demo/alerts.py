"""The early warning of the demo world: half a year of nights, and what people did about it."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.early_warning import Rule, add_workdays
from portal.domain.permissions import Role
from portal.models import Account, Alert, Task, User
from portal.services.alerts import change_rule, evaluate_accounts
from portal.services.alerts.acts import close_alert, snooze_alert
from portal.services.tasks import TaskText, create_task
from portal.tenancy import Scope, system_scope

HISTORY = 180
NEWEST = timedelta(days=10)
# (account, rule) → why it sleeps, and for how many days.
SNOOZED = {
    ("velkora-health", Rule.CORE_UNUSED): (
        "Their clinics move house until the end of the month; we meet after that.",
        16,
    ),
}
CLOSED = {
    ("castor-wynn", Rule.SUDDEN_DROP): "The silence has its own alert; one call is enough.",
}
# (account, who, what, kind, workdays from the last day, negative for overdue)
BY_HAND = (
    ("oskelund-foods", "mara", "Send the outline of the training for Logistics", "training", 2),
    ("tarnby-freight", "mara", "Ask who speaks for the harbour office now", "call", -2),
    ("quillon-insurance", "mara", "Book the review of the third quarter", "other", 0),
    ("heliox-labs", "lin", "把定时报表的做法发给项目组", "practice", 1),
)


def load_alerts(database: Database, now: datetime, last_day: date) -> None:
    with database.session(system_scope(now, "demo", actor="demo"), writes=True) as session:
        # A feature that nobody uses matters most where the service is deep.
        change_rule(session, Rule.CORE_UNUSED, on=True, values={"days": 60}, segment="strategic")
        ids = list(session.scalars(select(Account.id).order_by(Account.id)))
        evaluate_accounts(session, ids, history=HISTORY)
        _settle_the_past(session, now, last_day)
        there = set(session.scalars(select(Account.key)))
    for email in ("mara", "jonas", "lin"):
        with database.session(_scope(database, now, email), writes=True) as session:
            _act(session, last_day, email, there)


def _settle_the_past(session: Session, now: datetime, last_day: date) -> None:
    """What was raised long ago was seen to: its tasks are done, each some days after."""
    old = last_day - NEWEST
    raised = select(Task, Alert.opened_on).join(Alert, Alert.id == Task.alert_id)
    for task, opened_on in session.execute(raised.where(Task.due_on < old)):
        day = min(add_workdays(opened_on, 2), last_day)
        task.done_at = now - timedelta(days=(last_day - day).days)
        task.done_by, task.touched_at, task.dropped = task.owner_id, task.done_at, False
    session.commit()


def _scope(database: Database, now: datetime, name: str) -> Scope:
    with database.session(system_scope(now, "demo")) as session:
        email = f"{name}@ferrymark.example"
        user = session.execute(select(User.id, User.email).where(User.email == email)).one()
    return Scope(
        user_id=user.id, role=Role.CSM, accounts=None, now=now, origin="demo", actor=user.email
    )


def _act(session: Session, last_day: date, name: str, there: set[str]) -> None:
    me = f"{name}@ferrymark.example"
    mine = select(Task.alert_id).join(User, User.id == Task.owner_id).where(User.email == me)
    wanted = select(Alert.key, Alert.rule, Account.key.label("account")).join(
        Account, Account.id == Alert.account_id
    )
    going_on = wanted.where(Alert.closed_on.is_(None), Alert.id.in_(mine)).order_by(Alert.id)
    for row in session.execute(going_on).all():
        place = (row.account, Rule(row.rule))
        if place in SNOOZED:
            reason, days = SNOOZED[place]
            snooze_alert(session, row.key, last_day + timedelta(days=days), reason)
        elif place in CLOSED:
            close_alert(session, row.key, CLOSED[place])
    owner = session.scalars(select(User.key).where(User.email == me)).one()
    for account, who, title, kind, workdays in BY_HAND:
        if who == name and account in there:
            text = TaskText(title, kind, owner, _due(last_day, workdays))
            create_task(session, account, text)


def _due(last_day: date, workdays: int) -> date:
    """Counted from today, the day after the figures end."""
    if workdays >= 0:
        return add_workdays(last_day + timedelta(days=1), workdays)
    return last_day + timedelta(days=workdays)
