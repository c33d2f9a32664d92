"""/people: who can sign in, and invitations."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from portal.models import Invitation
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, field_of, queued_mails, text_of
from tests.world import ADMIN, ELIF, HENRIK, INGRID, JONAS, MARA, NOW, OSKELUND, PIA, QUILLON

NEW = {"email": "nora@oskelund.example", "name": "Nora Vik", "role": "member", "locale": "en"}


def key_of_newest(door: Door) -> str:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return session.scalars(select(Invitation.key).order_by(Invitation.id.desc())).first() or ""


def test_ingrid_sees_her_own_people_alone(door: Door) -> None:
    said = text_of(door.sign_in(INGRID).get("/people"))
    assert "3 people of Oskelund Foods can sign in." in said
    assert PIA in said
    assert HENRIK in said
    assert ELIF not in said
    assert MARA not in said


def test_ingrid_invites_a_member(door: Door) -> None:
    client = door.sign_in(INGRID)
    response = client.post("/people/invitations", data=NEW)
    assert response.headers["Location"] == "/people"
    said = text_of(client.get("/people"))
    assert "The invitation to nora@oskelund.example is on its way." in said
    assert "open until" in said
    mail = queued_mails(door.world.database, "invitation")[0]
    assert mail["recipient"] == NEW["email"]
    assert mail["values"]["inviter"] == "Ingrid Dahle"
    assert mail["values"]["account"] == "Oskelund Foods"
    assert actions_of(door.world.database) == ["invitation.sent"]


@pytest.mark.parametrize("role", ["csm", "admin", "visitor", "king", ""])
def test_ingrid_gives_only_roles_of_customers(door: Door, role: str) -> None:
    response = door.sign_in(INGRID).post("/people/invitations", data={**NEW, "role": role})
    assert response.status_code == 422
    assert queued_mails(door.world.database, "invitation") == []


def test_ingrid_invites_for_her_own_account_whatever_is_sent(door: Door) -> None:
    data = {**NEW, "account": QUILLON.key}
    assert door.sign_in(INGRID).post("/people/invitations", data=data).status_code == 302
    mail = queued_mails(door.world.database, "invitation")[0]
    assert mail["values"]["account"] == "Oskelund Foods"


def test_the_csm_invites_for_the_accounts_in_their_hands(door: Door) -> None:
    mara, jonas = door.sign_in(MARA), door.sign_in(JONAS)
    data = {**NEW, "account": OSKELUND.key}
    assert mara.post("/people/invitations", data=data).status_code == 302
    assert jonas.post("/people/invitations", data=data).status_code == 422
    assert NEW["email"] in text_of(mara.get("/people"))
    assert NEW["email"] not in text_of(jonas.get("/people"))


def test_a_member_of_the_team_is_invited_by_the_admin_alone(door: Door) -> None:
    data = {**NEW, "role": "csm", "account": ""}
    assert door.sign_in(ADMIN).post("/people/invitations", data=data).status_code == 302
    assert door.sign_in(MARA).post("/people/invitations", data=data).status_code == 422


def test_a_customer_role_needs_an_account_and_a_team_role_none(door: Door) -> None:
    admin = door.sign_in(ADMIN)
    lacks = admin.post("/people/invitations", data={**NEW, "account": ""})
    assert lacks.status_code == 422
    assert "belongs to an account: choose it" in text_of(lacks)
    data = {**NEW, "role": "csm", "account": OSKELUND.key}
    extra = admin.post("/people/invitations", data=data)
    assert extra.status_code == 422
    assert "belong to no account" in text_of(extra)


def test_who_signs_in_already_is_told_within_the_account_alone(door: Door) -> None:
    client = door.sign_in(INGRID)
    own = client.post("/people/invitations", data={**NEW, "email": PIA})
    assert own.status_code == 422
    assert "This person can sign in already." in text_of(own)
    assert f'value="{PIA}"' in field_of(own, "email")
    known_elsewhere = client.post("/people/invitations", data={**NEW, "email": ELIF})
    known_nowhere = client.post("/people/invitations", data={**NEW, "email": "x@quillon.example"})
    assert known_elsewhere.status_code == known_nowhere.status_code == 302


def test_nobody_is_invited_twice_at_once(door: Door) -> None:
    client = door.sign_in(INGRID)
    client.post("/people/invitations", data=NEW)
    again = client.post("/people/invitations", data=NEW)
    assert again.status_code == 422
    assert "is invited already" in text_of(again)
    assert len(queued_mails(door.world.database, "invitation")) == 1


def test_sending_again_makes_the_old_link_worthless(door: Door) -> None:
    client = door.sign_in(INGRID)
    client.post("/people/invitations", data=NEW)
    key = key_of_newest(door)
    assert client.post(f"/people/invitations/{key}/mail").status_code == 302
    links = [
        urlsplit(mail["values"]["link"]).path
        for mail in queued_mails(door.world.database, "invitation")
    ]
    assert len(set(links)) == 2
    assert door.visitor().get(links[0]).status_code == 404
    assert door.visitor().get(links[1]).status_code == 200


def test_a_withdrawn_invitation_is_shut(door: Door) -> None:
    client = door.sign_in(INGRID)
    client.post("/people/invitations", data=NEW)
    key = key_of_newest(door)
    link = urlsplit(queued_mails(door.world.database, "invitation")[0]["values"]["link"]).path
    assert client.post(f"/people/invitations/{key}/withdrawal").status_code == 302
    page = door.visitor().get(link)
    assert page.status_code == 410
    assert "This invitation was withdrawn" in text_of(page)
    client.post(f"/people/invitations/{key}/mail")
    assert "This invitation is settled already." in text_of(client.get("/people"))
    assert client.post("/people/invitations", data=NEW).status_code == 302


@pytest.mark.parametrize("path", ["mail", "withdrawal"])
def test_anothers_invitation_is_a_missing_one(door: Door, path: str) -> None:
    door.sign_in(INGRID).post("/people/invitations", data=NEW)
    foreign = f"/people/invitations/{key_of_newest(door)}/{path}"
    elif_ = door.sign_in(ELIF)
    answers = [elif_.post(foreign), elif_.post(f"/people/invitations/never/{path}")]
    assert [one.status_code for one in answers] == [404, 404]


@pytest.mark.parametrize("path", ["mail", "withdrawal"])
def test_the_teams_invitations_are_out_of_a_champions_reach(door: Door, path: str) -> None:
    data = {**NEW, "role": "csm", "account": ""}
    door.sign_in(ADMIN).post("/people/invitations", data=data)
    ingrid = door.sign_in(INGRID)
    assert NEW["email"] not in text_of(ingrid.get("/people"))
    url = f"/people/invitations/{key_of_newest(door)}/{path}"
    assert ingrid.post(url).status_code == 404


def test_others_may_not(door: Door) -> None:
    for email in (PIA, HENRIK):
        assert door.sign_in(email).get("/people").status_code == 403
        assert door.sign_in(email).post("/people/invitations", data=NEW).status_code == 403
    assert door.visitor().get("/people").status_code == 302
    assert door.visitor().post("/people/invitations", data=NEW).status_code == 401


def test_invitations_have_a_limit(door: Door) -> None:
    client = door.sign_in(INGRID)
    answers = {client.post("/people/invitations", data={}).status_code for _ in range(60)}
    assert answers == {422}
    refused = client.post("/people/invitations", data=NEW)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999", "²", "2"])
def test_any_page_number_shows_a_list(door: Door, page: str) -> None:
    assert door.sign_in(INGRID).get(f"/people?page={page}").status_code == 200
