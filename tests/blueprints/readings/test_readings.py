"""Ingrid and Pia (Oskelund), Elif (Quillon) read; Mara (their CSM) and an editor look at it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.models import KnowledgeReading, KnowledgeVerdict
from portal.services.content_files import load_content
from portal.tenancy import system_scope
from tests.apps import Door
from tests.hub import write_text, writing
from tests.world import ELIF, INGRID, MARA, NOW, PIA

PUBLIC, OF_OSKELUND = "for-everyone", "for-oskelund"


@pytest.fixture(autouse=True)
def _content(door: Door, tmp_path: Path) -> None:
    write_text(tmp_path, PUBLIC, "public", features="[approval-chains]")
    write_text(tmp_path, OF_OSKELUND, "{accounts: [oskelund-foods]}")
    with writing(door.world.database) as session:
        load_content(session, tmp_path)


def counted(door: Door, what: type) -> int:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return session.scalar(select(func.count()).select_from(what)) or 0


def test_a_reader_is_counted_once_a_visit(door: Door) -> None:
    for _ in range(3):
        assert door.sign_in(PIA).post(f"/knowledge/{PUBLIC}/readings").status_code == 204
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(KnowledgeReading.times)).all() == [1]


def test_a_later_visit_counts_again(door: Door) -> None:
    door.sign_in(PIA).post(f"/knowledge/{PUBLIC}/readings")
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        row = session.scalars(select(KnowledgeReading)).one()
        row.last_at -= timedelta(minutes=31)
        session.commit()
    door.sign_in(PIA).post(f"/knowledge/{PUBLIC}/readings")
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(KnowledgeReading.times)).all() == [2]


def test_people_of_the_vendor_are_not_counted(door: Door) -> None:
    assert door.sign_in(MARA).post(f"/knowledge/{PUBLIC}/readings").status_code == 204
    assert counted(door, KnowledgeReading) == 0


@pytest.mark.parametrize("path", ["readings", "verdict/helped", "verdict"])
def test_what_one_may_not_read_is_not_there(door: Door, path: str) -> None:
    answer = door.sign_in(ELIF).post(f"/knowledge/{OF_OSKELUND}/{path}", data={"reason": "wrong"})
    assert answer.status_code == 404
    assert counted(door, KnowledgeVerdict) == counted(door, KnowledgeReading) == 0


def test_colleagues_are_counted_within_the_company_only(door: Door) -> None:
    for email in (PIA, ELIF):
        door.sign_in(email).post(f"/knowledge/{PUBLIC}/readings")
    said = door.sign_in(INGRID).get(f"/knowledge/{PUBLIC}/company")
    assert "1 colleague of yours has read this." in said.text
    assert said.headers["Cache-Control"] == "no-store"
    assert "read this" not in door.sign_in(ELIF).get(f"/knowledge/{PUBLIC}/company").text


def test_a_newer_answer_takes_the_place_of_the_older(door: Door) -> None:
    door.sign_in(PIA).post(f"/knowledge/{PUBLIC}/verdict/helped")
    words = {"reason": "outdated", "words": "The menu has another name."}
    assert door.sign_in(PIA).post(f"/knowledge/{PUBLIC}/verdict", data=words).status_code == 302
    with door.world.database.session(system_scope(NOW, "test")) as session:
        row = session.scalars(select(KnowledgeVerdict)).one()
        assert (row.helpful, row.reason, row.words) == (False, "outdated", words["words"])


@pytest.mark.parametrize(
    "data", [{}, {"reason": "no-such"}, {"reason": "wrong", "words": "x" * 1001}]
)
def test_a_bad_answer_is_refused_and_keeps_the_words(door: Door, data: dict[str, str]) -> None:
    answer = door.sign_in(PIA).post(f"/knowledge/{PUBLIC}/verdict", data=data)
    assert answer.status_code == 422
    assert data.get("words", "") in answer.text
    assert counted(door, KnowledgeVerdict) == 0


def test_the_statistics_count_all_and_name_only_the_readers_own(door: Door) -> None:
    for email in (PIA, INGRID, ELIF):
        client = door.sign_in(email)
        client.post(f"/knowledge/{PUBLIC}/readings")
        client.post(
            f"/knowledge/{PUBLIC}/verdict", data={"reason": "unclear", "words": f"by {email}"}
        )
    row = door.role("editor").get("/reading-statistics.csv").text.splitlines()[1]
    assert row == f"{PUBLIC},faq,Penguin {PUBLIC},3,2,3,3,0,0.0"
    page = door.role("editor").get(f"/reading-statistics/{PUBLIC}").text
    assert "3 people of 2 accounts have read it" in page
    assert f"by {ELIF}" in page
    assert "Oskelund" not in page
    assert "Quillon" not in page


def test_a_csm_is_told_which_of_their_accounts_read_it(door: Door) -> None:
    for email in (PIA, ELIF):
        door.sign_in(email).post(f"/knowledge/{PUBLIC}/readings")
    page = door.sign_in(MARA).get(f"/reading-statistics/{PUBLIC}").text
    assert "Oskelund Foods" in page


def test_a_customer_never_sees_the_statistics(door: Door) -> None:
    assert door.sign_in(INGRID).get("/reading-statistics").status_code == 403
    assert door.sign_in(INGRID).get(f"/reading-statistics/{PUBLIC}").status_code == 403


@pytest.mark.parametrize("query", ["days=31", "type=x", "sort=x", "days=x"])
def test_an_odd_question_is_not_found(door: Door, query: str) -> None:
    assert door.role("editor").get(f"/reading-statistics?{query}").status_code == 404


def test_a_customer_is_asked_and_a_visitor_is_not(door: Door) -> None:
    assert "Did this help?" in door.sign_in(PIA).get(f"/knowledge/{PUBLIC}?locale=en").text
    assert "Did this help?" not in door.visitor().get(f"/knowledge/{PUBLIC}?locale=en").text
    assert "Did this help?" not in door.sign_in(MARA).get(f"/knowledge/{PUBLIC}?locale=en").text
