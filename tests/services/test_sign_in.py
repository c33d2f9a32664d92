"""Who is signed in and what they reach, on both databases."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.permissions import Role
from portal.models import User, Vendor
from portal.services.sessions import begin_session
from portal.services.sign_in import (
    Member,
    accounts_in_reach,
    assigned_accounts,
    change_credentials,
    find_credentials,
    find_signed_in,
)
from portal.tenancy import ALL_ACCOUNTS, scope_of, system_scope
from tests.world import ADMIN, ELIF, INGRID, JONAS, MARA, NOW, OSKELUND, QUILLON, World, build_world


@pytest.fixture
def cast(database: Database) -> World:
    return build_world(database)


def signed_in(session: Session, cast: World, email: str) -> Member:
    secret = begin_session(session, cast.users[email][0], address="192.0.2.1", browser="test")
    found = find_signed_in(session.connection(), secret, scope_of(session).now)
    assert found is not None
    return found[0]


def test_a_member_is_read_whole(cast: World) -> None:
    with cast.database.session(system_scope(NOW, "test"), writes=True) as session:
        ingrid = signed_in(session, cast, INGRID)
        mara = signed_in(session, cast, MARA)
    assert (ingrid.email, ingrid.role, ingrid.account_key) == (INGRID, Role.CHAMPION, OSKELUND.key)
    assert ingrid.time_zone == OSKELUND.time_zone
    assert ingrid.account_locale == OSKELUND.locale
    assert (mara.account_id, mara.account_key, mara.time_zone) == (None, None, "Europe/Oslo")


def test_own_zone_and_language_lead(cast: World) -> None:
    with cast.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(
            update(User)
            .where(User.email == INGRID)
            .values(time_zone="Asia/Taipei", locale="zh-Hant")
        )
        ingrid = signed_in(session, cast, INGRID)
        credentials = find_credentials(session, email=INGRID)
    assert (ingrid.time_zone, ingrid.own_time_zone) == ("Asia/Taipei", "Asia/Taipei")
    assert credentials is not None
    assert (credentials.locale, credentials.time_zone) == ("zh-Hant", "Asia/Taipei")


def reach_of(session: Session, member: Member) -> frozenset[int] | None:
    return accounts_in_reach(member, partial(assigned_accounts, session))


def test_reach_follows_role_and_assignment(cast: World) -> None:
    own, other = cast.accounts[OSKELUND.key], cast.accounts[QUILLON.key]
    with cast.database.session(system_scope(NOW, "test"), writes=True) as session:
        reach = {
            email: reach_of(session, signed_in(session, cast, email))
            for email in (INGRID, ELIF, MARA, JONAS, ADMIN)
        }
        for role in ("manager", "editor", "product"):
            email = cast.first_of(role)
            reach[role] = reach_of(session, signed_in(session, cast, email))
    assert reach == {
        INGRID: frozenset({own}),
        ELIF: frozenset({other}),
        MARA: frozenset({own}),
        JONAS: frozenset({other}),
        ADMIN: ALL_ACCOUNTS,
        "manager": ALL_ACCOUNTS,
        "editor": frozenset(),
        "product": ALL_ACCOUNTS,
    }


def test_the_vendor_may_let_its_csms_see_all(cast: World) -> None:
    with cast.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(Vendor).values(csm_sees_all=True))
        mara = signed_in(session, cast, MARA)
        assert reach_of(session, mara) is ALL_ACCOUNTS


def test_a_customer_without_account_reaches_nothing(cast: World) -> None:
    with cast.database.session(system_scope(NOW, "test"), writes=True) as session:
        ingrid = signed_in(session, cast, INGRID)
        assert reach_of(session, replace(ingrid, account_id=None)) == frozenset()


def test_new_credentials_end_all_sessions_and_a_new_hash_does_not(cast: World) -> None:
    user_id = cast.users[INGRID][0]
    with cast.database.session(system_scope(NOW, "test"), writes=True) as session:
        secret = begin_session(session, user_id, address="", browser="")
        change_credentials(session, user_id, {"password": "hashed anew"}, reason="rehash")
        assert find_signed_in(session.connection(), secret, scope_of(session).now) is not None
        changes = {"password": "new", "fs_uniquifier": "new"}
        change_credentials(session, user_id, changes, reason="password.changed")
        assert find_signed_in(session.connection(), secret, scope_of(session).now) is None


@pytest.mark.parametrize(("days", "alive"), [(13, True), (14, False), (60, False)])
def test_a_session_left_alone_ends(cast: World, days: int, *, alive: bool) -> None:
    with cast.database.session(system_scope(NOW, "test"), writes=True) as session:
        secret = begin_session(session, cast.users[INGRID][0], address="", browser="")
        session.commit()
    with cast.database.session(system_scope(NOW + timedelta(days=days), "test")) as session:
        found = find_signed_in(session.connection(), secret, scope_of(session).now)
        assert (found is not None) is alive
