"""The cast of tests/world.py as people who hand in requests, vote and triage."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.permissions import Role
from portal.domain.requests import Kind, State
from portal.models import Request, SharedRequest
from portal.services.requests.handing_in import Asker, Telling, hand_in
from portal.services.requests.sharing import SharedText, create_shared, publish_shared
from portal.tenancy import ALL_ACCOUNTS, Scope, system_scope
from tests.world import ELIF, INGRID, MARA, NOW, OSKELUND, PIA, QUILLON, World

PAUL = "paul@ferrymark.example"
ROLES = {
    INGRID: (Role.CHAMPION, OSKELUND.key),
    PIA: (Role.MEMBER, OSKELUND.key),
    ELIF: (Role.CHAMPION, QUILLON.key),
    MARA: (Role.CSM, OSKELUND.key),
    PAUL: (Role.PRODUCT, ""),
}
SCENE = {"who": "Twelve managers", "when": "On the second day", "wants": "Their own plants alone"}
WORDS = {"en": SharedText("Export by region", "Only what is yours.")}


@dataclass
class Town:
    world: World
    now: datetime = field(default=NOW)

    @contextmanager
    def session(self, email: str) -> Iterator[Session]:
        role, company = ROLES[email]
        accounts = frozenset({self.world.accounts[company]}) if company else ALL_ACCOUNTS
        scope = Scope(self.world.users[email][0], role, accounts, self.now, actor=email)
        with self.world.database.session(scope, writes=True) as session:
            yield session

    def call(self, email: str, act: Any, *given: Any, **named: Any) -> Any:
        """What the service answers to that person."""
        with self.session(email) as session:
            return act(session, *given, **named)

    def hand_in(self, email: str, asker: Asker | None = None, **more: Any) -> str:
        given: dict[str, Any] = {"kind": Kind.NEED, "title": "Own plants", "told": SCENE, **more}
        key: str = self.call(email, hand_in, Telling(**given), asker)
        return key

    def share(self) -> str:
        """A published one's key."""
        key: str = self.call(PAUL, create_shared, Kind.NEED, WORDS)
        self.call(PAUL, publish_shared, key)
        return key

    def later(self, **passed: int) -> None:
        self.now += timedelta(**passed)

    def state(self, key: str) -> State:
        return State(self._value(select(Request.state).where(Request.key == key)))

    def totals(self, key: str) -> tuple[int, int]:
        """People and accounts behind a shared request."""
        wanted = select(SharedRequest.people, SharedRequest.accounts)
        with self.world.database.session(system_scope(self.now, "test")) as session:
            row = session.execute(wanted.where(SharedRequest.key == key)).one()
        return row.people, row.accounts

    def _value(self, statement: Any) -> Any:
        with self.world.database.session(system_scope(self.now, "test")) as session:
            return session.execute(statement).scalar_one()
