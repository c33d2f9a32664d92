"""Nights at the cast's: what they did by day, and the worker that looks at it after midnight."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from portal.db import Database
from portal.demo.cast import Company
from portal.domain.early_warning import Rule
from portal.models import Alert, Task
from portal.services.alerts import change_rule, due_accounts, evaluate_accounts
from portal.tenancy import Scope, system_scope
from tests.blueprints.usage import work
from tests.world import OSKELUND

EVERYBODY = range(1, 7)
FIRST = date(2026, 9, 7)
"""A Monday."""


def day(count: int) -> date:
    return FIRST + timedelta(days=count)


def busy(
    database: Database,
    counts: Iterable[int],
    persons: Iterable[int] = EVERYBODY,
    company: Company = OSKELUND,
) -> None:
    work(database, company, persons, [day(count) for count in counts])


def after(count: int) -> Scope:
    """At nine on the morning after that day."""
    return system_scope(datetime.combine(day(count + 1), time(9), UTC), "test")


def night(database: Database, count: int, history: int = 0) -> int:
    """The evaluation of that day; how many alerts it opened."""
    with database.session(after(count)) as session:
        due = due_accounts(session)
    with database.session(after(count), writes=True) as session:
        return evaluate_accounts(session, due, history=history)


def tune(database: Database, rule: Rule, *, on: bool = True, **values: Any) -> None:
    place = {name: values.pop(name, "") for name in ("segment", "stage")}
    with database.session(after(0), writes=True) as session:
        change_rule(session, rule, on=on, values=values, **place)


def only(database: Database, rule: Rule, **values: Any) -> None:
    """All other rules are off."""
    for other in Rule:
        tune(database, other, on=False)
    tune(database, rule, **values)


def alerts(database: Database) -> list[Alert]:
    with database.session(after(0)) as session:
        return list(session.scalars(select(Alert).order_by(Alert.opened_on, Alert.id)))


def tasks(database: Database) -> list[Task]:
    with database.session(after(0)) as session:
        return list(session.scalars(select(Task).order_by(Task.due_on, Task.id)))
