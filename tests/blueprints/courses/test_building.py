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


def published(door: Door) -> None:
    door.role("editor").post(f"/editorial/texts/{SLUG}/steps/publish")


def test_a_lesson_is_begun_written_moved_published_and_read(building: Door) -> None:
    editor = building.role("editor")
    begun = editor.post(f"{DESK}/lessons", data={"title": "Tell everyone", "language": "en"})
    address = begun.headers["Location"]
    assert address.endswith("/lessons/tell-everyone?language=en")
    editor.post(f"{DESK}/lessons/tell-everyone/up")
    editor.post(f"{DESK}/lessons/tell-everyone/up")
    page = editor.get(DESK).get_data(as_text=True)
    assert page.index("Tell everyone") < page.index("find (en)") < page.index("leave-out (en)")
    assert "not published yet" in page
    token = hidden(editor.get(address).get_data(as_text=True), "token")
    assert editor.post(address, data={**LESSON, "token": token}).status_code == 302
    pia, lesson = building.sign_in(PIA), f"/courses/{SLUG}/lessons/tell-everyone"
    assert pia.get(lesson).status_code == 404
    review = editor.get(f"/editorial/texts/{SLUG}").get_data(as_text=True)
    assert "Tell everyone" in review
    published(building)
    read = pia.get(lesson).get_data(as_text=True)
    assert "<strong>before</strong>" in read
    assert "Lesson 1 of 3" in read


@pytest.mark.parametrize("title", ["", "x" * 301])
def test_a_lesson_begins_with_a_title(building: Door, title: str) -> None:
    sent = {"title": title, "language": "en"}
    response = building.role("editor").post(f"{DESK}/lessons", data=sent)
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": "x" * 301}, "Write a title"),
        ({"minutes": "many"}, "whole number"),
        ({"minutes": "601"}, "From 1 to 600"),
        ({"video": "javascript:alert(1)"}, "begins with https://"),
    ],
)
def test_a_wrong_lesson_is_refused_beside_its_field(
    building: Door, change: dict[str, str], said: str
) -> None:
    response = building.role("editor").post(f"{DESK}/lessons/find", data={**LESSON, **change})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in page
    assert "Say it **before**." in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "“Title” is missing"),
        ({"minutes": ""}, "“Minutes to read” is missing"),
        ({"body": " "}, "“Text” is missing"),
        ({"body": "# One"}, "Begin sections with two #"),
        ({"body": "[It](/knowledge/nowhere)"}, "leads nowhere"),
        ({"video": "https://a.example/v"}, "“Its captions or transcript” is missing"),
    ],
)
def test_what_a_lesson_lacks_is_said_beside_it(
    building: Door, change: dict[str, str], said: str
) -> None:
    typed = {**LESSON, **change}
    page = building.role("editor").post(f"{DESK}/lessons/find/preview", data=typed)
    assert said in page.get_data(as_text=True)


def test_the_preview_shows_what_readers_will_see(building: Door) -> None:
    media = {"video": "https://a.example/v", "captions": "/knowledge/captions", "file": "/f.pdf"}
    typed = {**LESSON, **media, "chapter": "Before"}
    page = building.role("editor").post(f"{DESK}/lessons/find/preview", data=typed)
    shown = page.get_data(as_text=True)
    for part in ("Lesson 1", "Before", "<strong>before</strong>", "a.example", "/f.pdf"):
        assert part in shown


def test_the_second_of_two_editors_is_shown_both_and_loses_nothing(building: Door) -> None:
    first, second = building.role("editor"), building.role("csm")
    address = f"{DESK}/lessons/find"
    token = hidden(second.get(address).get_data(as_text=True), "token")
    mine = {**LESSON, "token": token}
    assert first.post(address, data={**mine, "body": "The first one’s."}).status_code == 302
    quietly = second.post(address, data=mine, headers={"X-Autosave": "1"})
    assert quietly.status_code == 409
    refused = second.post(address, data={**mine, "body": "The second one’s."})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "has saved this text meanwhile" in page
    assert re.search(r"<del>[^<]*first", page)
    assert re.search(r"<ins>[^<]*second", page)
    settled = {**mine, "token": hidden(page, "token"), "body": "Both.", "step": "save"}
    assert second.post(address, data=settled).status_code == 302
    assert "Both." in first.get(address).get_data(as_text=True)


