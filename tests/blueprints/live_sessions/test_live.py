"""A CSM plans a live session; a guest says what they need, comes, and gets the materials."""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select, update

from portal.models import Mail, OutboxMessage, SessionGuest, TrainingSession
from portal.services.mail import keep_mail
from portal.services.mail_delivery import compose
from portal.tenancy import system_scope
from tests.apps import Door, make_settings
from tests.world import ELIF, HENRIK, INGRID, JONAS, MARA, NOW, OSKELUND, PIA

PLAN = f"/sessions/new/{OSKELUND.key}"
# At noon, which every zone has on every day.
SOON = (datetime.now(UTC) + timedelta(days=7)).replace(
    hour=12, minute=0, second=0, microsecond=0, tzinfo=None
)
TEXT = {
    "title": "Shorter chains, live",
    "starts_at": SOON.isoformat(timespec="minutes"),
    "minutes": "60",
    "trainer": "Mara",
    "place": "Room 2",
    "link": "https://meet.example/abc",
    "note": "Bring a chain of yours.",
}


@pytest.fixture
def planned(door: Door) -> tuple[Door, str]:
    """The address of a session to which Pia and Henrik are invited."""
    people = [door.world.keys[one] for one in (PIA, HENRIK)]
    response = door.sign_in(MARA).post(PLAN, data={**TEXT, "people": people})
    assert response.status_code == 302
    return door, response.headers["Location"]


def shift(door: Door, **by: float) -> None:
    """The session begins so long from now."""
    starts_at = datetime.now(UTC) + timedelta(**by)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(TrainingSession).values(starts_at=starts_at))
        session.commit()


def mails(door: Door) -> list[EmailMessage]:
    """As they leave."""
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all():
            payload = {**row.payload, "idempotency_key": row.idempotency_key}
            keep_mail(session, payload, row.account_id)
        kept = session.scalars(select(Mail).order_by(Mail.id)).all()
        return [compose(one, make_settings(), "Ferrymark") for one in kept]


def entries(door: Door, recipient: str) -> list[tuple[str, str, int, str]]:
    """(method, uid, sequence, status) of the calendar parts, in their order."""
    found = []
    for mail in mails(door):
        part = next((one for one in mail.walk() if one.get_param("method")), None)
        if mail["To"] != recipient or part is None:
            continue
        calendar = Calendar.from_ical(part.get_content())
        event = calendar.walk("VEVENT")[0]
        assert part.get_param("method") == calendar["METHOD"]
        assert recipient in str(event["ATTENDEE"])
        found.append(
            (
                str(calendar["METHOD"]),
                str(event["UID"]),
                int(str(event["SEQUENCE"])),
                str(event["STATUS"]),
            )
        )
    return found


def test_guests_are_invited_and_their_calendars_follow(planned: tuple[Door, str]) -> None:
    door, address = planned
    mara = door.sign_in(MARA)
    moved = {**TEXT, "starts_at": (SOON + timedelta(days=1)).isoformat(timespec="minutes")}
    assert mara.post(f"{address}/edit", data=moved).status_code == 302
    assert mara.post(f"{address}/cancellation").status_code == 302
    assert mara.post(f"{address}/cancellation").status_code == 302
    found = entries(door, PIA)
    assert [(one[0], one[2], one[3]) for one in found] == [
        ("REQUEST", 0, "CONFIRMED"),
        ("REQUEST", 1, "CONFIRMED"),
        ("CANCEL", 2, "CANCELLED"),
    ]
    assert len({one[1] for one in found}) == 1
    assert entries(door, INGRID) == []


