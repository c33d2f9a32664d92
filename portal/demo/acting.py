"""The cast as they act, each in their own name and at their own time."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.permissions import Role
from portal.models import User
from portal.tenancy import ALL_ACCOUNTS, Scope, system_scope


class Cast:
    """Sessions in the name of those of the cast who are there."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._database, self._now = database, now
        with database.session(system_scope(now, "demo")) as session:
            asked = select(User.email, User.id, User.key, User.role, User.account_id, User.locale)
            self.users = {row.email: row for row in session.execute(asked)}

    def at(
        self, email: str, days: float, account_id: int | None = None
    ) -> AbstractContextManager[Session]:
        """So many days ago. Somebody of the vendor reaches the account, or all without one."""
        row = self.users[email]
        own = account_id or row.account_id
        scope = Scope(
            user_id=row.id,
            role=Role(row.role),
            accounts=ALL_ACCOUNTS if own is None else frozenset({own}),
            now=self._now - timedelta(days=days),
            locale=row.locale or "en",
            origin="demo",
            actor=email,
        )
        return self._database.session(scope, writes=True)
