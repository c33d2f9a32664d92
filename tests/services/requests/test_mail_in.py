"""Mails become messages and questions of those who wrote them, once, and of nobody else."""

from email.message import EmailMessage
from gettext import NullTranslations
from pathlib import Path

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from portal.db import Database
from portal.models import Mail, OutboxMessage, Request, RequestMessage, User
from portal.services.requests import mail_in
from portal.services.requests.files import files_of
from portal.services.requests.mail_addresses import reply_address
from portal.services.requests.mail_in import (
    MOST_AN_HOUR,
    MailDoor,
    Outcome,
    count_outcomes,
    strangers,
    take_mail,
)
from portal.services.requests.showing import show_request
from portal.tenancy import system_scope
from tests.apps import make_settings
from tests.services.requests.town import Town
from tests.world import ELIF, HENRIK, INGRID, JONAS, MARA, PIA, build_world

ADDRESS = "requests@portal.example"
SERVER = "mx.portal.example"


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


@pytest.fixture
def door(town: Town, tmp_path: Path) -> MailDoor:
    settings = make_settings(mail_in_address=ADDRESS, mail_in_server=SERVER, data_dir=tmp_path)
    return MailDoor(town.world.database, settings, lambda: town.now)


def mail(sender: str, to: str = ADDRESS, text: str = "It fails.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    domain = sender.partition("@")[2]
    if headers.pop("signed", "yes") == "yes":
        message["Authentication-Results"] = f"{SERVER}; dkim=pass header.d={domain}"
    message["From"], message["To"] = sender, to
    message["Subject"] = headers.pop("subject", "Own plants")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def take(door: MailDoor, message: EmailMessage) -> Outcome:
    return take_mail(door, message.as_bytes())


def reply_to(door: MailDoor, town: Town, key: str, email: str) -> str:
    made = reply_address(door.settings, key, town.world.users[email][0])
    assert made is not None
    return made


def test_an_answer_is_its_writers_message_once(door: MailDoor, town: Town) -> None:
    key = town.hand_in(INGRID)
    letter = mail(
        PIA,
        reply_to(door, town, key, PIA),
        "It works.\n\nOn 1 May 2026, Mara wrote:\n> Does it?",
        signed="no",
        Message_ID="<a@x.example>",
    )
    letter.add_attachment("a,b", filename="plants.csv")
    letter.add_attachment(b"MZ\0\0", maintype="application", subtype="x", filename="setup.exe")
    assert take(door, letter) is Outcome.MESSAGE
    assert take(door, letter) is Outcome.KNOWN
    view = town.call(INGRID, show_request, key)
    said = [one for one in view.happened if one.kind == "message"]
    assert [one.who for one in said] == ["Pia Nygård"]
    assert said[0].text == "It works.\n[setup.exe: not taken]"
    files = town.call(INGRID, files_of, key, scanned=False)
    assert [one.name for one in files[said[0].key]] == ["plants.csv"]


def test_what_is_not_taken_is_said_in_the_writer_s_language(
    door: MailDoor, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Catalogue(NullTranslations):
        def gettext(self, message: str) -> str:
            return {"[%(name)s: not taken]": "[%(name)s: tas inte emot]"}.get(message, message)

    monkeypatch.setattr(mail_in, "translations", {"zh-Hans": Catalogue()}.__getitem__)
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.execute(update(User).where(User.email == PIA).values(locale="zh-Hans"))
        session.commit()
    key = town.hand_in(INGRID)
    letter = mail(PIA, reply_to(door, town, key, PIA))
    letter.add_attachment(b"MZ\0\0", maintype="application", subtype="x", filename="setup.exe")
    assert take(door, letter) is Outcome.MESSAGE
    said = town.call(INGRID, show_request, key).happened[-1].text
    assert said.splitlines()[-1] == "[setup.exe: tas inte emot]"


def test_the_vendors_people_answer_too(door: MailDoor, town: Town) -> None:
    key = town.hand_in(INGRID)
    assert take(door, mail(MARA, reply_to(door, town, key, MARA))) is Outcome.MESSAGE
    # Jonas looks after another account, whatever address he has got hold of.
    assert take(door, mail(JONAS, reply_to(door, town, key, JONAS))) is Outcome.REFUSED


@pytest.mark.parametrize("sender", [INGRID, ELIF, HENRIK, "stranger@elsewhere.example"])
def test_anothers_reply_address_is_no_door(door: MailDoor, town: Town, sender: str) -> None:
    key = town.hand_in(INGRID)
    assert take(door, mail(sender, reply_to(door, town, key, PIA))) is Outcome.UNVERIFIED
    assert town.call(INGRID, show_request, key).happened[-1].kind == "state"


def test_a_verified_customer_asks_a_question(door: MailDoor, town: Town) -> None:
    assert take(door, mail(PIA, text="Where is it?\n-- \nPia", subject="尺寸")) is Outcome.REQUEST
    with town.session(PIA) as session:
        row = session.execute(
            select(Request.kind, Request.title, Request.told, Request.channel)
        ).one()
    assert tuple(row) == ("question", "尺寸", {"question": "Where is it?"}, "mail")


@pytest.mark.parametrize(
    ("letter", "outcome"),
    [
        (mail(PIA, signed="no"), Outcome.UNVERIFIED),
        (mail("stranger@elsewhere.example"), Outcome.UNKNOWN),
        (mail(HENRIK), Outcome.UNKNOWN),
        (mail(MARA), Outcome.REFUSED),
        (mail(PIA, "requests+forged@portal.example"), Outcome.UNVERIFIED),
        (mail(PIA, Auto_Submitted="auto-replied"), Outcome.AUTOMATIC),
        (mail(PIA, Message_ID="<ours@localhost>"), Outcome.AUTOMATIC),
        (mail(ADDRESS), Outcome.AUTOMATIC),
        (mail(PIA, text="", subject=""), Outcome.REFUSED),
    ],
)
def test_what_is_not_taken_leaves_nothing_and_writes_to_nobody(
    door: MailDoor, town: Town, letter: EmailMessage, outcome: Outcome
) -> None:
    assert take(door, letter) is outcome
    with town.world.database.session(system_scope(town.now, "test")) as session:
        for model in (Request, RequestMessage, OutboxMessage, Mail):
            assert session.scalars(select(model)).all() == []
        assert count_outcomes(session) == {outcome.value: 1}


def test_dropped_senders_are_counted(door: MailDoor, town: Town) -> None:
    for number in range(3):
        take(door, mail("stranger@elsewhere.example", text=str(number)))
    take(door, mail(PIA, signed="no"))
    assert take_mail(door, b"broken") is Outcome.UNREADABLE
    with town.world.database.session(system_scope(town.now, "test")) as session:
        assert strangers(session) == [("stranger@elsewhere.example", 3), (PIA, 1)]


def test_a_loop_ends_and_the_next_hour_begins(door: MailDoor, town: Town) -> None:
    key = town.hand_in(INGRID)
    to = reply_to(door, town, key, PIA)
    taken = [take(door, mail(PIA, to, str(one))) for one in range(MOST_AN_HOUR + 2)]
    assert taken == [Outcome.MESSAGE] * MOST_AN_HOUR + [Outcome.TOO_MANY] * 2
    with town.world.database.session(system_scope(town.now, "test")) as session:
        assert count_outcomes(session) == {"message": MOST_AN_HOUR, "too-many": 2}
        assert strangers(session) == [(PIA, 2)]
    town.later(hours=1, minutes=1)
    assert take(door, mail(PIA, to, "again")) is Outcome.MESSAGE


def test_what_breaks_the_reader_is_dropped_and_told_in_the_log(
    door: MailDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_raw: bytes) -> None:
        raise TypeError("the parser's own")

    monkeypatch.setattr(mail_in, "read_letter", broken)
    with capture_logs() as told:
        assert take(door, mail(PIA)) is Outcome.UNREADABLE
    assert [one["event"] for one in told] == ["a mail could not be read"]


def test_a_very_long_one_is_cut(door: MailDoor, town: Town) -> None:
    key = town.hand_in(INGRID)
    letter = mail(PIA, reply_to(door, town, key, PIA), "words and words\n" * 5000)
    assert take(door, letter) is Outcome.MESSAGE
    text = town.call(PIA, show_request, key).happened[-1].text
    assert len(text) <= 8000
    assert text.endswith("…")