def test_a_guest_is_invited_later_taken_off_and_invited_again(planned: tuple[Door, str]) -> None:
    door, address = planned
    mara, key = door.sign_in(MARA), door.world.keys[INGRID]
    assert "Invite more guests" in mara.get(address).get_data(as_text=True)
    for step in ("guests", f"guests/{key}/removal", "guests"):
        assert mara.post(f"{address}/{step}", data={"people": [key]}).status_code == 302
    assert [(one[0], one[2], one[3]) for one in entries(door, INGRID)] == [
        ("REQUEST", 1, "CONFIRMED"),
        ("CANCEL", 2, "CANCELLED"),
        ("REQUEST", 3, "CONFIRMED"),
    ]
    assert len({one[1] for one in entries(door, INGRID)}) == 1
    assert len(entries(door, PIA)) == 1, "who is invited already hears nothing"
    assert door.sign_in(INGRID).get(address).status_code == 200
    mara.post(f"{address}/guests", data={"people": [key, door.world.keys[ELIF]]})
    assert "Invite somebody." in mara.get(address).get_data(as_text=True)


def test_who_came_stays_on_the_list_and_nobody_is_invited_to_what_is_cancelled(
    planned: tuple[Door, str],
) -> None:
    door, address = planned
    mara, key = door.sign_in(MARA), door.world.keys[PIA]
    mara.post(f"{address}/guests/{key}/attendance", data={"came": "1"})
    mara.post(f"{address}/guests/{key}/removal")
    assert "Who came stays on the list." in mara.get(address).get_data(as_text=True)
    assert mara.post(f"{address}/guests/{door.world.keys[ELIF]}/removal").status_code == 404
    mara.post(f"{address}/cancellation")
    mara.post(f"{address}/guests", data={"people": [door.world.keys[INGRID]]})
    assert "Invite more guests" not in mara.get(address).get_data(as_text=True)
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert len(session.scalars(select(SessionGuest)).all()) == 2


def test_the_invitation_carries_a_file_too(planned: tuple[Door, str]) -> None:
    door, _address = planned
    (mail, *_rest) = mails(door)
    names = [part.get_filename() for part in mail.walk() if part.get_filename()]
    assert names == ["invite.ics"]
    assert "Room 2" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr] # every mail of ours has one


def test_needs_are_told_before_and_read_by_the_trainer(planned: tuple[Door, str]) -> None:
    door, address = planned
    pia = door.sign_in(PIA)
    assert "What do you need?" in pia.get(address).get_data(as_text=True)
    pia.post(f"{address}/needs", data={"level": "some", "needs": "How do I find the wait?"})
    said = door.sign_in(MARA).get(address).get_data(as_text=True)
    assert "How do I find the wait?" in said
    assert "I have tried it" in said
    assert "How do I find" not in door.sign_in(HENRIK).get(address).get_data(as_text=True)


def code_of(client: FlaskClient, address: str) -> str:
    found = re.search(r'room-code">(\w{6})<', client.get(address).get_data(as_text=True))
    assert found
    return found[1]


def test_one_signs_in_with_the_code_of_the_room(planned: tuple[Door, str]) -> None:
    door, address = planned
    mara, pia = door.sign_in(MARA), door.sign_in(PIA)
    code = code_of(mara, address)
    pia.post(f"{address}/attendance", data={"code": code})
    assert "while the session runs" in pia.get(address).get_data(as_text=True)
    shift(door, minutes=10)
    page = pia.get(address).get_data(as_text=True)
    assert code not in page
    assert pia.post(f"{address}/attendance", data={"code": "wrong"}).status_code == 422
    typed = f" {code[:3].lower()} {code[3:].lower()}"
    assert pia.post(f"{address}/attendance", data={"code": typed}).status_code == 302
    assert "You took part." in pia.get(address).get_data(as_text=True)
    assert "1 of 2 came" in mara.get(address).get_data(as_text=True)


def test_the_trainer_marks_who_came_and_takes_it_back(planned: tuple[Door, str]) -> None:
    door, address = planned
    mara, user = door.sign_in(MARA), door.world.keys[HENRIK]
    for came, count in (("1", 1), ("0", 0)):
        mara.post(f"{address}/guests/{user}/attendance", data={"came": came})
        with door.world.database.session(system_scope(NOW, "test")) as session:
            rows = session.scalars(select(SessionGuest.attended_at)).all()
        assert sum(1 for row in rows if row) == count
    assert mara.post(f"{address}/guests/{door.world.keys[INGRID]}/attendance").status_code == 404


