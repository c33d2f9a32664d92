"""The link to the vendor's own tracker, and what its webhook says."""

from typing import Any

import pytest

from portal.db import Database
from portal.domain.errors import Forbidden, Invalid
from portal.services.requests.desk_page import show_desk
from portal.services.requests.shared_page import work_on_shared
from portal.services.requests.tracker import (
    Tracked,
    checked_url,
    hear,
    link_shared_tracker,
    link_tracker,
    system_of,
    tracker_of_shared,
)
from portal.tenancy import TenancyError, system_scope
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, MARA, build_world

GITHUB = "https://github.com/ferrymark/ferry/issues/12"
GITLAB = "https://code.ferrymark.example/ferry/app/-/issues/7"
JIRA = "https://ferrymark.atlassian.net/browse/FM-31"
SENT: list[tuple[str, dict[str, Any], str]] = [
    (GITHUB, {"action": "closed", "issue": {"html_url": GITHUB, "state": "closed"}}, "closed"),
    (
        GITLAB,
        {"object_kind": "issue", "object_attributes": {"url": GITLAB, "state": "opened"}},
        "opened",
    ),
    (
        JIRA,
        {
            "issue": {
                "self": "https://ferrymark.atlassian.net/rest/api/2/issue/99",
                "key": "FM-31",
                "fields": {"status": {"name": "In Progress"}},
            }
        },
        "In Progress",
    ),
]


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


@pytest.mark.parametrize(
    ("url", "system"),
    [(GITHUB, "github"), (GITLAB, "gitlab"), (JIRA, "jira"), ("https://bugs.example/4", "other")],
)
def test_the_system_is_told_by_its_address(url: str, system: str) -> None:
    assert system_of(checked_url(url + "/?tab=1#note")) == system


@pytest.mark.parametrize(
    "url",
    ["", "12", "javascript:alert(1)", "https://", "http://a:b@c/d", "https://a:99999/x", "ftp://a"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        checked_url(url)


@pytest.mark.parametrize(("url", "payload", "said"), SENT)
def test_each_tracker_is_heard(town: Town, url: str, payload: dict[str, Any], said: str) -> None:
    ours, theirs = town.hand_in(INGRID), town.hand_in(ELIF)
    for key in (ours, theirs):
        town.call(PAUL, link_tracker, key, url, "by hand")
    with town.world.database.session(system_scope(town.now, "hook"), writes=True) as session:
        assert hear(session, payload) == 2
        assert hear(session, {"issue": {"html_url": GITHUB + "9", "state": "open"}}) == 0
    for key in (ours, theirs):
        tracked = town.call(PAUL, show_desk, key).tracker
        assert tracked is not None
        assert (tracked.state, tracked.heard_at) == (said, town.now)


def test_taken_away_again_and_not_by_a_csm(town: Town) -> None:
    key = town.hand_in(INGRID)
    with pytest.raises(Forbidden):
        town.call(MARA, link_tracker, key, GITHUB)
    town.call(PAUL, link_tracker, key, GITHUB)
    town.call(PAUL, link_tracker, key, " ")
    assert town.call(PAUL, show_desk, key).tracker is None


@pytest.mark.parametrize(
    "payload",
    [None, [], {}, {"issue": 4}, {"issue": {"html_url": 4, "state": []}}, {"issue": {"key": "A"}}],
)
def test_a_strange_payload_is_refused(town: Town, payload: object) -> None:
    with (
        town.world.database.session(system_scope(town.now, "hook"), writes=True) as session,
        pytest.raises(Invalid),
    ):
        hear(session, payload)


def test_a_shared_request_has_an_issue_of_its_own(town: Town) -> None:
    shared, key = town.share(), town.hand_in(INGRID)
    with pytest.raises(Forbidden):
        town.call(MARA, link_shared_tracker, shared, GITHUB)
    with pytest.raises(Invalid):
        town.call(PAUL, link_shared_tracker, shared, "12")
    town.call(PAUL, link_shared_tracker, shared, GITHUB, "in a week")
    town.call(PAUL, link_tracker, key, GITHUB)
    assert tracked(town, shared) == Tracked("github", GITHUB, "in a week", None)
    with town.world.database.session(system_scope(town.now, "hook"), writes=True) as session:
        assert hear(session, SENT[0][1]) == 2
    assert tracked(town, shared) == Tracked("github", GITHUB, "closed", town.now)
    town.call(PAUL, link_shared_tracker, shared, GITHUB, "closed")
    assert tracked(town, shared) == Tracked("github", GITHUB, "closed", town.now)
    town.call(PAUL, link_shared_tracker, shared, JIRA, "closed")
    assert tracked(town, shared) == Tracked("jira", JIRA, "closed", None)
    for _time in range(2):
        town.call(PAUL, link_shared_tracker, shared, "")
        assert tracked(town, shared) is None


def test_no_customers_session_reads_it(town: Town) -> None:
    shared = town.share()
    town.call(PAUL, link_shared_tracker, shared, GITHUB)
    with pytest.raises(TenancyError):
        town.call(INGRID, tracker_of_shared, 1)


def tracked(town: Town, shared: str) -> Tracked | None:
    found: Tracked | None = town.call(PAUL, work_on_shared, shared).tracker
    return found
