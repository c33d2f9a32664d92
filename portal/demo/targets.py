"""Targets that some of the cast work towards, and the medians of their peers."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import Database
from portal.domain.permissions import Role
from portal.models import Account, User
from portal.services.peers import (
    accounts_to_compare,
    keep_medians,
    medians_by_account,
    read_figures,
)
from portal.services.targets import set_target
from portal.tenancy import Scope, system_scope

SET, DUE = timedelta(days=70), timedelta(days=90)
"""Set so long before the demo's day, to be reached so long after it."""
GOALS = (
    ("oskelund-foods", "mara@ferrymark.example", "login_ratio_30d", 0.9),
    ("oskelund-foods", "mara@ferrymark.example", "breadth", 1.0),
    ("oskelund-foods", "mara@ferrymark.example", "volume:approvals", 6000),
    ("heliox-labs", "lin@ferrymark.example", "login_ratio_30d", 0.95),
    ("heliox-labs", "lin@ferrymark.example", "depth", 0.75),
    ("pellan-retail", "lin@ferrymark.example", "breadth", 0.9),
)


def set_goals(database: Database, now: datetime) -> None:
    """Those of the companies that are there."""
    with database.session(system_scope(now, "demo")) as session:
        there = set(session.scalars(select(Account.key)))
        users = {row.email: row.id for row in session.execute(select(User.email, User.id))}
    for account, setter, metric, goal in GOALS:
        if account in there:
            scope = Scope(
                user_id=users[setter],
                role=Role.CSM,
                accounts=None,
                now=now - SET,
                origin="demo",
                actor=setter,
            )
            with database.session(scope, writes=True) as session:
                set_target(session, account, metric, goal, (now + DUE).date())


def compare_peers(database: Database, now: datetime) -> None:
    """As the nightly job does."""
    with database.session(system_scope(now, "demo"), writes=True) as session:
        accounts = accounts_to_compare(session)
        medians = medians_by_account(read_figures(session, accounts))
        keep_medians(session, [account_id for account_id, *_rest in accounts], medians)
