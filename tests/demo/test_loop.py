"""The demo's requests: who waits for whose word, in the small cast."""

from sqlalchemy import func, select

from portal.db import Database
from portal.demo.loop import load_loop
from portal.demo.loop_texts import REQUESTS
from portal.domain.requests import State
from portal.models import KnowledgeItem, OutboxMessage, Request, SharedRequest
from portal.tenancy import system_scope
from tests.world import INGRID, NOW, build_world


def test_the_story_is_told(sqlite_database: Database) -> None:
    world = build_world(sqlite_database)
    with sqlite_database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(release_note())
        session.commit()
    load_loop(sqlite_database, NOW)
    with sqlite_database.session(system_scope(NOW, "test")) as session:
        states = dict(
            session.execute(select(Request.title, Request.state).where(~Request.joined)).all()
        )
        waiting = session.scalars(
            select(Request.title).where(
                Request.state == State.RELEASED, Request.requester_id == world.users[INGRID][0]
            )
        ).all()
        published = session.scalar(
            select(func.count(SharedRequest.id)).where(SharedRequest.published_at.is_not(None))
        )
        oldest = session.scalar(select(func.min(OutboxMessage.created_at)))
    there = [one.title for one in REQUESTS if one.who in world.users]
    assert sorted(states) == sorted(there)
    assert waiting == ["Regional managers want only their own plants in the export"]
    assert states["Each branch should get its own part of the report"] == State.REOPENED
    assert states["Print the approval sheet in A5"] == State.DECLINED
    assert published == 3
    assert oldest is not None
    assert (NOW - oldest).days <= 6


def release_note() -> KnowledgeItem:
    return KnowledgeItem(
        slug="release-26-11",
        type="release-note",
        audience="customers",
        audience_accounts=[],
        review_by=NOW.date(),
        published_on=NOW.date(),
        minutes=1,
        changed_in=1,
        guarded_in=1,
        created_at=NOW,
    )
