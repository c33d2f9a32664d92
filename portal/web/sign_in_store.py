"""Between Flask-Security and our services: its users and its datastore, without
Flask-SQLAlchemy. The models know nothing of this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from flask import g, request
from flask_security import PasswordUtil, RoleMixin, UserDatastore, UserMixin
from sqlalchemy.orm import Session

from portal.domain.errors import TooMany
from portal.domain.passwords import normal_password, password_fault
from portal.domain.permissions import Role
from portal.services.rate_limits import take
from portal.services.sign_in import (
    Credentials,
    Member,
    change_credentials,
    find_credentials,
    note_failure,
)
from portal.tenancy import ALL_ACCOUNTS, Scope
from portal.web.clock import request_time
from portal.web.sign_in_words import PASSWORD_WORDS
from portal.web.state import state

RESET_ENDPOINT = "security.reset_password"


class PortalUser(UserMixin):
    """A user as Flask-Login and Flask-Security handle one: the columns of Credentials, which they
    may set, and the Member where this is the reader.
    """

    # Flask-Security looks for the name on the class before it has seen a user.
    fs_uniquifier = ""
    name: str
    role: str
    account_id: int | None
    locale: str | None
    time_zone: str

    def __init__(self, credentials: Credentials, member: Member | None = None) -> None:
        self.member = member
        self.roles = []
        self._kept = asdict(credentials)
        self.__dict__.update(self._kept)

    def changes(self) -> dict[str, Any]:
        """What was set since this was read or written."""
        return {
            name: vars(self)[name] for name in self._kept if vars(self)[name] != self._kept[name]
        }

    def note_written(self) -> None:
        self._kept = {name: vars(self)[name] for name in self._kept}

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:  # noqa: FBT001, FBT002 # Flask-Security's signature
        note_failed_sign_in(self, f"{auth_type} as second factor" if tfa else auth_type)


class Datastore(UserDatastore):
    """Writes at once, each change with its audit row in one transaction; `commit` has nothing
    left to do.
    """

    def __init__(self) -> None:
        super().__init__(PortalUser, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **by: Any) -> PortalUser | None:  # noqa: FBT001, FBT002 # Flask-Security's signature
        del case_insensitive  # addresses are kept in one spelling
        with door_session() as session:
            found = find_credentials(session, **by)
        return None if found is None else PortalUser(found)

    def find_role(self, role: str) -> None:
        """Roles are ours (domain/permissions); Flask-Security knows none."""

    def put(self, model: PortalUser) -> PortalUser:
        changes = model.changes()
        if changes:
            is_reset = request.endpoint == RESET_ENDPOINT
            reason = "password.reset" if is_reset else "password.changed"
            with door_session(model, writes=True) as session:
                change_credentials(session, model.id, changes, reason=reason)
            model.note_written()
        return model

    def commit(self) -> None:
        """`put` has committed."""


class PasswordRules(PasswordUtil):
    def normalize(self, password: str) -> str:
        return normal_password(password)

    def validate(
        self,
        password: str,
        is_register: bool,  # noqa: FBT001 # Flask-Security's signature
        **more: Any,
    ) -> tuple[list[str] | None, str]:
        del is_register
        user = more["user"]
        fault = password_fault(password, email=user.email, name=user.name)
        return [str(PASSWORD_WORDS[fault])] if fault else None, normal_password(password)


@contextmanager
def door_session(user: PortalUser | None = None, *, writes: bool = False) -> Iterator[Session]:
    """A session over all accounts for signing in: whose account it is shows only afterwards."""
    scope = Scope(
        user_id=user.id if user else None,
        role=Role(user.role) if user else Role.VISITOR,
        accounts=ALL_ACCOUNTS,
        now=request_time(),
        origin=request.remote_addr or "",
        request_id=g.get("request_id", ""),
        actor=user.email if user else "",
    )
    with state().database.session(scope, writes=writes) as session:
        yield session


def note_failed_sign_in(user: PortalUser | None, kind: str) -> None:
    """An audit row for a wrong password, alike for known and unknown addresses, and bounded."""
    subject = user.email if user else request.remote_addr or ""
    try:
        take(state().database, "sign-in-noted", subject, request_time())
    except TooMany:
        return
    with door_session(user, writes=True) as session:
        note_failure(session, user.id if user else None, kind)