def test_a_pause_saves_the_lesson(building: Door) -> None:
    editor, address = building.role("editor"), f"{DESK}/lessons/find"
    token = hidden(editor.get(address).get_data(as_text=True), "token")
    saved = editor.post(address, data={**LESSON, "token": token}, headers={"X-Autosave": "1"})
    now = editor.get(f"{address}/standing").get_json()["token"]
    assert saved.get_json()["token"] == now != token
    wrong = editor.post(
        address, data={**LESSON, "token": now, "file": "x"}, headers={"X-Autosave": "1"}
    )
    assert wrong.status_code == 422
    assert "Not saved: Address of a file" in wrong.get_json()["said"]


def test_a_draft_is_thrown_away(building: Door) -> None:
    editor, address = building.role("editor"), f"{DESK}/lessons/find"
    token = hidden(editor.get(address).get_data(as_text=True), "token")
    editor.post(address, data={**LESSON, "token": token})
    assert "newer draft" in editor.get(DESK).get_data(as_text=True)
    assert editor.post(f"{address}/discard").status_code == 302
    assert "newer draft" not in editor.get(DESK).get_data(as_text=True)
    assert editor.post(f"{address}/discard").status_code == 404


def test_revisions_and_languages_of_a_lesson_have_their_pages(building: Door) -> None:
    editor, address = building.role("editor"), f"{DESK}/lessons/find"
    token = hidden(editor.get(address).get_data(as_text=True), "token")
    editor.post(address, data={**LESSON, "token": token})
    published(building)
    page = editor.get(f"{address}/revisions?language=en").get_data(as_text=True)
    assert "From revision 1 to 2" in page
    beside = editor.get(f"{address}/languages/zh-Hans").get_data(as_text=True)
    assert "What has changed since revision 1" in beside
    assert editor.post(f"{address}/languages/zh-Hans/agreement").status_code == 302
    assert "What has changed" not in editor.get(f"{address}/languages/zh-Hans").get_data(
        as_text=True
    )
    restored = editor.post(f"{address}/revisions/en/1/restoration")
    assert restored.headers["Location"].endswith("/lessons/find?language=en")
    assert "The slowest step decides." in editor.get(address).get_data(as_text=True)
    for nowhere in (f"{address}/revisions?language=en&one=9", f"{address}/languages/xx"):
        assert editor.get(nowhere).status_code == 404
    assert building.sign_in(PIA).get(f"{address}/revisions").status_code == 403


def test_a_language_is_begun_in_the_editor(building: Door) -> None:
    editor, address = building.role("editor"), f"{DESK}/lessons/find?language=zh-Hant"
    page = editor.get(address).get_data(as_text=True)
    assert "none yet" in page
    sent = {**LESSON, "title": "找到", "body": "找到。", "token": hidden(page, "token")}
    assert editor.post(address, data=sent).status_code == 302
    refused = editor.post(f"/editorial/texts/{SLUG}/steps/publish")
    # The course's own page has to be there in the language, too.
    assert refused.status_code == 422
    assert "繁體中文" in refused.get_data(as_text=True)


def test_order_quiz_and_rules_are_a_draft_until_the_course_is_published(building: Door) -> None:
    csm, pia = building.role("csm"), building.sign_in(PIA)
    rules = {"pass_mark": "50", "attempts": "0", "valid_months": "0"}
    for address, data in (
        (f"{DESK}/lessons/leave-out/up", {}),
        (f"{DESK}/questions", QUESTION),
        (f"{DESK}/questions/order/up", {}),
        (DESK, rules),
    ):
        assert csm.post(address, data=data).status_code == 302
    page = csm.get(DESK).get_data(as_text=True)
    assert "differ from what learners have" in page
    assert page.index("leave-out (en)") < page.index("find (en)")
    assert [one.key for one in questions(building)] == ["slowest", "shorter", "order"]
    before = revision(building)
    assert "Lesson 1 of 2" in pia.get(f"/courses/{SLUG}/lessons/find").get_data(as_text=True)
    review = building.role("editor").get(f"/editorial/texts/{SLUG}").get_data(as_text=True)
    for said in ("Who is told?", "67 before, 50 now", "Order of lessons"):
        assert said in review
    published(building)
    assert [one.key for one in questions(building)] == ["slowest", "order", "shorter", "q1"]
    assert revision(building) == before + 1
    assert "Lesson 2 of 2" in pia.get(f"/courses/{SLUG}/lessons/find").get_data(as_text=True)
    assert "As many attempts as you like" in pia.get(f"/courses/{SLUG}").get_data(as_text=True)
    assert "differ from" not in csm.get(DESK).get_data(as_text=True)


