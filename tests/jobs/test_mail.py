from collections.abc import Iterator

import pytest

from portal.db import Database
from portal.models import Vendor
from portal.services.jobs import dead_letters, queue_state
from portal.services.mail import MailView, list_mails, queue_mail
from portal.worker import Worker
from tests.jobs.workers import settings_for
from tests.moments import NOON, after, at
from tests.smtp import Post, smtp_server


@pytest.fixture
def post() -> Iterator[Post]:
    with smtp_server() as server:
        yield server


def ask(database: Database, recipient: str = "ingrid@oskelund.example") -> None:
    with at(database) as session:
        session.merge(Vendor(id=1, name="Ferrymark"))
        queue_mail(
            session,
            recipient=recipient,
            locale="zh-Hant",
            template="password_reset",
            values={"name": "Ingrid", "link": "https://success.example/r", "minutes": 60},
            idempotency_key="reset:1",
        )
        session.commit()


def drain(database: Database, smtp_url: str = "", seconds: float = 0) -> int:
    settings = settings_for(database.url, smtp_url)
    return Worker(settings, database, clock=lambda: after(seconds), timetable=()).drain()


def mails(database: Database) -> list[MailView]:
    with at(database) as session:
        return list_mails(session)


def test_a_mail_travels_from_the_outbox_to_its_reader(database: Database, post: Post) -> None:
    ask(database)
    assert drain(database, post.url) == 1
    (got,) = post.accepted
    assert (got["To"], got["Content-Language"]) == ("ingrid@oskelund.example", "zh-Hant")
    (mail,) = mails(database)
    assert (mail.attempted_at, mail.sent_at) == (NOON, NOON)
    ask(database)
    assert drain(database, post.url) == 0


def test_without_a_server_the_mail_is_kept(database: Database) -> None:
    ask(database)
    assert drain(database) == 1
    (mail,) = mails(database)
    assert (mail.attempted_at, mail.sent_at) == (None, None)
    with at(database) as session:
        assert queue_state(session).waiting == 0


def test_a_server_that_is_away_is_asked_again(database: Database, post: Post) -> None:
    ask(database)
    post.answer = "451 later"
    assert drain(database, post.url) == 1
    assert mails(database)[0].sent_at is None
    post.answer = "250 kept"
    assert drain(database, post.url, seconds=10) == 1
    assert len(post.accepted) == 1
    assert mails(database)[0].sent_at == after(10)


def test_a_mail_that_is_refused_for_good_is_a_dead_letter_at_once(
    database: Database, post: Post
) -> None:
    post.refused = {"ingrid@oskelund.example"}
    ask(database)
    drain(database, post.url)
    with at(database) as session:
        (letter,) = dead_letters(session)
    assert (letter.name, letter.attempts) == ("mail.send", 1)
    assert "550" in letter.error
