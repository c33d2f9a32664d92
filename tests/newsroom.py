"""Those who write: Anna is a CSM of the account acme, Bo and Cleo are editors."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.permissions import Role
from portal.models import Account, User
from portal.tenancy import Scope
from tests.hub import ACME, writing
from tests.moments import NOON

ANNA, BO, CLEO = 101, 102, 103
PEOPLE = {ANNA: ("Anna", Role.CSM), BO: ("Bo", Role.EDITOR), CLEO: ("Cleo", Role.EDITOR)}
PRACTICE = {
    "title": "Two levels are enough",
    "summary": "Fewer levels.",
    "audience": "customers",
    "features": ["approval-chains"],
    "effect": "3.2 → 1.1 days",
}


def newsroom(database: Database) -> Database:
    with writing(database) as session:
        session.add(Account(id=ACME, key="acme", name="Acme", created_at=NOON))
        for number, (name, role) in PEOPLE.items():
            session.add(
                User(
                    id=number,
                    key=name.lower(),
                    email=f"{name.lower()}@vendor.example",
                    name=name,
                    role=role.value,
                    fs_uniquifier=name,
                    created_at=NOON,
                )
            )
        session.commit()
    return database


@contextmanager
def as_writer(database: Database, who: int, now: datetime = NOON) -> Iterator[Session]:
    name, role = PEOPLE[who]
    accounts = frozenset({ACME}) if role is Role.CSM else frozenset[int]()
    scope = Scope(user_id=who, role=role, accounts=accounts, now=now, actor=name)
    with database.session(scope, writes=True) as session:
        yield session
