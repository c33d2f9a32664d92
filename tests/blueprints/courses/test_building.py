"""An editor builds a course in the browser's stead, and a learner takes what was built."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.models import Course, CourseQuestion
from portal.services.content_files import export_content
from portal.services.training.course_figures import course_figures, hardest_questions
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.training.test_learning import begin, sent
from tests.courses import RIGHT, SLUG, load_course, write_course
from tests.world import ELIF, HENRIK, INGRID, NOW, PIA

DESK = f"/courses/{SLUG}/builder"
LESSON = {"title": "Tell everyone", "minutes": "5", "body": "Say it **before**."}
QUESTION = {
    "kind": "single",
    "ask": "Who is told?",
    "option-0": "Everyone",
    "right-0": "1",
    "option-1": "Nobody",
    "why": "Because.",
}


@pytest.fixture
def building(door: Door, tmp_path: Path) -> Door:
    write_course(tmp_path, locales=("en", "zh-Hans"))
    load_course(door.world.database, tmp_path)
    return door


def questions(door: Door) -> list[CourseQuestion]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        wanted = select(CourseQuestion).order_by(CourseQuestion.position)
        return list(session.scalars(wanted))


def revision(door: Door) -> int:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return session.scalars(select(Course.revision)).one()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def test_a_lesson_is_added_moved_and_read(building: Door) -> None:
    editor = building.role("editor")
    added = editor.post(f"{DESK}/lessons", data=LESSON)
    assert added.headers["Location"].endswith("/lessons/tell-everyone?language=en")
    editor.post(f"{DESK}/lessons/tell-everyone/up")
    editor.post(f"{DESK}/lessons/tell-everyone/up")
    page = editor.get(DESK).get_data(as_text=True)
    assert page.index("Tell everyone") < page.index("find (en)") < page.index("leave-out (en)")
    pia = building.sign_in(PIA)
    read = pia.get(f"/courses/{SLUG}/lessons/tell-everyone").get_data(as_text=True)
    assert "<strong>before</strong>" in read
    assert "Lesson 1 of 3" in read


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Write a title"),
        ({"minutes": "many"}, "Write whole minutes"),
        ({"body": " "}, "The text is empty"),
        ({"body": "# One"}, "only first-level heading"),
        ({"video": "javascript:alert(1)"}, "begins with https://"),
        ({"video": "https://a.example/v"}, "captions or a transcript"),
    ],
)
def test_a_wrong_lesson_is_refused_beside_its_field(
    building: Door, change: dict[str, str], said: str
) -> None:
    response = building.role("editor").post(f"{DESK}/lessons", data={**LESSON, **change})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in page
    if "body" not in change:
        assert "Say it **before**." in page


def test_the_second_of_two_editors_is_told_and_loses_nothing(building: Door) -> None:
    first, second = building.role("editor"), building.role("csm")
    address = f"{DESK}/lessons/find"
    token = hidden(second.get(address).get_data(as_text=True), "revision")
    mine = {**LESSON, "revision": token}
    assert first.post(address, data={**mine, "body": "The first one’s."}).status_code == 302
    refused = second.post(address, data={**mine, "body": "The second one’s."})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "Somebody else has saved this" in page
    assert "The first one’s." in page
    assert "The second one’s." in page


def test_a_lesson_is_translated_beside_its_source(building: Door) -> None:
    editor = building.role("editor")
    page = editor.get(f"{DESK}/lessons/find?language=zh-Hant").get_data(as_text=True)
    assert "filled in to be translated" in page
    assert hidden(page, "revision") == "0"
    saved = {**LESSON, "title": "找到", "body": "找到。", "revision": "0"}
    editor.post(f"{DESK}/lessons/find?language=zh-Hant", data=saved)
    assert "找到" in building.sign_in(PIA).get(
        f"/courses/{SLUG}/lessons/find?locale=zh-Hant"
    ).get_data(as_text=True)


def test_a_question_is_added_changed_in_one_language_and_removed(building: Door) -> None:
    editor = building.role("editor")
    before = revision(building)
    assert editor.post(f"{DESK}/questions", data=QUESTION).status_code == 302
    assert [row.key for row in questions(building)] == ["slowest", "shorter", "order", "q1"]
    assert revision(building) == before + 1
    editor.post(f"{DESK}/questions/q1/removal")
    assert len(questions(building)) == 3


def test_options_that_come_and_go_do_so_in_every_language(building: Door) -> None:
    editor = building.role("editor")
    address = f"{DESK}/questions/slowest"
    token = hidden(editor.get(address).get_data(as_text=True), "token")
    changed = {
        **QUESTION,
        "token": token,
        "letter-0": "c",
        "option-0": "At the newest person",
        "letter-1": "a",
        "option-1": "At the longest wait",
        "option-2": "Nowhere",
    }
    assert editor.post(address, data=changed).status_code == 302
    row = questions(building)[0]
    assert (row.options, row.right) == (3, ["a"])
    assert row.words["zh-Hans"]["options"] == [
        "At the newest person",
        "At the longest wait",
        "Nowhere",
    ]
    assert editor.post(address, data=changed).status_code == 409


@pytest.mark.parametrize(
    "change",
    [
        {"right-1": "1"},
        {"option-1": ""},
        {"option-1": "Everyone"},
        {"ask": ""},
        {"why": ""},
        {"kind": "guess"},
        {"kind": "text"},
    ],
)
def test_a_wrong_question_is_refused_and_kept(building: Door, change: dict[str, str]) -> None:
    response = building.role("editor").post(f"{DESK}/questions", data={**QUESTION, **change})
    assert response.status_code == 422
    assert 'value="Everyone"' in response.get_data(as_text=True)
    assert len(questions(building)) == 3


def test_the_rules_are_held_to_their_ranges(building: Door) -> None:
    editor = building.role("editor")
    good = {"pass_mark": "50", "attempts": "0", "valid_months": "0"}
    for name, value in (("pass_mark", "0"), ("attempts", "21"), ("valid_months", "x")):
        assert editor.post(DESK, data={**good, name: value}).status_code == 422
    assert editor.post(DESK, data=good).status_code == 302
    page = building.sign_in(PIA).get(f"/courses/{SLUG}").get_data(as_text=True)
    assert "As many attempts as you like" in page


def test_what_was_built_goes_out_as_files_and_comes_in_again(
    building: Door, tmp_path: Path
) -> None:
    editor = building.role("editor")
    editor.post(f"{DESK}/lessons", data={**LESSON, "chapter": "Yes: no"})
    editor.post(f"{DESK}/questions", data=QUESTION)
    with building.world.database.session(system_scope(NOW, "test")) as session:
        export_content(session, tmp_path / "out")
    written = tmp_path / "out" / "courses" / SLUG / "03-tell-everyone.en.md"
    assert written.read_text().startswith('---\ntitle: Tell everyone\nchapter: "Yes: no"\n')


def test_a_learner_builds_nothing(building: Door) -> None:
    pia = building.sign_in(PIA)
    assert pia.get(DESK).status_code == 403
    assert pia.post(f"{DESK}/questions", data=QUESTION).status_code == 403


def test_the_figures_count_and_name_the_hardest_question(building: Door) -> None:
    """Four people hand in and miss the ordering: too few to say which question is hard."""
    learners = [PIA, HENRIK, INGRID, ELIF]
    for email in learners:
        client = building.sign_in(email)
        client.post(begin(client), data=sent({**RIGHT, "order": ["b", "a", "c"]}))
    page = building.role("editor").get(DESK).get_data(as_text=True)
    assert "Hardest questions" not in page
    with building.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        figures = course_figures(session, SLUG)
    assert (figures.started, figures.finished, figures.questions) == (4, 0, [])
    assert figures.score == 66


def test_the_hardest_question_is_the_one_with_the_smallest_share() -> None:
    results = [{"a": True, "b": at < 2, "c": None if at else True} for at in range(5)]
    found = [(one.key, one.right, one.answers) for one in hardest_questions(results)]
    assert found == [("b", 2, 5), ("a", 5, 5)]
