"""Three accounts whose every word is a mark of theirs.

The words are no part of any other word of the portal. What somebody has told in private carries a
mark of that person as well; what only the vendor may read is marked VENDOR. Product's wording of
what is shared bears no mark: it is meant for all. One person, of a name without a mark, goes from
company to company.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Database
from portal.demo.cast import COMPANIES
from portal.demo.records import make_account
from portal.domain.permissions import Role
from portal.domain.requests import Visibility
from portal.models import Account, Request, User
from portal.services.content_files import load_content
from portal.services.file_store import FileStore
from portal.tenancy import ALL_ACCOUNTS, Scope, system_scope
from portal.worker import Worker
from tests.apps import make_settings
from tests.hub import write_text
from tests.world import LAST_DAY, MARA, NOW, World, build_world

MARKS = ("quagga", "numbat", "okapi")
VENDOR = "axolotl"
# Of nothing else on a page; with whatever stands between the digits.
ARR = {"quagga": "77113355", "numbat": "88224466", "okapi": "99335577"}
ROLES = (Role.CHAMPION, Role.MEMBER, Role.MEMBER, Role.EXECUTIVE)
ROVER = "Rover"
MAIL_IN, MAIL_SERVER = "requests@portal.example", "mx.portal.example"
# Release notes: what all customers may read, and what is for one company (and the vendor) alone.
TOLD_TO, NOTE = MARKS[1], "wombat"
NOTES = {"for-all": "customers", f"about-{NOTE}": f"{{accounts: [{COMPANIES[1].key}]}}"}


@dataclass(frozen=True)
class Reader:
    """Somebody of an account; or of the vendor's, who looks after one. `mails`: how many mails
    there were in all when they left the company, which was their last; else None.
    """

    user_id: int
    key: str
    email: str
    role: Role
    mark: str
    account_id: int
    mails: int | None = None

    @property
    def company(self) -> str:
        """The account's key."""
        return COMPANIES[MARKS.index(self.mark)].key

    @property
    def private(self) -> str:
        """The mark of what they tell in private."""
        return hushed(self.mark, self.user_id)


def hushed(mark: str, user_id: int | None) -> str:
    return f"{mark}hush{user_id}x"


@dataclass
class Three:
    """`done`: each step by its number and the name of the act; `reached`: those that were not
    refused. `feeds`: secrets of feeds by whoever made them.
    """

    world: World
    settings: Settings
    random: Random
    now: datetime = NOW
    readers: list[Reader] = field(default_factory=list)
    gone: list[Reader] = field(default_factory=list)
    vendor: dict[Role, int] = field(default_factory=dict)
    feeds: list[tuple[Reader, str]] = field(default_factory=list)
    bulk: list[str] = field(default_factory=list)
    done: list[tuple[int, str]] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)

    @property
    def database(self) -> Database:
        return self.world.database

    @property
    def files(self) -> FileStore:
        return FileStore(self.settings.request_files)

    @contextmanager
    def reading(self, reader: Reader) -> Iterator[Session]:
        with self.database.session(self._scope(reader)) as session:
            yield session

    def call(self, reader: Reader, act: Any, *given: Any, **named: Any) -> Any:
        with self.database.session(self._scope(reader), writes=True) as session:
            return act(session, *given, **named)

    def by_key(self, reader: Reader, act: Any, *given: Any, **named: Any) -> Any:
        """As a key of their account does it in their name."""
        key = replace(self._scope(reader), machine="customer", on_behalf_of=reader.email)
        with self.database.session(key, writes=True) as session:
            return act(session, *given, **named)

    def by_vendor(self, role: Role, act: Any, *given: Any, **named: Any) -> Any:
        scope = Scope(self.vendor[role], role, ALL_ACCOUNTS, self.now, actor=role.value)
        with self.database.session(scope, writes=True) as session:
            return act(session, *given, **named)

    def by_nobody(self, act: Any, *given: Any, **named: Any) -> Any:
        """As a job does it."""
        with self.database.session(system_scope(self.now, "test"), writes=True) as session:
            return act(session, *given, **named)

    def work(self) -> None:
        """All that waits is done: notices, mails."""
        Worker(self.settings, self.database, clock=lambda: self.now, timetable=()).drain()

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
        keys: list[str] = [row.key for row in self.rows(wanted.order_by(Request.id))]
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
        mark = next(one.mark for one in self.readers if one.account_id == found.account_id)
        hidden = found.visibility == Visibility.PRIVATE and found.merged_into_id is None
        return hushed(mark, found.requester_id) if hidden else mark

    def _scope(self, reader: Reader) -> Scope:
        accounts = frozenset({reader.account_id})
        return Scope(reader.user_id, reader.role, accounts, self.now, actor=reader.email)


def build_three(database: Database, folder: Path) -> Three:
    """Over an empty database; what is attached to requests lies in the folder."""
    named = {"mail_in_address": MAIL_IN, "mail_in_server": MAIL_SERVER}
    three = Three(build_world(database), make_settings(data_dir=folder, **named), Random(0))
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        for mark, company in zip(MARKS, COMPANIES, strict=False):
            account = _account(session, mark)
            three.readers += [
                _reader(session, account, role, f"{mark} {role.value} {number}")
                for number, role in enumerate(ROLES)
            ]
            if company is COMPANIES[0]:
                three.readers.append(_reader(session, account, Role.MEMBER, ROVER))
        for role in (Role.CSM, Role.PRODUCT, Role.ADMIN):
            wanted = select(User.id).where(User.role == role.value).order_by(User.id)
            three.vendor[role] = session.scalars(wanted).first() or 0
        users = select(User.email, User.id, User.fs_uniquifier)
        three.world.users.update({row[0]: (row[1], row[2]) for row in session.execute(users)})
        session.commit()
        for slug, audience in NOTES.items():
            more = {"type": "release-note", "features": "[delegation]"}
            write_text(folder / "texts", slug, audience, title=slug.replace("-", " "), **more)
        load_content(session, folder / "texts")
    return three


def csm_of(three: Three) -> Reader:
    """Mara looks after the first of the three alone."""
    account_id = next(one.account_id for one in three.readers if one.mark == MARKS[0])
    key = three.world.keys[MARA]
    return Reader(three.world.users[MARA][0], key, MARA, Role.CSM, MARKS[0], account_id)


def _account(session: Session, mark: str) -> Account:
    company = COMPANIES[MARKS.index(mark)]
    account = session.scalar(select(Account).where(Account.key == company.key))
    if account is None:
        account = make_account(company, NOW, LAST_DAY)
        session.add(account)
    account.name, account.arr = f"{mark} company", Decimal(ARR[mark])
    session.flush()
    return account


def _reader(session: Session, account: Account, role: Role, name: str) -> Reader:
    email = name.lower().replace(" ", ".") + "@leak.example"
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
    mark = account.name.split(maxsplit=1)[0]
    return Reader(user.id, user.key, email, role, mark, account.id)
