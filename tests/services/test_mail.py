import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import NotFound
from portal.models import Job, Mail, Vendor
from portal.services.mail import keep_mail, list_mails, queue_mail, show_mail
from portal.services.outbox import relay
from tests.moments import after, at

LINK = "https://success.example/resets/abc"


def ask(session: Session, key: str = "reset:1", locale: str | None = "en") -> bool:
    return queue_mail(
        session,
        recipient="ingrid@oskelund.example",
        locale=locale,
        template="password_reset",
        values={"name": "Ingrid", "link": LINK, "minutes": 60},
        idempotency_key=key,
    )


def test_a_mail_is_asked_for_with_the_change_and_kept_once(database: Database) -> None:
    with at(database) as session:
        session.add(Vendor(name="Ferrymark"))
        assert ask(session)
        assert not ask(session)
        session.commit()
        assert relay(session, {}) == 1
        payload = session.scalars(select(Job.payload)).one()
        first = keep_mail(session, payload, None)
    with at(database, after(60)) as session:
        again = keep_mail(session, payload | {"template": "nothing"}, None)
        assert again.key == first.key
        assert session.scalar(select(func.count()).select_from(Mail)) == 1
        (view,) = list_mails(session)
        assert (view.recipient, view.sent_at) == ("ingrid@oskelund.example", None)
        assert view.subject == "Set a new password for Ferrymark"
        whole = show_mail(session, view.key)
        assert LINK in whole.text
        assert LINK in whole.html


def test_a_mail_of_a_rolled_back_change_is_never_sent(database: Database) -> None:
    with at(database) as session:
        ask(session)
        session.rollback()
        assert relay(session, {}) == 0


@pytest.mark.parametrize(
    ("asked", "spoken"), [("zh-TW", "zh-Hant"), (None, "en"), ("fr", "en"), ("zh-Hans", "zh-Hans")]
)
def test_the_mail_is_in_a_language_that_we_speak(
    sqlite_database: Database, asked: str | None, spoken: str
) -> None:
    with at(sqlite_database) as session:
        ask(session, locale=asked)
        session.commit()
        relay(session, {})
        payload = session.scalars(select(Job.payload)).one()
        assert keep_mail(session, payload, None).locale == spoken


def test_an_unknown_mail_is_not_there(sqlite_database: Database) -> None:
    with at(sqlite_database) as session, pytest.raises(NotFound):
        show_mail(session, "nothing")
