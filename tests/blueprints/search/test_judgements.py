import json

import pytest

from portal.services.content_files import load_content
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.hub import CONTENT, writing
from tests.world import INGRID

PAGE = "/search/judgements"
GOOD = {"q": "escalation", "slug": "escalation-rules-settings", "verdict": "good"}


@pytest.fixture
def hub(door: Door) -> Door:
    with writing(door.world.database) as session:
        load_content(session, CONTENT)
    return door


def test_those_who_write_judge_and_others_do_not(hub: Door) -> None:
    editor = hub.role("editor")
    assert "Good answer" in text_of(editor.get("/search?q=escalation"))
    assert "Good answer" not in text_of(hub.sign_in(INGRID).get("/search?q=escalation"))
    assert "Good answer" not in text_of(hub.role("manager").get("/search?q=escalation"))
    sent = editor.post(PAGE, data=GOOD)
    assert sent.headers["Location"] == "/search?q=escalation"
    assert 'aria-pressed="true"' in editor.get("/search?q=escalation").text
    page = text_of(editor.get(PAGE))
    assert "escalation-rules-settings good, place 1" in page
    lines = editor.get(f"{PAGE}.csv").text.splitlines()
    assert lines[1].startswith("escalation,en,escalation-rules-settings,good,1,")
    line = json.loads(editor.get(f"{PAGE}.jsonl").text)
    assert line["relevant"] == ["escalation-rules-settings"]
    editor.post(PAGE, data=GOOD | {"verdict": "none"})
    assert "Nothing judged yet" in text_of(editor.get(PAGE))


def test_a_missing_answer_is_named_by_its_address(hub: Door) -> None:
    editor = hub.role("editor")
    address = "http://localhost/knowledge/escalation-rules-settings?locale=en"
    editor.post(PAGE, data={"q": "zebra", "slug": address, "verdict": "missing"})
    assert "escalation-rules-settings should be found, not found" in text_of(editor.get(PAGE))
    editor.post(PAGE, data={"q": "zebra", "slug": "no-such", "verdict": "missing"})
    assert "Name a published text" in text_of(editor.get("/search?q=zebra"))
    assert editor.post(PAGE, data=GOOD | {"verdict": "x"}).status_code == 404
    assert editor.post(f"{PAGE}/acceptance").status_code == 302
