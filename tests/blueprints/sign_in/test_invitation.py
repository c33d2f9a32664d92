"""/invitations/<secret>: the link of an invitation."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import update

from portal.models import Invitation
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, field_of, queued_mails, text_of
from tests.world import ADMIN, ELIF, INGRID, NOW

NEW = "nora@oskelund.example"
GOOD = {"name": "Nora Vik", "password": "three boats in the harbour"}


def invite(door: Door, by: str = INGRID, **more: str) -> str:
    """Invites and returns the link's path."""
    data = {"email": NEW, "name": "Nora", "role": "member", "locale": "en", **more}
    assert door.sign_in(by).post("/people/invitations", data=data).status_code == 302
    return newest_link(door)


def newest_link(door: Door) -> str:
    link: str = queued_mails(door.world.database, "invitation")[-1]["values"]["link"]
    return urlsplit(link).path


def test_nora_accepts_and_is_in(door: Door) -> None:
    path = invite(door)
    client = door.visitor()
    page = client.get(path)
    assert page.status_code == 200
    assert "Oskelund Foods" in text_of(page)
    assert NEW in text_of(page)
    assert 'value="Nora"' in field_of(page, "name")
    assert "At least 12 characters" in text_of(page)
    response = client.post(path, data=GOOD)
    assert response.headers["Location"] == "/"
    me = client.get("/me")
    assert "Nora Vik" in text_of(me)
    assert "Member" in text_of(me)
    assert actions_of(door.world.database) == [
        "invitation.sent",
        "invitation.accepted",
        "sign-in.succeeded",
    ]


def test_the_page_speaks_the_language_of_the_invitation(door: Door) -> None:
    invite(door, locale="zh-Hant")
    mail = queued_mails(door.world.database, "invitation")[-1]
    assert mail["locale"] == "zh-Hant"
    link = urlsplit(mail["values"]["link"])
    page = door.visitor().get(f"{link.path}?{link.query}")
    assert '<html lang="zh-Hant"' in page.text


def test_a_used_link_says_so_kindly(door: Door) -> None:
    path = invite(door)
    door.visitor().post(path, data=GOOD)
    for response in (door.visitor().get(path), door.visitor().post(path, data=GOOD)):
        assert response.status_code == 410
        assert "This invitation is accepted already." in text_of(response)


def test_an_old_link_says_so_kindly(door: Door) -> None:
    path = invite(door)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(Invitation).values(expires_at=NOW - timedelta(days=400)))
        session.commit()
    response = door.visitor().post(path, data=GOOD)
    assert response.status_code == 410
    assert "This invitation has expired" in text_of(response)


def test_a_link_that_nobody_was_sent(door: Door) -> None:
    for response in (
        door.visitor().get("/invitations/never-sent"),
        door.visitor().post("/invitations/never-sent", data=GOOD),
        door.visitor().get("/invitations/%00"),
    ):
        assert response.status_code == 404
        assert "This link leads nowhere" in text_of(response)


def test_a_poor_password_is_refused_and_the_name_kept(door: Door) -> None:
    path = invite(door)
    response = door.visitor().post(path, data={"name": "Nora Vik", "password": "nora@oskelund!"})
    assert response.status_code == 422
    assert "mostly your own name or address" in text_of(response)
    assert 'value="Nora Vik"' in field_of(response, "name")
    assert "autofocus" in field_of(response, "password")


def test_a_name_is_asked_for(door: Door) -> None:
    path = invite(door)
    response = door.visitor().post(path, data={**GOOD, "name": " "})
    assert response.status_code == 422
    assert "Say how we may call you." in text_of(response)


def test_two_accounts_may_invite_one_address_and_the_first_link_wins(door: Door) -> None:
    first = invite(door, INGRID)
    second = invite(door, ELIF)
    assert first != second
    assert door.visitor().post(first, data=GOOD).status_code == 302
    response = door.visitor().get(second)
    assert response.status_code == 410
    assert "This address signs in already" in text_of(response)


def test_the_vendor_invites_into_its_team(door: Door) -> None:
    path = invite(door, ADMIN, role="csm", account="")
    page = text_of(door.visitor().get(path))
    assert "the team of Ferrymark" in page
    client: FlaskClient = door.visitor()
    client.post(path, data=GOOD)
    assert "Customer success manager" in text_of(client.get("/me"))


def test_the_page_is_kept_nowhere(door: Door) -> None:
    assert door.visitor().get(invite(door)).headers["Cache-Control"] == "no-store"
