"""Three accounts whose every word is a mark of theirs, and everything that can be done to requests.

The words are no part of any other word of the portal. What somebody has told in private carries a
mark of that person as well; what only the vendor may read is marked VENDOR. Product's wording of
what is shared bears no mark: it is meant for all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.demo.cast import COMPANIES
from portal.demo.records import make_account
from portal.domain.permissions import Role
from portal.domain.requests import Visibility
from portal.models import Account, Request, User
from portal.tenancy import ALL_ACCOUNTS, Scope, system_scope
from tests.world import LAST_DAY, NOW, World, build_world

MARKS = ("quagga", "numbat", "okapi")
VENDOR = "axolotl"
# Of nothing else on a page; with whatever stands between the digits.
ARR = {"quagga": "77113355", "numbat": "88224466", "okapi": "99335577"}
ROLES = (Role.CHAMPION, Role.MEMBER, Role.MEMBER, Role.EXECUTIVE)


@dataclass(frozen=True)
class Reader:
    """Somebody of an account."""

    user_id: int
    key: str
    email: str
    role: Role
    mark: str
    account_id: int

    @property
    def company(self) -> str:
        """The account's key."""
        return COMPANIES[MARKS.index(self.mark)].key

    @property
    def private(self) -> str:
        """The mark of what they tell in private."""
        return f"{self.mark}hush{self.user_id}x"


@dataclass
class Three:
    world: World
    random: Random
    now: datetime = NOW
    readers: list[Reader] = field(default_factory=list)
    vendor: dict[Role, int] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.world.database

    @contextmanager
    def reading(self, reader: Reader) -> Iterator[Session]:
        with self.database.session(self._scope(reader)) as session:
            yield session

    def call(self, reader: Reader, act: Any, *given: Any, **named: Any) -> Any:
        with self.database.session(self._scope(reader), writes=True) as session:
            return act(session, *given, **named)

    def by_vendor(self, role: Role, act: Any, *given: Any, **named: Any) -> Any:
        scope = Scope(self.vendor[role], role, ALL_ACCOUNTS, self.now, actor=role.value)
        with self.database.session(scope, writes=True) as session:
            return act(session, *given, **named)

    def rows(self, statement: Any) -> list[Any]:
        with self.database.session(system_scope(self.now, "test")) as session:
            return list(session.execute(statement).all())

    def keys(self, model: Any) -> list[str]:
        return [row.key for row in self.rows(select(model.key).order_by(model.id))]

    def any_reader(self) -> Reader:
        return self.random.choice([one for one in self.readers if one.role is not Role.EXECUTIVE])

    def any_key(self, model: Any = Request) -> str:
        return self.random.choice(self.keys(model) or ["none"])

    def own_key(self, reader: Reader) -> str:
        wanted = select(Request.key).where(Request.account_id == reader.account_id)
        keys: list[str] = [row.key for row in self.rows(wanted)]
        return self.random.choice(keys or ["none"])

    def mark_of(self, key: str) -> str:
        """What a text about this request has to carry: of its account, or of who keeps it to
        themselves. Once it is merged, what is said about it is said about the other.
        """
        row = self.rows(
            select(
                Request.account_id, Request.requester_id, Request.visibility, Request.merged_into_id
            ).where(Request.key == key)
        )
        if not row:
            return VENDOR
        (found,) = row
        if found.visibility == Visibility.PRIVATE and found.merged_into_id is None:
            return next(one for one in self.readers if one.user_id == found.requester_id).private
        return next(one for one in self.readers if one.account_id == found.account_id).mark

    def _scope(self, reader: Reader) -> Scope:
        accounts = frozenset({reader.account_id})
        return Scope(reader.user_id, reader.role, accounts, self.now, actor=reader.email)


def build_three(database: Database, seed: int) -> Three:
    three = Three(build_world(database), Random(seed))  # to be repeated by its seed
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        for mark, company in zip(MARKS, COMPANIES, strict=False):
            account = session.scalar(select(Account).where(Account.key == company.key))
            if account is None:
                account = make_account(company, NOW, LAST_DAY)
                session.add(account)
            account.name, account.arr = f"{mark} company", Decimal(ARR[mark])
            session.flush()
            three.readers += [
                _reader(session, account, role, f"{mark} {role.value} {number}")
                for number, role in enumerate(ROLES)
            ]
            three.world.users.update(
                {one.email: (one.user_id, f"of {one.email}") for one in three.readers}
            )
        for role in (Role.CSM, Role.PRODUCT):
            wanted = select(User.id).where(User.role == role.value).order_by(User.id)
            three.vendor[role] = session.scalars(wanted).first() or 0
        session.commit()
    return three


def _reader(session: Session, account: Account, role: Role, name: str) -> Reader:
    email = name.replace(" ", ".") + "@leak.example"
    user = User(
        email=email,
        name=name,
        role=role,
        account_id=account.id,
        fs_uniquifier=f"of {email}",
        confirmed_at=NOW,
        created_at=NOW,
    )
    session.add(user)
    session.flush()
    return Reader(user.id, user.key, email, role, name.split(maxsplit=1)[0], account.id)
