"""/person-data: what is kept of a person, handed out and erased, by their champion or an
administrator.
"""

import json

import pytest
from sqlalchemy import select, update

from portal.models import Account, AuditEntry, PersonRequest, UsagePerson
from portal.services.person_requests import do_request, throw_files_away
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import days_back, morning, work
from tests.world import ADMIN, INGRID, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = "/person-data"
WHO = "osk-0001"


@pytest.fixture(autouse=True)
def use(door: Door) -> None:
    work(door.world.database, OSKELUND, [1, 2], days_back(1, 3))
    work(door.world.database, QUILLON, [1], days_back(1))


def requests(door: Door) -> list[PersonRequest]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return list(session.scalars(select(PersonRequest).order_by(PersonRequest.id)))


def finish(door: Door) -> str:
    key = requests(door)[-1].key
    do_request(door.world.database, lambda: NOW, key)
    return key


def test_a_champion_finds_a_person_and_takes_the_file_along(door: Door) -> None:
    ingrid = door.sign_in(INGRID)
    said = text_of(ingrid.get(f"{ADDRESS}?person={WHO}"))
    assert "What there is" in said
    assert WHO in said
    answer = ingrid.post(f"{ADDRESS}/exports", data={"person": WHO})
    assert answer.location == ADDRESS
    assert "begins in a moment" in text_of(ingrid.get(ADDRESS))
    key = finish(door)
    assert "Download" in text_of(ingrid.get(f"{ADDRESS}/requests"))
    file = ingrid.get(f"{ADDRESS}/exports/{key}")
    lines = [json.loads(line) for line in file.text.splitlines()]
    assert sum(line["kind"] == "message" for line in lines) == 2
    assert {line.get("message", {}).get("userId", WHO) for line in lines} == {WHO}
    with door.world.database.session(system_scope(NOW, "test")) as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "person.export-asked")
        ).one()
    assert (entry.object_key, entry.actor) == (key, INGRID)


def test_an_erasure_wants_the_id_typed(door: Door) -> None:
    ingrid = door.sign_in(INGRID)
    ingrid.post(f"{ADDRESS}/exports", data={"person": WHO})
    file = finish(door)
    said = text_of(ingrid.get(f"{ADDRESS}/erasure?person={WHO}"))
    assert "What goes" in said
    assert "Figures of the past do not change" in said
    wrong = ingrid.post(f"{ADDRESS}/erasures", data={"person": WHO, "typed": "osk-0002"})
    assert wrong.status_code == 422
    assert "This is not the id above. Nothing was erased." in text_of(wrong)
    assert len(requests(door)) == 1
    ingrid.post(f"{ADDRESS}/erasures", data={"person": WHO, "typed": WHO})
    finish(door)
    (erased,) = requests(door)
    assert erased.external_id.startswith("erased-")
    said = text_of(ingrid.get(ADDRESS))
    assert "Erased" in said
    assert WHO not in said
    assert ingrid.get(f"{ADDRESS}/exports/{file}").status_code == 404
    assert ingrid.get(f"{ADDRESS}?person={WHO}").status_code == 404
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert WHO not in session.scalars(select(UsagePerson.external_id)).all()
        assert not any(WHO in str(vars(one)) for one in session.scalars(select(AuditEntry)))


def test_whoever_is_not_of_the_account_is_not_found(door: Door) -> None:
    ingrid = door.sign_in(INGRID)
    for person in ("qui-0001", "nobody", "x\x00"):
        page = ingrid.get(ADDRESS, query_string={"person": person, "account": QUILLON.key})
        assert page.status_code in {404, 422}
        data = {"person": person, "account": QUILLON.key, "typed": person}
        for what in ("exports", "erasures"):
            assert ingrid.post(f"{ADDRESS}/{what}", data=data).status_code == 404
    assert requests(door) == []


def test_an_administrator_chooses_the_account(door: Door) -> None:
    admin = door.sign_in(ADMIN)
    whom = {"person": "qui-0001", "account": QUILLON.key}
    assert "Prepare the file" in text_of(admin.get(ADDRESS, query_string=whom))
    admin.post(f"{ADDRESS}/exports", data=whom)
    admin.post(f"{ADDRESS}/exports", data=whom)
    assert len(requests(door)) == 1
    assert "The same is under way already" in text_of(admin.get(ADDRESS))
    assert QUILLON.name not in text_of(door.sign_in(INGRID).get(ADDRESS))


def test_where_people_are_shown_in_groups_no_file_names_one(door: Door) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(Account).values(people_shown="groups"))
        session.commit()
    whom = {"person": WHO, "account": OSKELUND.key}
    for browser in (door.sign_in(INGRID), door.sign_in(ADMIN)):
        said = text_of(browser.get(ADDRESS, query_string=whom))
        assert "in groups only" in said
        assert "Prepare the file" not in said
        assert "First use" not in said
        browser.post(f"{ADDRESS}/exports", data=whom)
    assert requests(door) == []


def test_a_file_is_thrown_away_after_a_week(door: Door) -> None:
    ingrid = door.sign_in(INGRID)
    ingrid.post(f"{ADDRESS}/exports", data={"person": WHO})
    key = finish(door)
    for days, gone in ((6, 0), (8, 1)):
        later = system_scope(NOW.replace(day=NOW.day + days), "test")
        with door.world.database.session(later, writes=True) as session:
            assert throw_files_away(session) == gone
            session.commit()
    assert ingrid.get(f"{ADDRESS}/exports/{key}").status_code == 404
    assert "Thrown away after a week" in text_of(ingrid.get(ADDRESS))
