"""The cast of the demo, small: two customers and one person of each role.

Ingrid is Oskelund Foods' champion, Pia a member, Henrik the executive; Elif is the champion of
Quillon Insurance and must see nothing of Oskelund. Mara is Oskelund's CSM, Jonas is Quillon's.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.demo.cast import ALL, COMPANIES, LOGINS, VENDOR, VENDOR_ZONE, Company, Login
from portal.demo.records import make_account, make_features
from portal.models import (
    Account,
    AccountAssignment,
    Entitlement,
    Feature,
    Person,
    User,
    Vendor,
)
from portal.services.passwords import hash_password
from portal.tenancy import system_scope

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
LAST_DAY = date(2026, 11, 20)
OSKELUND, QUILLON = COMPANIES[0], COMPANIES[1]
INGRID, PIA, HENRIK = (login.email for login in LOGINS[:3])
ELIF = LOGINS[3].email
MARA, JONAS = "mara@ferrymark.example", "jonas@ferrymark.example"
ADMIN = "admin@ferrymark.example"
PASSWORD = "a long walk by the sea"
# Hashing takes its time by design; all of the cast have the same password.
_hash: list[str] = []


@dataclass(frozen=True)
class World:
    database: Database
    accounts: dict[str, int] = field(default_factory=dict)
    users: dict[str, tuple[int, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def first_of(self, role: str) -> str:
        """The first of the role who is of Oskelund Foods or of the vendor."""
        return next(
            login.email
            for login in LOGINS
            if login.role == role and login.company in {"", OSKELUND.key}
        )


def build_world(database: Database) -> World:
    """Fills an empty database; takes about 50 ms after the first time."""
    if not _hash:
        _hash.append(hash_password(PASSWORD))
    with database.session(system_scope(NOW, "world"), writes=True) as session:
        session.add(Vendor(id=1, name=VENDOR, time_zone=VENDOR_ZONE))
        session.add_all(make_features())
        session.flush()
        for company in (OSKELUND, QUILLON):
            _add_company(session, company)
        accounts = {row.key: row.id for row in session.execute(select(Account.key, Account.id))}
        session.add_all(
            _user(login, accounts) for login in LOGINS if login.company in {"", *accounts}
        )
        session.flush()
        rows = session.execute(select(User.email, User.id, User.fs_uniquifier, User.key)).all()
        users = {row.email: (row.id, row.fs_uniquifier) for row in rows}
        keys = {row.email: row.key for row in rows}
        for email, company in ((MARA, OSKELUND), (JONAS, QUILLON)):
            lead = AccountAssignment(account_id=accounts[company.key], user_id=users[email][0])
            session.add(lead)
        session.commit()
    return World(database, accounts, users, keys)


def _add_company(session: Session, company: Company) -> None:
    account = make_account(company, NOW, LAST_DAY)
    session.add(account)
    session.flush()
    for feature_id in session.scalars(select(Feature.id).where(Feature.key.in_(ALL))):
        session.add(Entitlement(account_id=account.id, feature_id=feature_id))
    for number in range(1, 7):
        session.add(
            Person(
                account_id=account.id,
                external_id=f"{company.key[:3]}-{number:04}",
                name=f"Person {number}",
                team=company.teams[number % 2].name,
                active_from=LAST_DAY - timedelta(days=100),
            )
        )


def _user(login: Login, accounts: dict[str, int]) -> User:
    return User(
        email=login.email,
        name=login.name,
        role=login.role,
        account_id=accounts.get(login.company),
        password=_hash[0],
        fs_uniquifier=f"uniquifier of {login.email}",
        confirmed_at=NOW,
        created_at=NOW,
    )
