"""Each type of text has a page of its own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from portal.services.content_files import load_content
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.hub import write_text, writing
from tests.world import INGRID

EVENT = {
    "type": "event",
    "features": "[]",
    "kind": "open-class",
    "starts_at": "2026-12-03 15:00",
    "ends_at": "2026-12-03 16:30",
    "zone": "Asia/Shanghai",
    "place": "Hall; 2, north",
    "link": "https://meet.example/x",
}


@pytest.fixture
def event(door: Door, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("texts")
    write_text(folder, "open-class", "customers", **EVENT)
    with writing(door.world.database) as session:
        load_content(session, folder)
    return "/knowledge/open-class"


@pytest.fixture
def content(hub_file: Path) -> None:
    """The texts that we ship are in the database."""


def test_an_event_is_told_on_the_reader_s_clock_and_on_its_own(door: Door, event: str) -> None:
    words = text_of(door.sign_in(INGRID).get(event)).replace("\u00a0", " ")
    assert "Open class" in words
    assert "Thursday 3 December 08:00–09:30 in Oslo 15:00–16:30 in Shanghai" in words
    assert "Hall; 2, north" in words
    assert "Add to calendar" in words


def test_a_calendar_takes_the_event_in(door: Door, event: str) -> None:
    answer = door.sign_in(INGRID).get(f"{event}.ics")
    assert answer.content_type.startswith("text/calendar")
    assert answer.headers["Cache-Control"] == "no-store"
    [entry] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert entry["SUMMARY"] == "Penguin open-class"
    assert entry["LOCATION"] == "Hall; 2, north"
    assert entry.decoded("DTSTART") == datetime(2026, 12, 3, 7, tzinfo=UTC)
    assert entry.decoded("DTEND") == datetime(2026, 12, 3, 8, 30, tzinfo=UTC)
    # Who may not read the event gets no entry, and a text that is none has none.
    assert door.visitor().get(f"{event}.ics").status_code == 404


@pytest.mark.usefixtures("content")
def test_a_text_that_is_no_event_is_no_calendar_entry(door: Door) -> None:
    assert door.visitor().get("/knowledge/tarnby-freight.ics").status_code == 404


@pytest.mark.usefixtures("content")
def test_a_case_draws_what_changed_with_its_table(door: Door) -> None:
    page = door.visitor().get("/knowledge/tarnby-freight").text
    assert page.count('class="broad"') == page.count('class="slim"') == 1
    assert page.count("<table") == 1
    assert 'class="twin"' in page
    assert 'class="way"' in page
    assert 'class="sides"' in page


@pytest.mark.usefixtures("content")
def test_a_question_begins_with_its_answer_and_news_stand_in_sections(door: Door) -> None:
    reader = door.sign_in(INGRID)
    answer = reader.get("/knowledge/who-approves-while-away").text
    assert answer.index('class="answer prose') < answer.index("Setting a delegate</h2>")
    news = reader.get("/knowledge/release-26-11").text
    assert news.count('<section><h2 id="s-') == 4
    assert news.count('<section class="acts">') == 1


def test_a_course_leads_to_its_lessons(door: Door, content: None) -> None:
    del content
    page = door.sign_in(INGRID).get("/knowledge/approvals-that-flow").text
    assert 'href="/courses/approvals-that-flow"' in page