def test_a_lesson_that_is_read_goes_with_the_next_publishing(building: Door) -> None:
    csm, pia = building.role("csm"), building.sign_in(PIA)
    address = f"/courses/{SLUG}/lessons/leave-out"
    csm.post(f"{DESK}/lessons/leave-out/removal")
    assert "goes when published" in csm.get(DESK).get_data(as_text=True)
    csm.post(f"{DESK}/lessons/leave-out/keeping")
    assert "goes when published" not in csm.get(DESK).get_data(as_text=True)
    csm.post(f"{DESK}/lessons/leave-out/removal")
    assert pia.get(address).status_code == 200
    review = building.role("editor").get(f"/editorial/texts/{SLUG}").get_data(as_text=True)
    assert "1 lesson goes: leave-out (en)" in review
    published(building)
    assert pia.get(address).status_code == 404
    csm.post(f"{DESK}/lessons/find/removal")
    refused = building.role("editor").post(f"/editorial/texts/{SLUG}/steps/publish")
    assert refused.status_code == 422
    assert pia.get(f"/courses/{SLUG}/lessons/find").status_code == 200


def test_changes_of_order_and_quiz_are_thrown_away(building: Door) -> None:
    editor = building.role("editor")
    editor.post(f"{DESK}/lessons/find/down")
    editor.post(f"{DESK}/questions/slowest/removal")
    assert editor.post(f"{DESK}/changes/discard").status_code == 302
    page = editor.get(DESK).get_data(as_text=True)
    assert page.index("find (en)") < page.index("leave-out (en)")
    assert "Where do you look first?" in page
    for step in ("discard", "go-on"):
        assert editor.post(f"{DESK}/changes/{step}").status_code == 404
    # Nothing is left to be published.
    assert "No lesson changes" in editor.get(f"/editorial/texts/{SLUG}").get_data(as_text=True)
    assert editor.post(f"/editorial/texts/{SLUG}/steps/publish").status_code == 409


def test_files_loaded_meanwhile_are_not_overwritten_unseen(building: Door, tmp_path: Path) -> None:
    editor = building.role("editor")
    editor.post(f"{DESK}/questions/slowest/down")
    write_course(tmp_path, locales=("en", "zh-Hans"), mark=90)
    load_course(building.world.database, tmp_path)
    assert "published anew since" in editor.get(DESK).get_data(as_text=True)
    published(building)
    assert questions(building)[0].key == "slowest"
    assert editor.post(f"{DESK}/changes/go-on").status_code == 302
    published(building)
    assert questions(building)[0].key == "shorter"


def test_what_a_learner_has_done_outlasts_the_archive(building: Door) -> None:
    pia, editor = building.sign_in(PIA), building.role("editor")
    pia.post(f"/courses/{SLUG}/lessons/find/completion")
    editor.post(f"/editorial/texts/{SLUG}/archive")
    assert pia.get(f"/courses/{SLUG}").status_code == 404
    editor.post(f"/editorial/texts/{SLUG}/steps/bring-back")
    page = pia.get(f"/courses/{SLUG}/lessons/find").get_data(as_text=True)
    assert ">done<" in page.replace("\n", "")


def test_a_question_is_added_changed_in_one_language_and_removed(building: Door) -> None:
    editor = building.role("editor")
    before = revision(building)
    assert editor.post(f"{DESK}/questions", data=QUESTION).status_code == 302
    assert "Who is told?" in editor.get(DESK).get_data(as_text=True)
    published(building)
    assert [row.key for row in questions(building)] == ["slowest", "shorter", "order", "q1"]
    assert revision(building) == before + 1
    editor.post(f"{DESK}/questions/q1/removal")
    published(building)
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
    assert editor.post(address, data=changed).status_code == 409
    published(building)
    row = questions(building)[0]
    assert (row.options, row.right) == (3, ["a"])
    assert row.words["zh-Hans"]["options"] == [
        "At the newest person",
        "At the longest wait",
        "Nowhere",
    ]


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
    published(building)
    page = building.sign_in(PIA).get(f"/courses/{SLUG}").get_data(as_text=True)
    assert "As many attempts as you like" in page


def test_what_was_built_goes_out_as_files_and_comes_in_again(
    building: Door, tmp_path: Path
) -> None:
    editor = building.role("editor")
    editor.post(f"{DESK}/lessons", data={"title": "Tell everyone", "language": "en"})
    address = f"{DESK}/lessons/tell-everyone"
    token = hidden(editor.get(address).get_data(as_text=True), "token")
    editor.post(address, data={**LESSON, "chapter": "Yes: no", "token": token})
    editor.post(f"{DESK}/questions", data=QUESTION)
    published(building)
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
