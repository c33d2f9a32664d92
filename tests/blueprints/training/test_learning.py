"""A member takes a course in the browser's stead: lessons, quiz, certificate, its check page."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models import Certificate, Enrolment, QuizAttempt, TrainingProgress
from portal.tenancy import system_scope
from tests.apps import Door
from tests.courses import RIGHT, SLUG, WRONG, load_course, write_course
from tests.world import ELIF, NOW, PIA

COURSE = f"/courses/{SLUG}"


@pytest.fixture
def learning(door: Door, tmp_path: Path) -> Door:
    write_course(tmp_path, locales=("en", "zh-Hans"), own_words=False)
    load_course(door.world.database, tmp_path)
    return door


def sent(answers: dict[str, list[str] | str]) -> dict[str, object]:
    """As the form sends them: the ordering by the place of each letter."""
    fields: dict[str, object] = {f"q-{key}": value for key, value in answers.items()}
    order = fields.pop("q-order")
    assert isinstance(order, list)
    return fields | {f"q-order.{letter}": str(at) for at, letter in enumerate(order, 1)}


def begin(client: FlaskClient) -> str:
    response = client.post(f"{COURSE}/attempts")
    assert response.status_code == 302
    return response.headers["Location"]


def hand_in(client: FlaskClient, answers: dict[str, list[str] | str]) -> str:
    """The page of the result."""
    address = begin(client)
    assert client.post(address, data=sent(answers)).status_code == 302
    return client.get(address).get_data(as_text=True)


def test_from_the_first_lesson_to_the_certificate(learning: Door) -> None:
    pia = learning.sign_in(PIA)
    assert "One course waits for you." in pia.get("/courses").get_data(as_text=True)
    page = pia.get(COURSE).get_data(as_text=True)
    assert "Begin the course" in page
    done = pia.post(f"{COURSE}/lessons/find/completion")
    assert done.headers["Location"].endswith("/lessons/leave-out")
    pia.post(f"{COURSE}/lessons/leave-out/completion")
    assert "Take the quiz" in pia.get(COURSE).get_data(as_text=True)
    result = hand_in(pia, RIGHT)
    assert "You have passed." in result
    assert "The longest wait decides the whole." in result
    code = re.search(r"/certificates/([0-9A-Z-]{19})", result)
    assert code
    check = learning.visitor().get(f"/certificates/{code[1]}")
    assert check.status_code == 200
    assert check.headers["Cache-Control"] == "no-store"
    said = check.get_data(as_text=True)
    assert "genuine and valid" in said
    assert PIA not in said


def test_the_page_before_handing_in_tells_no_answer(learning: Door) -> None:
    pia = learning.sign_in(PIA)
    address = begin(pia)
    page = pia.get(address).get_data(as_text=True)
    assert "Where do you look first?" in page
    for secret in ("The longest wait decides", "is-right", "right:"):
        assert secret not in page
    again = pia.get(address).get_data(as_text=True)
    values = re.compile(r'name="q-[^"]*"\s+value="([a-z])"')
    assert values.findall(page) == values.findall(again)


def test_failing_tells_the_score_alone_until_the_last_attempt(learning: Door) -> None:
    pia = learning.sign_in(PIA)
    first = hand_in(pia, WRONG)
    assert "Not passed this time." in first
    assert "0 of 3 were right." in first
    assert "The longest wait decides" not in first
    last = hand_in(pia, WRONG)
    assert "The longest wait decides" in last
    refused = pia.post(f"{COURSE}/attempts")
    assert refused.headers["Location"].endswith("/quiz")
    assert "No attempt is left" in pia.get(f"{COURSE}/quiz").get_data(as_text=True)


def test_an_attempt_goes_on_on_another_device(learning: Door) -> None:
    laptop, phone = learning.sign_in(PIA), learning.sign_in(PIA)
    address = begin(laptop)
    laptop.post(address, data={**sent(RIGHT), "later": "1"})
    assert begin(phone) == address
    page = phone.get(address).get_data(as_text=True)
    assert page.count(" checked") == 3
    phone.post(address, data=sent(RIGHT))
    laptop.post(address, data=sent(WRONG))
    assert "You have passed." in laptop.get(address).get_data(as_text=True)
    with learning.world.database.session(system_scope(NOW, "test")) as session:
        assert len(session.scalars(select(QuizAttempt)).all()) == 1
        assert len(session.scalars(select(Certificate)).all()) == 1


def test_what_is_not_answered_is_asked_for_and_the_rest_kept(learning: Door) -> None:
    pia = learning.sign_in(PIA)
    address = begin(pia)
    typed = {"q-slowest": "a", "q-order.a": "1", "q-order.b": "1", "q-order.c": "2"}
    response = pia.post(address, data=typed)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "2 questions have no answer yet." in page
    assert "Give every step a place of its own." in page
    assert page.count(" checked") == 1
    assert page.count(" selected") == 3
    assert "q-slowest-error" not in page


def test_a_lesson_is_done_once_and_can_be_taken_back(learning: Door) -> None:
    pia = learning.sign_in(PIA)
    for _ in range(2):
        pia.post(f"{COURSE}/lessons/find/completion")
    with learning.world.database.session(system_scope(NOW, "test")) as session:
        assert len(session.scalars(select(TrainingProgress)).all()) == 1
        assert len(session.scalars(select(Enrolment)).all()) == 1
    pia.post(f"{COURSE}/lessons/find/reopening")
    with learning.world.database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(TrainingProgress)).all() == []


def test_another_person_cannot_open_an_attempt(learning: Door) -> None:
    address = begin(learning.sign_in(PIA))
    for other in (ELIF, learning.world.first_of("champion")):
        client = learning.sign_in(other)
        assert client.get(address).status_code == 404
        assert client.post(address, data=sent(RIGHT)).status_code == 404


def test_a_changed_quiz_does_not_count(learning: Door, tmp_path: Path) -> None:
    pia = learning.sign_in(PIA)
    address = begin(pia)
    write_course(tmp_path, locales=("en", "zh-Hans"), mark=90)
    load_course(learning.world.database, tmp_path)
    assert "The quiz was changed" in pia.get(address).get_data(as_text=True)
    assert pia.post(address, data=sent(RIGHT)).headers["Location"].endswith("/quiz")
    assert begin(pia) != address
    assert pia.get(address).status_code == 404


def test_the_vendor_sees_the_course_and_keeps_nothing(learning: Door) -> None:
    editor = learning.role("editor")
    assert "Nothing that you try is kept." in editor.get(COURSE).get_data(as_text=True)
    assert "The longest wait decides" in editor.get(f"{COURSE}/quiz").get_data(as_text=True)
    assert "The longest wait decides" not in learning.sign_in(PIA).get(f"{COURSE}/quiz").get_data(
        as_text=True
    )
    assert editor.post(f"{COURSE}/attempts").status_code == 403


def test_a_visitor_is_asked_to_sign_in_for_what_is_not_public(learning: Door) -> None:
    visitor = learning.visitor()
    for address in (COURSE, f"{COURSE}/lessons/find", "/courses/no-such-course"):
        assert "/sign-in" in visitor.get(address).headers["Location"]


def test_a_lesson_in_the_nearest_language_says_so(learning: Door) -> None:
    pia = learning.sign_in(PIA)
    page = pia.get(f"{COURSE}/lessons/find?locale=zh-Hant").get_data(as_text=True)
    assert 'lang="zh-Hans"' in page
    assert "find (zh-Hans)" in page
