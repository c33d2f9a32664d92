"""What a process keeps of all accounts is what another one would read."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.models import (
    Account,
    AccountAssignment,
    Alert,
    HealthNewest,
    HealthOverride,
    Segment,
    Task,
    User,
)
from portal.models.account import new_revision
from portal.services.account_book import read_book
from portal.services.assignments import assign_csm
from portal.services.health import latest_scores
from portal.services.portfolio_summary import summarize
from portal.tenancy import system_scope
from tests.security.objects import make_objects
from tests.world import JONAS, MARA, NOW, OSKELUND, QUILLON, World, build_world

Change = Callable[[Session, World], object]


@pytest.fixture
def cast(database: Database) -> World:
    """Both accounts with a score, an alert and an override, on both engines."""
    world = build_world(database)
    make_objects(world)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        for account in world.accounts.values():
            session.merge(
                HealthNewest(
                    account_id=account, day=date(2026, 11, 20), score=62, band="yellow", before=60
                )
            )
        session.execute(update(Task).values(owner_id=world.users[MARA][0]))
        session.commit()
    return world


def read(database: Database) -> tuple[object, ...]:
    with database.session(system_scope(NOW, "test")) as session:
        book = read_book(session)
        return (
            dict(book.entries),
            book.rules,
            dict(book.csms),
            book.stages,
            dict(latest_scores(session)),
            summarize(session),
        )


def rename_leader(session: Session, _world: World) -> None:
    session.execute(update(User).where(User.email == MARA).values(name="Mara Quill-Berg"))


def score_again(session: Session, world: World) -> None:
    changed = update(HealthNewest).where(HealthNewest.account_id == world.accounts[OSKELUND.key])
    session.execute(changed.values(score=31, band="red", revision=new_revision()))


def swap_leaders(session: Session, _world: World) -> None:
    for company, email in ((OSKELUND, JONAS), (QUILLON, MARA)):
        user = session.scalars(select(User.key).where(User.email == email)).one()
        assign_csm(session, company.key, user)


CHANGES: list[Change] = [
    rename_leader,
    score_again,
    swap_leaders,
    lambda session, _world: session.execute(update(Account).values(stage="renewal")),
    lambda session, _world: session.execute(
        update(Account).where(Account.key == OSKELUND.key).values(tier="small", arr=7)
    ),
    lambda session, _world: session.add(
        Segment(
            key="all",
            name_en="All",
            name_zh="",
            position=0,
            tiers=["small"],
            industries=[],
            regions=[],
            stages=[],
        )
    ),
    lambda session, _world: session.execute(update(Alert).values(closed_on=date(2026, 11, 2))),
    lambda session, _world: session.execute(update(HealthOverride).values(ended_at=NOW)),
    lambda session, _world: session.execute(update(Task).values(done_at=NOW)),
    lambda session, _world: session.execute(delete(AccountAssignment)),
    lambda session, _world: session.execute(delete(HealthNewest)),
]


def test_every_change_is_seen_at_once(cast: World) -> None:
    known = read(cast.database)
    for change in CHANGES:
        with cast.database.session(system_scope(NOW, "test"), writes=True) as session:
            change(session, cast)
            session.commit()
        found = read(cast.database)
        other = Database(cast.database.url)
        assert found == read(other)
        other.dispose()
        assert found != known, change
        known = found


def test_what_has_not_changed_is_the_same_object(cast: World) -> None:
    with cast.database.session(system_scope(NOW, "test")) as session:
        assert read_book(session).entries is read_book(session).entries
        assert latest_scores(session) is latest_scores(session)
