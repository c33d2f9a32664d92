"""The guard, hole by hole. Alice is of Acme; she must not see Globex in any shape of SQL."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import (
    Select,
    delete,
    exists,
    func,
    insert,
    join,
    literal,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session, aliased, selectinload

from portal.db import Database
from portal.domain.permissions import Role
from portal.models import Account, Feature, Person, User, UserSession
from portal.tenancy import Scope, TenancyError, scope_of, system_scope, unscoped

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACME, GLOBEX = 1, 2
TABLE: Any = Person.__table__
ALIAS = aliased(Person)


def alice(**more: Any) -> Scope:
    return Scope(user_id=1, role=Role.CHAMPION, accounts=frozenset({ACME}), now=NOW, **more)


@pytest.fixture
def world(database: Database) -> Database:
    """Three persons in each of two accounts."""
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        for number, name in ((ACME, "acme"), (GLOBEX, "globex")):
            session.add(Account(id=number, key=name, name=name.title(), created_at=NOW))
            session.flush()
            session.add(
                User(
                    account_id=number,
                    email=f"champion@{name}.example",
                    role="champion",
                    fs_uniquifier=name,
                    created_at=NOW,
                )
            )
            for place in range(3):
                session.add(
                    Person(
                        id=number * 10 + place,
                        account_id=number,
                        external_id=f"{name}-{place}",
                        active_from=date(2026, 1, 1),
                    )
                )
        session.commit()
    return database


@pytest.fixture
def session(world: Database) -> Iterator[Session]:
    with world.session(alice(), writes=True) as opened:
        yield opened


NARROWED: dict[str, tuple[Select[Any], Any]] = {
    "count": (select(func.count()).select_from(Person), 3),
    "count of a column": (select(func.count(Person.id)), 3),
    "count behind a Core table": (select(func.count()).select_from(TABLE).where(Person.id > 0), 3),
    "exists": (select(exists().where(Person.account_id == GLOBEX)), False),
    "exists of a select": (select(select(Person).where(Person.id == 20).exists()), False),
    "arithmetic": (select(func.sum(Person.account_id) + 0), 3),
    "alias": (select(func.count(ALIAS.id)), 3),
    "subquery": (select(func.count()).select_from(select(Person.id).subquery()), 3),
    "common table expression": (select(func.count()).select_from(select(Person.id).cte()), 3),
    "union": (
        select(func.count()).select_from(
            union_all(select(Person.id), select(Person.id)).subquery()
        ),
        6,
    ),
    "scalar subquery": (select(select(func.count(Person.id)).scalar_subquery()), 3),
    "only in the condition": (select(func.count(literal(1))).where(Person.id > 0), 3),
    "accounts themselves": (select(func.count(Account.id)), 1),
    "users": (select(func.count(User.id)), 1),
    "join": (select(func.count(Person.id)).join(Account, Account.id == Person.account_id), 3),
}


@pytest.mark.parametrize("shape", NARROWED)
def test_alice_counts_only_her_own(session: Session, shape: str) -> None:
    statement, expected = NARROWED[shape]
    assert session.scalar(statement) == expected


REFUSED: dict[str, Any] = {
    "core": select(TABLE),
    "core count": select(func.count()).select_from(TABLE),
    "core alias beside a model": select(Person.id, TABLE.alias("other").c.name),
    "core in exists": select(exists(select(TABLE.c.id))),
    "core inside a free table's condition": select(Feature).where(
        Feature.id.in_(select(TABLE.c.id))
    ),
    "core join": select(func.count()).select_from(join(TABLE, Account.__table__)),
    "core update": update(TABLE).values(name="x"),
    "core delete": delete(TABLE),
    "core insert": insert(TABLE),
    "text": text("SELECT count(*) FROM person"),
    "text within": select(Person).where(text("1 = 1")),
    "textual select": text("SELECT id FROM person").columns(Person.id),
    "aggregate filter": select(func.count().filter(Person.id > 0)),
    "window": select(func.count().over(partition_by=Person.id)),
    "update to another account": update(Person).values(account_id=GLOBEX),
    "insert from select": insert(Person).from_select(
        ["account_id", "external_id"], select(Person.account_id, Person.name)
    ),
}


@pytest.mark.parametrize("shape", REFUSED)
def test_what_cannot_be_narrowed_is_refused(session: Session, shape: str) -> None:
    with pytest.raises(TenancyError):
        session.execute(REFUSED[shape])


def test_a_session_without_scope_reads_nothing(world: Database) -> None:
    session = world.open(alice())
    session.info.pop("scope")
    with pytest.raises(TenancyError, match="no scope"):
        session.scalars(select(Person)).all()
    session.close()


def test_the_scope_of_a_living_session_cannot_change(session: Session) -> None:
    session.scalars(select(Person)).all()
    session.info["scope"] = system_scope(NOW, "test")
    with pytest.raises(TenancyError, match="cannot change"):
        session.scalars(select(Person)).all()


def test_bulk_update_and_delete_stay_at_home(world: Database, session: Session) -> None:
    session.execute(update(Person).values(name="Alice's"))
    session.execute(delete(Person).where(Person.external_id.like("%-2")))
    session.commit()
    with world.session(system_scope(NOW, "test")) as everybody:
        names = everybody.execute(select(Person.account_id, Person.name).order_by(Person.id)).all()
    assert [tuple(row) for row in names] == [(1, "Alice's")] * 2 + [(2, "")] * 3


def test_bulk_inserts_are_refused(session: Session) -> None:
    row = {"account_id": GLOBEX, "external_id": "new", "active_from": date(2026, 1, 1)}
    bulk: list[Callable[[], Any]] = [
        lambda: session.execute(insert(Person), [row]),
        lambda: session.bulk_insert_mappings(Person, [row]),
        lambda: session.bulk_save_objects([Person(**row)]),
        lambda: session.bulk_update_mappings(Person, [row]),
    ]
    for attempt in bulk:
        with pytest.raises(TenancyError):
            attempt()


def test_a_bare_connection_is_refused(session: Session) -> None:
    with pytest.raises(TenancyError):
        session.connection()


def test_alice_cannot_add_move_or_delete_for_globex(world: Database, session: Session) -> None:
    session.add(Person(account_id=GLOBEX, external_id="new", active_from=date(2026, 1, 1)))
    with pytest.raises(TenancyError, match="out of reach"):
        session.flush()
    session.rollback()
    own = session.scalars(select(Person)).first()
    assert own is not None
    own.account_id = GLOBEX
    with pytest.raises(TenancyError, match="out of reach"):
        session.flush()
    session.rollback()
    with world.session(system_scope(NOW, "test")) as everybody:
        foreign = everybody.get_one(Person, 20)
        everybody.expunge(foreign)
    session.delete(foreign)
    with pytest.raises(TenancyError, match="out of reach"):
        session.flush()


def test_the_identity_map_holds_nothing_foreign(session: Session) -> None:
    with unscoped(session, reason="the test looks behind the guard") as wide:
        assert wide.get(Person, 20) is not None
        assert wide.scalar(select(func.count(Person.id))) == 6
    assert session.get(Person, 20) is None
    assert session.scalar(select(func.count(Person.id))) == 3
    assert scope_of(session).accounts == frozenset({ACME})


def test_relationships_load_only_what_is_in_reach(world: Database, session: Session) -> None:
    statement = select(User).options(selectinload(User.account))
    assert [user.account.key for user in session.scalars(statement) if user.account] == ["acme"]
    with world.session(system_scope(NOW, "test")) as everybody:
        assert len(everybody.scalars(statement).all()) == 2


def test_unscoped_changes_belong_to_the_same_transaction(world: Database, session: Session) -> None:
    with unscoped(session, reason="test") as wide:
        wide.execute(update(Person).where(Person.id == 20).values(name="changed"))
    session.rollback()
    with world.session(system_scope(NOW, "test")) as everybody:
        assert everybody.get_one(Person, 20).name == ""


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)  # the one with two walls
def test_postgresql_refuses_by_itself(world: Database) -> None:
    with world.engine.begin() as connection:
        assert connection.execute(select(func.count()).select_from(TABLE)).scalar() == 0
        connection.exec_driver_sql("SELECT set_config('paceline.accounts', '1', true)")
        assert connection.execute(select(func.count()).select_from(TABLE)).scalar() == 3
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(
                insert(TABLE),
                {"account_id": GLOBEX, "external_id": "x", "active_from": date(2026, 1, 1)},
            )


def test_accounts_must_exist(world: Database) -> None:
    with world.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(Person(account_id=99, external_id="x", active_from=date(2026, 1, 1)))
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_link_across_accounts_is_refused_by_the_database(world: Database) -> None:
    with world.session(system_scope(NOW, "test"), writes=True) as session:
        foreign = session.scalars(select(User).where(User.account_id == GLOBEX)).one()
        session.add(
            UserSession(
                user_id=foreign.id,
                account_id=ACME,
                secret_hash="of nobody",
                created_at=NOW,
                seen_at=NOW,
            )
        )
        with pytest.raises(IntegrityError):
            session.flush()
