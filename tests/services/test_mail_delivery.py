import smtplib
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from portal.config import Settings, read_settings
from portal.models import Mail
from portal.services.mail_delivery import Refused, _connection, compose, message_id, send
from tests.moments import NOON
from tests.smtp import Post, smtp_server


@pytest.fixture
def post() -> Iterator[Post]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def settings() -> Settings:
    return read_settings(
        {"PACELINE_ENVIRONMENT": "test", "PACELINE_PUBLIC_URL": "https://success.ferrymark.example"}
    )


def a_mail(**more: str) -> Mail:
    return Mail(
        **{
            "idempotency_key": "mail:reset:1",
            "recipient": "ingrid@oskelund.example",
            "subject": "为 Ferrymark 设置新密码",
            "text": "您好，\n\nhttps://success.ferrymark.example/resets/abc\n",
            "html": "<!DOCTYPE html><html><body><p>您好，</p></body></html>",
            "locale": "zh-Hans",
            **more,
        },
        created_at=NOON,
    )


def test_a_mail_arrives_with_subject_text_and_html(post: Post, settings: Settings) -> None:
    send(compose(a_mail(), settings, "Ferrymark"), post.url)
    (got,) = post.accepted
    assert got["Subject"] == "为 Ferrymark 设置新密码"
    assert got["From"] == "Ferrymark <portal@success.ferrymark.example>"
    assert got["To"] == "ingrid@oskelund.example"
    assert got["Auto-Submitted"] == "auto-generated"
    text, html = got.get_body(["plain"]), got.get_body(["html"])
    assert text is not None
    assert html is not None
    assert "resets/abc" in text.get_content()
    assert "您好，" in html.get_content()


def test_a_second_delivery_is_recognisable(post: Post, settings: Settings) -> None:
    for _ in range(2):
        send(compose(a_mail(), settings, "Ferrymark"), post.url)
    one, two = post.accepted
    assert one["Message-ID"] == two["Message-ID"]
    assert one["Message-ID"] == message_id("mail:reset:1", "success.ferrymark.example")
    assert one["Message-ID"] != message_id("mail:reset:2", "success.ferrymark.example")


def test_a_thread_and_the_way_out_of_it_arrive_in_one_line(post: Post, settings: Settings) -> None:
    address = f"https://success.ferrymark.example/notices/unsubscribe/{'abc.' * 40}"
    answers = "requests+abc@success.ferrymark.example"
    mail = a_mail(thread="request.0123456789abcdef", unsubscribe=address, reply_to=answers)
    raw = compose(mail, settings, "Ferrymark").as_bytes().decode()
    assert f"List-Unsubscribe: <{address}>\r\n" in raw
    send(compose(mail, settings, "Ferrymark"), post.url)
    (got,) = post.accepted
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got["Reply-To"] == answers
    root = "<request.0123456789abcdef@success.ferrymark.example>"
    assert got["In-Reply-To"] == got["References"] == root != got["Message-ID"]


@pytest.mark.parametrize(
    "recipient", ["", "nobody", "a@b.example\r\nBcc: all@b.example", "a b@c.example", "@"]
)
def test_what_is_no_address_is_refused(settings: Settings, recipient: str) -> None:
    with pytest.raises(Refused):
        compose(a_mail(recipient=recipient), settings, "Ferrymark")


def test_a_subject_cannot_bring_another_header(settings: Settings) -> None:
    with pytest.raises(Refused):
        compose(a_mail(subject="Hello\r\nBcc: all@b.example"), settings, "Ferrymark")


def test_an_unknown_recipient_is_refused_for_good(post: Post, settings: Settings) -> None:
    post.refused = {"ingrid@oskelund.example"}
    with pytest.raises(Refused):
        send(compose(a_mail(), settings, "Ferrymark"), post.url)


def test_a_text_that_the_server_refuses_is_refused_for_good(post: Post, settings: Settings) -> None:
    post.answer = "554 no"
    with pytest.raises(Refused):
        send(compose(a_mail(), settings, "Ferrymark"), post.url)


def test_a_server_that_cannot_now_may_later(post: Post, settings: Settings) -> None:
    post.answer = "451 later"
    with pytest.raises(smtplib.SMTPDataError):
        send(compose(a_mail(), settings, "Ferrymark"), post.url)


def test_a_password_does_not_travel_in_the_clear(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = urlsplit(post.url.replace("//", "//mara:secret@"))
    monkeypatch.setattr("portal.services.mail_delivery.OWN_MACHINE", set())
    with pytest.raises(smtplib.SMTPNotSupportedError, match="PACELINE_SMTP_URL"), _connection(url):
        pass


def test_the_senders_address_may_be_set(settings: Settings) -> None:
    named = settings.model_copy(update={"mail_from": "Care <care@ferrymark.example>"})
    assert compose(a_mail(), named, "Ferrymark")["From"] == "Care <care@ferrymark.example>"
