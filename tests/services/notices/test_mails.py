"""The story of two accounts as its mails tell it, read from an SMTP server."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import update

from portal.db import Database
from portal.domain.requests import Answer, State
from portal.models import Request, User
from portal.services.requests.confirming import answer_request
from portal.services.requests.joining import join_shared
from portal.services.requests.merging import join_family
from portal.services.requests.moving import move_request
from portal.services.requests.sharing import move_shared
from portal.services.requests.talking import write_message
from portal.services.requests.voices import follow
from portal.tenancy import system_scope
from tests.services.notices.post import PostOffice
from tests.services.requests.town import PAUL, Town
from tests.smtp import Post, smtp_server
from tests.world import ELIF, INGRID, MARA, PIA, build_world

WAY = (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED)


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


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(["plain"])
    assert body is not None
    return str(body.get_content())


def to(post: Post, email: str) -> list[EmailMessage]:
    return [one for one in post.accepted if one["To"] == email]


def test_two_accounts_read_of_it_from_the_scene_to_their_word(
    town: Town, office: PostOffice, post: Post
) -> None:
    asked, shared = town.hand_in(INGRID, title="Plants of Oskelund"), town.share()
    joined = town.call(ELIF, join_shared, shared)
    town.call(PAUL, join_family, asked, shared)
    for state in WAY:
        town.call(PAUL, move_shared, shared, state)
        office.deliver()
    first, *_others, last = to(post, INGRID)
    assert "It is now: Clarifying." in text_of(first)
    assert "10:00" in text_of(first)  # nine in UTC, in Oslo
    assert "Does it work for you?" in text_of(last)
    assert "http://localhost/confirm/" in text_of(last)
    # One thread, for programs that go by the ids and for those that go by the subject.
    assert len({one["Message-ID"] for one in to(post, INGRID)}) == 4
    assert {one["References"] for one in to(post, INGRID)} == {f"<request.{asked}@localhost>"}
    assert {one["In-Reply-To"] for one in to(post, INGRID)} == {f"<request.{asked}@localhost>"}
    assert len({one["Subject"] for one in to(post, INGRID)}) == 1
    assert first["Subject"].endswith("Plants of Oskelund")
    for one in post.accepted:
        assert one["List-Unsubscribe"].startswith("<http://localhost/notices/unsubscribe/")
        assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert one["Auto-Submitted"] == "auto-generated"

    (theirs,) = to(post, ELIF)
    assert "Does it work for you?" in text_of(theirs)
    assert "Export by region" in theirs["Subject"]
    town.call(INGRID, answer_request, asked, Answer.WORKS)
    town.call(ELIF, answer_request, joined, Answer.NOT_YET, "Secret of Quillon")
    office.deliver()
    assert not any("Quillon" in one.as_string() for one in to(post, INGRID))
    assert not any("Oskelund" in one.as_string() for one in to(post, ELIF))


def test_each_in_their_language_and_zone(town: Town, office: PostOffice, post: Post) -> None:
    asked = town.hand_in(INGRID)
    speak(town, INGRID, locale="zh-Hant", time_zone="Asia/Taipei")
    town.call(MARA, write_message, asked, "Which plants?")
    office.deliver()
    (mail,) = to(post, INGRID)
    assert mail["Content-Language"] == "zh-Hant"
    assert "2026年11月21日 17:00" in text_of(mail)
    assert "Which plants?" in text_of(mail)


def test_the_daily_mail_tells_what_one_follows_once_in_the_morning(
    town: Town, office: PostOffice, post: Post
) -> None:
    one, two = town.hand_in(INGRID, title="First"), town.hand_in(INGRID, title="Second")
    for key in (one, two):
        town.call(PIA, follow, key)
        town.call(PAUL, move_request, key, State.CLARIFYING)
    town.call(INGRID, write_message, one, "By plant")
    office.deliver()
    assert to(post, PIA) == []
    town.now += timedelta(hours=21, minutes=30)  # half past seven in Oslo
    office.run("notices.digest")
    assert to(post, PIA) == []
    town.now += timedelta(hours=1)
    for _ in range(2):
        office.run("notices.digest")
    (mail,) = to(post, PIA)
    text = text_of(mail)
    assert mail["Subject"] == "Ferrymark: 2 requests have gone on"
    assert text.index("First") < text.index("By plant") < text.index("Second")
    assert text.count("It is now: Clarifying.") == 2
    assert "/notices/unsubscribe/" in mail["List-Unsubscribe"]
    # What comes later on the same day waits for the next morning.
    town.call(PAUL, move_request, two, State.PLANNED)
    office.run("notices.digest")
    assert len(to(post, PIA)) == 1
    town.later(days=1)
    office.run("notices.digest")
    assert "It is now: Planned." in text_of(to(post, PIA)[1])
    town.later(days=1)
    office.run("notices.digest")
    assert len(to(post, PIA)) == 2


def test_who_may_no_longer_read_it_is_not_told_of_it_in_the_morning(
    town: Town, office: PostOffice, post: Post
) -> None:
    from_now_on_private = town.hand_in(INGRID)
    town.call(PIA, follow, from_now_on_private)
    town.call(PAUL, move_request, from_now_on_private, State.CLARIFYING)
    office.deliver()
    hide(town, from_now_on_private)
    town.later(days=1)
    office.run("notices.digest")
    assert to(post, PIA) == []


def test_who_says_nothing_is_asked_once_more_and_then_time_closes_it(
    town: Town, office: PostOffice, post: Post
) -> None:
    asked = town.hand_in(INGRID)
    for state in WAY:
        town.call(PAUL, move_request, asked, state)
    office.deliver()
    before = len(to(post, INGRID))
    town.later(days=6)
    office.run("notices.remind")
    assert len(to(post, INGRID)) == before
    town.later(days=1)
    for _ in range(2):
        office.run("notices.remind")
    assert len(to(post, INGRID)) == before + 1
    assert "We have not heard from you yet" in text_of(to(post, INGRID)[-1])
    office.run("requests.close-silent")
    assert town.state(asked) is State.RELEASED
    town.later(days=7)
    office.run("requests.close-silent")
    assert town.state(asked) is State.UNCONFIRMED
    assert "Closed, unconfirmed" in text_of(to(post, INGRID)[-1])


def speak(town: Town, email: str, **values: str) -> None:
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.execute(update(User).where(User.email == email).values(**values))
        session.commit()


def hide(town: Town, key: str) -> None:
    hidden = update(Request).where(Request.key == key).values(visibility="private")
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.execute(hidden)
        session.commit()