def test_materials_are_handed_out_and_told_once(planned: tuple[Door, str]) -> None:
    door, address = planned
    mara = door.sign_in(MARA)
    for materials in ("https://files.example/a", "https://files.example/b"):
        mara.post(f"{address}/materials", data={"recording": "", "materials": materials})
    assert mara.post(f"{address}/materials", data={"materials": "javascript:x"}).status_code == 422
    assert "https://files.example/b" in door.sign_in(PIA).get(address).get_data(as_text=True)
    told = [one for one in mails(door) if "recording and materials" in one["Subject"]]
    assert sorted(one["To"] for one in told) == sorted([PIA, HENRIK])


def test_only_guests_and_who_looks_after_the_account_see_it(planned: tuple[Door, str]) -> None:
    door, address = planned
    for stranger in (ELIF, JONAS, INGRID):
        client = door.sign_in(stranger)
        assert client.get(address).status_code == 404
        assert client.get(f"{address}/calendar.ics").status_code == 404
        assert "Shorter chains, live" not in client.get("/sessions").get_data(as_text=True)
    calendar = door.sign_in(PIA).get(f"{address}/calendar.ics")
    assert Calendar.from_ical(calendar.data)["METHOD"] == "PUBLISH"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"people": []}, "Invite somebody."),
        ({"title": ""}, "Write a title."),
        ({"starts_at": "2020-01-01T10:00"}, "still to come"),
        ({"starts_at": "soon"}, "Choose day and time."),
        ({"starts_at": "0001-01-01T00:00"}, "Choose a year from 2000 to 2100."),
        ({"starts_at": "9999-12-31T23:59"}, "Choose a year from 2000 to 2100."),
        ({"minutes": "0"}, "From 5 to 600."),
        ({"link": "javascript:alert(1)"}, "begins with https://"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    door: Door, change: dict[str, object], said: str
) -> None:
    data = {**TEXT, "people": [door.world.keys[PIA]], **change}
    response = door.sign_in(MARA).post(PLAN, data=data)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in page
    assert "Bring a chain of yours." in page
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(TrainingSession)).all() == []


def test_it_is_found_by_those_who_are_invited_and_stands_in_the_hub(
    planned: tuple[Door, str],
) -> None:
    door, address = planned
    asked = "/search?q=shorter+chains+live"
    for who in (PIA, HENRIK, MARA):
        client = door.sign_in(who)
        assert f'href="{address}"' in client.get(asked).text
        assert "type=session" in client.get(asked).text
        hub = client.get("/knowledge").text
        assert 'hx-get="/sessions/coming"' in hub
        assert "htmx.min.js" in hub
        part = client.get("/sessions/coming").text
        assert f'href="{address}"' in part
        assert ("Oskelund" in part) == (who == MARA)
    # Ingrid is of the company and not invited; Jonas looks after another one.
    for who in (INGRID, ELIF, JONAS):
        client = door.sign_in(who)
        assert address not in client.get(asked).text
        assert "type=session" not in client.get(asked).text
        assert client.get("/sessions/coming").text.strip() == ""
    assert address not in door.visitor().get(asked).text
    hub = door.visitor().get("/knowledge").text
    assert "sessions/coming" not in hub
    assert "htmx" not in hub


def test_what_is_over_or_cancelled_is_not_coming(planned: tuple[Door, str]) -> None:
    door, address = planned
    pia = door.sign_in(PIA)
    shift(door, hours=-3)
    assert pia.get("/sessions/coming").text.strip() == ""
    shift(door, days=2)
    assert address in pia.get("/sessions/coming").text
    assert door.sign_in(MARA).post(f"{address}/cancellation").status_code == 302
    assert door.sign_in(PIA).get("/sessions/coming").text.strip() == ""
