"""What is asked of shared requests, on both databases: roadmap, changelog, lists, likenesses."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import Conflict, Forbidden, NotFound
from portal.domain.requests import Kind, State
from portal.models import Request
from portal.services.requests.candidates import others_than, unlinked_like
from portal.services.requests.changelog import read_changelog
from portal.services.requests.feeds import (
    MOST_FEEDS,
    find_feed_reader,
    list_feeds,
    make_feed,
    note_use,
    revoke_feed,
)
from portal.services.requests.joining import join_shared
from portal.services.requests.making_shared import share_requests
from portal.services.requests.merging import join_family
from portal.services.requests.parting import undo_merge
from portal.services.requests.roadmap import RoadmapQuestion, Stage, newest_moves, read_roadmap
from portal.services.requests.shared_list import SORTS, SharedQuestion, SharedTab, find_shared
from portal.services.requests.shared_page import work_on_shared
from portal.services.requests.shared_search import search_shared
from portal.services.requests.sharing import Target, edit_shared, move_shared
from portal.tenancy import system_scope
from tests.services.requests.town import PAUL, WORDS, Town
from tests.world import ELIF, INGRID, MARA, OSKELUND, PIA, build_world


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def test_the_roadmap_and_the_changelog_are_read(town: Town) -> None:
    planned, released = town.share(), town.share()
    for key, steps in ((planned, 2), (released, 4)):
        way = (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED)
        for state in way[:steps]:
            town.call(PAUL, move_shared, key, state)
    town.call(PAUL, edit_shared, planned, WORDS, Target(date(2027, 3, 31), "quarter"))
    town.call(INGRID, join_shared, planned)
    found = town.call(INGRID, read_roadmap, RoadmapQuestion())
    assert [item.key for item in found.items[Stage.PLANNED]] == [planned]
    assert [item.key for item in found.items[Stage.RELEASED]] == [released]
    mine = found.items[Stage.PLANNED][0]
    assert (mine.people, mine.own.asked, mine.own.voted) == (1, True, True)
    other = town.call(ELIF, read_roadmap, RoadmapQuestion(stage=Stage.PLANNED))
    assert other.items[Stage.PLANNED][0].own.key == ""
    news = town.call(ELIF, read_changelog)
    assert [(one.on, one.items[0].key) for one in news.rows] == [(town.now.date(), released)]
    assert town.call(ELIF, read_changelog, "bug").rows == []
    assert len(town.call(ELIF, newest_moves, 5)) == 2
    assert town.call(ELIF, search_shared, "export", 5)[0] == 2


def test_product_lists_shares_links_and_takes_apart(town: Town) -> None:
    mine, theirs = town.hand_in(INGRID, title="Export plants"), town.hand_in(ELIF, title="Plants")
    like = town.call(PAUL, unlinked_like, Kind.NEED, "plants of ours")
    assert {one.key for one in like} == {mine, theirs}
    key = town.call(PAUL, share_requests, [mine, theirs], WORDS)
    assert town.totals(key) == (2, 2)
    for sort in SORTS:
        page = town.call(PAUL, find_shared, SharedQuestion(tab=SharedTab.WEIGHED, sort=sort))
        assert [(row.key, row.accounts) for row in page.rows] == [(key, 2)]
    assert sum(page.rows[0].revenue.values()) > 0
    work = town.call(PAUL, work_on_shared, key)
    assert {one.key for one in work.members} == {mine, theirs}
    assert len(work.merges) == 2
    for merge in work.merges:
        # Only product takes a family apart; of another's account she is told of nothing.
        with pytest.raises(Forbidden if merge.account == OSKELUND.name else NotFound):
            town.call(MARA, undo_merge, merge.key)
    for merge in work.merges:
        town.call(PAUL, undo_merge, merge.key)
    assert town.totals(key) == (0, 0)
    town.call(PAUL, join_family, mine, key)
    assert town.totals(key) == (1, 1)


def test_what_it_might_be_merged_into_is_of_its_reach(town: Town) -> None:
    mine, near = town.hand_in(INGRID, title="Export plants"), town.hand_in(INGRID, title="Export")
    far, shared = town.hand_in(ELIF, title="Export it"), town.share()

    def found(who: str) -> set[str]:
        with town.session(who) as session:
            request = session.scalars(select(Request).where(Request.key == mine)).one()
            return {one.key for one in others_than(session, request, "export")}

    assert found(MARA) == {near}
    assert found(PAUL) == {near, far, shared}


def test_each_of_somebody_s_feeds_lives_until_it_is_revoked(town: Town) -> None:
    secrets = [town.call(INGRID, make_feed, name) for name in ("Phone", "  At \x07 work ")]
    newest, oldest = town.call(INGRID, list_feeds)
    assert (newest.name, oldest.name) == ("At work", "Phone")
    assert readers_of(town, secrets) == [INGRID, INGRID]
    with pytest.raises(NotFound):
        town.call(PIA, revoke_feed, oldest.key)
    town.call(INGRID, revoke_feed, oldest.key)
    assert readers_of(town, secrets) == [None, INGRID]
    with pytest.raises(NotFound):
        town.call(INGRID, revoke_feed, oldest.key)
    for _more in range(MOST_FEEDS - 1):
        town.call(INGRID, make_feed)
    with pytest.raises(Conflict):
        town.call(INGRID, make_feed)
    assert len(town.call(INGRID, list_feeds)) == MOST_FEEDS


def test_the_last_use_of_a_feed_is_noted_once_an_hour(town: Town) -> None:
    secret = town.call(INGRID, make_feed)
    noted = []
    for minutes in (0, 59, 60):
        now = town.now + timedelta(minutes=minutes)
        with town.world.database.session(system_scope(now, "test"), writes=True) as session:
            reader = find_feed_reader(session, secret)
            assert reader is not None
            noted.append(reader.unnoted)
            if reader.unnoted:
                note_use(session, reader)
    assert noted == [True, False, True]
    assert town.call(INGRID, list_feeds)[0].used_at == town.now + timedelta(minutes=60)


def readers_of(town: Town, secrets: list[str]) -> list[str | None]:
    with town.world.database.session(system_scope(town.now, "test")) as session:
        found = [find_feed_reader(session, one) for one in secrets]
    return [None if one is None else one.email for one in found]
