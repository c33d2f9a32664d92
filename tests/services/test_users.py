"""Users made by the command line and changed by an administrator, on both databases."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import Conflict, DomainError, Invalid, NotFound
from portal.domain.permissions import Role
from portal.models import AuditEntry, User
from portal.services.passwords import hash_password
from portal.services.users import UserFilters, create_user, list_users, set_preferences, show_user
from portal.tenancy import Scope, system_scope
from tests.world import ELIF, INGRID, MARA, NOW, OSKELUND, World, build_world

GOOD = {
    "email": " Nora@Oskelund.Example",
    "role": Role.MEMBER,
    "account_key": OSKELUND.key,
    "password": "three boats in the harbour",
    "name": "Nora  Vik ",
}


@pytest.fixture
def cast(database: Database) -> World:
    return build_world(database)


def make(session: Session, **more: object) -> str:
    return create_user(session, **{**GOOD, **more})  # type: ignore[arg-type] # one test's odd values


def scope_of_ingrid(cast: World) -> Scope:
    return Scope(
        user_id=cast.users[INGRID][0],
        role=Role.CHAMPION,
        accounts=frozenset({cast.accounts[OSKELUND.key]}),
        now=NOW,
    )


def test_a_user_is_made_and_noted(cast: World) -> None:
    with cast.database.session(system_scope(NOW, "cli"), writes=True) as session:
        key = make(session)
        user = show_user(session, key)
        kept = session.scalars(select(User.password).where(User.key == key)).one()
        noted = session.scalars(select(AuditEntry)).one()
    assert (user.email, user.name, user.role) == ("nora@oskelund.example", "Nora Vik", Role.MEMBER)
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert PasswordHasher().verify(kept, "three boats in the harbour")
    assert (noted.action, noted.object_key, noted.origin) == ("user.created", key, "cli")
    assert noted.account_id == cast.accounts[OSKELUND.key]


@pytest.mark.parametrize(
    ("wrong", "failure", "code"),
    [
        ({"email": "nora"}, Invalid, "address-malformed"),
        ({"password": "short"}, Invalid, "too-short"),
        ({"password": "Password1234"}, Invalid, "common"),
        ({"account_key": None}, Invalid, "account-missing"),
        ({"role": Role.CSM}, Invalid, "account-not-wanted"),
        ({"account_key": "nowhere"}, NotFound, "not-found"),
        ({"email": ELIF}, Conflict, "address-taken"),
        ({"email": ELIF.upper()}, Conflict, "address-taken"),
    ],
)
def test_a_wrong_one_is_refused_whole(
    cast: World, wrong: dict[str, object], failure: type[DomainError], code: str
) -> None:
    with cast.database.session(system_scope(NOW, "cli"), writes=True) as session:
        with pytest.raises(failure) as refusal:
            make(session, **wrong)
        session.rollback()
        assert session.scalars(select(AuditEntry)).all() == []
    assert refusal.value.code == code


def test_a_champion_lists_their_own_people_alone(cast: World) -> None:
    with cast.database.session(scope_of_ingrid(cast)) as session:
        page = list_users(session, UserFilters())
        assert {row.account_key for row in page.rows} == {OSKELUND.key}
        assert (page.total, page.first) == (3, 1)
        assert list_users(session, UserFilters(text="ferrymark")).total == 0
        for email in (ELIF, MARA):
            assert list_users(session, UserFilters(text=email)).rows == []


def test_pages_of_the_list(cast: World) -> None:
    with cast.database.session(system_scope(NOW, "cli"), writes=True) as session:
        hashed = hash_password("three boats in the harbour")
        session.add_all(
            User(
                email=f"{n:03}@oskelund.example",
                name=f"Zoe {n:03}",
                role="member",
                account_id=cast.accounts[OSKELUND.key],
                password=hashed,
                fs_uniquifier=f"{n}",
                created_at=NOW,
            )
            for n in range(60)
        )
        session.commit()
        filters = UserFilters(text="zoe")
        pages = [list_users(session, filters, number) for number in (1, 2, 3, 4)]
    assert [len(page.rows) for page in pages] == [25, 25, 10, 10]
    assert [page.first for page in pages] == [1, 26, 51, 51]
    assert pages[3].number == pages[3].pages == 3
    assert [row.name for page in pages[:3] for row in page.rows] == [
        f"Zoe {n:03}" for n in range(60)
    ]


def test_a_percent_sign_is_a_sign_like_any_other(cast: World) -> None:
    with cast.database.session(system_scope(NOW, "cli")) as session:
        assert list_users(session, UserFilters(text="%")).total == 0
        assert list_users(session, UserFilters(text="_ngrid")).total == 0


def test_preferences_are_ones_own(cast: World) -> None:
    with cast.database.session(scope_of_ingrid(cast), writes=True) as session:
        set_preferences(session, locale="zh-Hant", theme="dark")
        rows = session.execute(select(User.email, User.locale, User.theme).order_by(User.email))
        assert [row for row in rows if row.theme != "auto"] == [(INGRID, "zh-Hant", "dark")]
        with pytest.raises(Invalid):
            set_preferences(session, time_zone="Mars/Base")
        set_preferences(session, locale="")
        kept = session.execute(select(User.locale, User.theme).where(User.email == INGRID)).one()
        assert kept == (None, "dark")
