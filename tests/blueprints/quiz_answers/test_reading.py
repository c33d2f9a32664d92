"""Answers in own words are read by who looks after the account, and decide the quiz."""

from pathlib import Path

import pytest
from sqlalchemy import select

from portal.models import Certificate, OutboxMessage, QuizAttempt
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.training.test_learning import begin, sent
from tests.courses import RIGHT, load_course, write_course
from tests.world import JONAS, MARA, NOW, PIA

WORDS = "The orders’ chain, it waits two days."


@pytest.fixture
def waiting(door: Door, tmp_path: Path) -> tuple[Door, str]:
    """Pia's quiz hangs on what she wrote in her own words; its key."""
    write_course(tmp_path, mark=100, own_words=True)
    load_course(door.world.database, tmp_path)
    pia = door.sign_in(PIA)
    address = begin(pia)
    pia.post(address, data={**sent(RIGHT), "q-own": WORDS})
    assert "Your answers are being read." in pia.get(address).get_data(as_text=True)
    return door, address.rpartition("/")[2]


def test_right_answers_pass_and_are_told(waiting: tuple[Door, str]) -> None:
    door, key = waiting
    mara = door.sign_in(MARA)
    assert "1 quiz waits" in mara.get("/quiz-answers").get_data(as_text=True)
    page = mara.get(f"/quiz-answers/{key}").get_data(as_text=True)
    assert WORDS in page
    assert "Names a chain and its wait." in page
    mara.post(f"/quiz-answers/{key}", data={"right-own": "yes", "said-own": "Well seen."})
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert len(session.scalars(select(Certificate)).all()) == 1
        mails = session.scalars(select(OutboxMessage.payload)).all()
    assert [one["values"]["passed"] for one in mails if one.get("template") == "quiz_read"] == [
        True
    ]
    assert mara.get(f"/quiz-answers/{key}").status_code == 404


def test_wrong_answers_fail(waiting: tuple[Door, str]) -> None:
    door, key = waiting
    door.sign_in(MARA).post(f"/quiz-answers/{key}", data={"right-own": "no"})
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(QuizAttempt.state)).one() == "failed"


def test_a_decision_is_asked_for_and_the_words_are_kept(waiting: tuple[Door, str]) -> None:
    door, key = waiting
    response = door.sign_in(MARA).post(f"/quiz-answers/{key}", data={"said-own": "Well seen."})
    assert response.status_code == 422
    assert "Well seen." in response.get_data(as_text=True)


def test_who_looks_after_another_account_reads_nothing(waiting: tuple[Door, str]) -> None:
    door, key = waiting
    jonas = door.sign_in(JONAS)
    assert "Pia" not in jonas.get("/quiz-answers").get_data(as_text=True)
    assert jonas.get(f"/quiz-answers/{key}").status_code == 404
    assert jonas.post(f"/quiz-answers/{key}", data={"right-own": "yes"}).status_code == 404
