"""The mail of what is new for all customers: when it goes to whom, and what stands in it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import update

from portal.db import Database
from portal.domain.notices import Notified, Way
from portal.domain.requests import State
from portal.models import KnowledgeAudience, KnowledgeItem, KnowledgeVersion, User
from portal.services.notices.choices import choose
from portal.services.requests.sharing import Target, edit_shared, move_shared, publish_shared
from portal.tenancy import system_scope
from tests.services.notices.post import PostOffice
from tests.services.requests.town import PAUL, WORDS, Town
from tests.smtp import Post, smtp_server
from tests.world import ELIF, INGRID, PIA, build_world

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
"""Half past eight in Oslo."""


@pytest.fixture
def post() -> Iterator[Post]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


@pytest.fixture
def office(town: Town, post: Post) -> PostOffice:
    return PostOffice(town, post.url)


def to(post: Post, email: str) -> list[EmailMessage]:
    return [one for one in post.accepted if one["To"] == email]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(["plain"])
    assert body is not None
    return str(body.get_content())


def add_note(town: Town, slug: str, tokens: list[str]) -> None:
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        item = KnowledgeItem(
            slug=slug,
            type="release-note",
            state="published",
            audience="customers" if tokens == ["customers"] else "accounts",
            audience_accounts=[],
            audience_segments=[],
            review_by=town.now.date(),
            published_on=town.now.date(),
            minutes=1,
            changed_in=1,
            guarded_in=0,
            created_at=town.now,
        )
        session.add(item)
        session.flush()
        session.add_all([KnowledgeAudience(item_id=item.id, token=one) for one in tokens])
        version = KnowledgeVersion(
            item_id=item.id,
            locale="en",
            title=f"Note {slug}",
            summary="Shorter.",
            body="x",
            html="<p>x</p>",
            text="x",
            outline=[],
            comparison=[],
            digest="",
            updated_at=town.now,
        )
        session.add(version)
        session.commit()


def test_on_mondays_in_the_morning_and_once(town: Town, office: PostOffice, post: Post) -> None:
    key = town.share()
    for state in (State.CLARIFYING, State.PLANNED):
        town.call(PAUL, move_shared, key, state)
    town.now = MONDAY - timedelta(hours=1)
    office.run("notices.news")
    assert post.accepted == []
    town.now = MONDAY
    for _time in range(2):
        office.run("notices.news")
    (mail,) = to(post, INGRID)
    assert mail["Subject"] == "Ferrymark: 1 step on the roadmap"
    assert "Export by region (Planned)" in text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/roadmap/{key}" in text_of(mail)
    # Of the week after it nothing is new: no mail.
    town.later(days=7)
    office.run("notices.news")
    assert len(to(post, INGRID)) == 1


def test_a_corrected_text_is_no_news_and_a_hidden_one_neither(
    town: Town, office: PostOffice, post: Post
) -> None:
    edited, hidden = town.share(), town.share()
    town.now = MONDAY + timedelta(days=2)
    town.call(PAUL, edit_shared, edited, WORDS, Target(None, ""))
    town.call(PAUL, move_shared, hidden, State.CLARIFYING)
    town.call(PAUL, publish_shared, hidden, published=False)
    town.now = MONDAY + timedelta(days=7)
    office.run("notices.news")
    assert post.accepted == []


def test_each_as_they_have_chosen(town: Town, office: PostOffice, post: Post) -> None:
    town.call(INGRID, choose, {Notified.WHATS_NEW: Way.DIGEST})
    town.call(PIA, choose, {Notified.WHATS_NEW: Way.OFF})
    town.now = MONDAY + timedelta(days=1)
    town.share()
    town.later(days=1)
    office.run("notices.news")
    assert {one["To"] for one in post.accepted} == {INGRID}
    assert "once a day" in text_of(post.accepted[0])
    town.now = MONDAY + timedelta(days=7)
    office.run("notices.news")
    assert len(to(post, INGRID)) == 1
    assert to(post, PIA) == []
    assert len(to(post, ELIF)) == 1


def test_release_notes_that_one_may_read_in_one_s_language(
    town: Town, office: PostOffice, post: Post
) -> None:
    add_note(town, "for-all", ["customers"])
    add_note(town, "for-one", ["account:quillon-insurance"])
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        locale = update(User).where(User.email == INGRID).values(locale="zh-Hans")
        session.execute(locale)
        session.commit()
    town.now = MONDAY
    office.run("notices.news")
    (mail,) = to(post, INGRID)
    assert mail["Content-Language"] == "zh-Hans"
    assert "Note for-all" in text_of(mail)
    assert "Note for-one" not in text_of(mail)
