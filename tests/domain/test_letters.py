"""Mails as they come: ordinary ones, and those that are made to hurt."""

import base64
from email.message import EmailMessage

import pytest

from portal.domain.letters import LARGEST, MOST_FILES, Letter, read_letter
from portal.domain.mail_verdicts import is_verified

HEAD = b"From: Pia <Pia@Oskelund.Example>\r\nTo: requests@portal.example\r\n"


def read(raw: bytes) -> Letter:
    letter = read_letter(raw)
    assert letter is not None
    return letter


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Pia <pia@oskelund.example>"
    message["To"] = "requests@portal.example"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("It fails.")
    return message


def test_an_ordinary_one() -> None:
    message = mail(Subject="Größe 尺寸", Message_ID="<1@oskelund.example>")
    message.add_alternative("<p>It <b>fails</b>.</p>", subtype="html")
    message.add_attachment("a,b", filename="尺寸.csv")
    letter = read(message.as_bytes())
    assert (letter.sender, letter.recipients) == (
        "pia@oskelund.example",
        ("requests@portal.example",),
    )
    assert (letter.subject, letter.text, letter.automatic) == ("Größe 尺寸", "It fails.", False)
    assert letter.message_id == "<1@oskelund.example>"
    assert letter.files == (("尺寸.csv", b"a,b\n"),)


def test_character_sets() -> None:
    for charset, encoding in (
        ("gb2312", "gb18030"),
        ("GBK", "gbk"),
        ("big5", "big5"),
        ("utf-8", "utf-8"),
    ):
        words = "錯誤" if charset == "big5" else "错误"
        body = base64.encodebytes(words.encode(encoding))
        head = f"Content-Type: text/plain; charset={charset}\r\n".encode()
        assert read(HEAD + head + b"Content-Transfer-Encoding: base64\r\n\r\n" + body).text == words
    for name in (b"no-such", b"punycode", b"rot13", b"unicode_escape", b"zlib"):
        named = b"Content-Type: text/plain; charset=" + name + b"\r\n\r\n"
        assert read(HEAD + named + b"words \\u0041").text == "words \\u0041"


def test_only_formatted() -> None:
    html = (
        b"<style>p{}</style><p>It fails.</p><script>x()</script><p>Again&amp;again</p>"
        b"<blockquote>Mara:<p>Does it?</p></blockquote>"
    )
    text = read(HEAD + b"Content-Type: text/html\r\n\r\n" + html).text
    assert text.startswith("It fails.\n\nAgain&again")
    assert "> Does it?" in text
    assert "x()" not in text


@pytest.mark.parametrize(
    "more",
    [
        b"Auto-Submitted: auto-replied\r\n",
        b"Precedence: bulk\r\n",
        b"X-Loop: a\r\n",
        b"List-Id: <a.b>\r\n",
        b"Return-Path: <>\r\n",
    ],
)
def test_machines_are_told_apart(more: bytes) -> None:
    assert read(HEAD + more + b"\r\nI am away.").automatic
    assert not read(HEAD + b"Auto-Submitted: no\r\n\r\nHere.").automatic


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 1000,
        b"To: requests@portal.example\r\n\r\nNobody.",
        b"From: a@x.example, b@x.example\r\n\r\nTwo.",
        b"From: a@x.example\r\nFrom: b@x.example\r\n\r\nTwice.",
        b"From: undisclosed\r\n\r\nNone.",
        b"From: a@x.example\r\n\r\n" + b"x" * LARGEST,
    ],
)
def test_without_one_sender_there_is_nobody_to_answer(raw: bytes) -> None:
    assert read_letter(raw) is None


def nested(depth: int) -> bytes:
    raw = b"Content-Type: text/plain\r\n\r\nDeep."
    for level in range(depth):
        mark = f"m{level}".encode()
        head = b'Content-Type: multipart/mixed; boundary="' + mark + b'"\r\n\r\n'
        raw = head + b"--" + mark + b"\r\n" + raw + b"\r\n--" + mark + b"--\r\n"
    return HEAD + raw


def test_bombs_do_not_go_off() -> None:
    assert read(nested(20)).text == "Deep."
    deep = read_letter(nested(3000))
    assert deep is None or deep.text == ""
    many = b"\r\n".join(b"--m\r\nContent-Disposition: attachment\r\n\r\nx" for _one in range(5000))
    head = b'Content-Type: multipart/mixed; boundary="m"\r\n\r\n'
    assert len(read(HEAD + head + many + b"\r\n--m--").files) == MOST_FILES
    long = read(HEAD + b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\r\n\r\nwords")
    assert len(long.subject) <= 4000
    angles = read_letter(HEAD + b"Cc: " + b"<<<<(" * 50_000 + b"\r\n\r\nwords")
    assert angles is None or angles.text == "words"
    assert read(HEAD + b"X-A: b\r\n" * 20_000 + b"\r\nwords").text == "words"


def test_nothing_that_a_database_refuses_comes_through() -> None:
    letter = read(HEAD + b"Subject: a\0b\xff\r\n\r\nwords\0 and\x1b more \xff")
    assert "\0" not in letter.subject + letter.text
    assert (letter.subject + letter.text).encode()


def test_verdicts_are_believed_of_our_server_alone() -> None:
    def verified(*said: str, server: str = "mx.portal.example") -> bool:
        return is_verified(said, server, "pia@oskelund.example")

    good = "mx.portal.example; dmarc=pass header.from=oskelund.example"
    assert verified(good)
    assert verified("mx.portal.example; spf=none; dkim=pass header.d=oskelund.example")
    assert verified("mx.portal.example; spf=pass smtp.mailfrom=x@oskelund.example")
    assert not verified()
    assert not verified(good, server="")
    assert not verified("evil.example; dmarc=pass header.from=oskelund.example", good)
    assert not verified("mx.portal.example; dkim=pass header.d=evil.example")
    assert not verified("mx.portal.example; dkim=fail header.d=oskelund.example")
    assert not verified("mx.portal.example; dkim=pass header.d=example")
    assert not verified("mx.portal.example; none (dkim=pass header.d=oskelund.example)")
    assert not verified("mx.portal.example.evil; dkim=pass header.d=oskelund.example")
