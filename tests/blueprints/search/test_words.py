import io
import re

from portal.services.content_files import load_content
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.hub import CONTENT, writing

WORDS = "/search/words"


def test_words_come_and_go_with_a_way_back(door: Door) -> None:
    editor = door.role("editor")
    assert "No words yet" in text_of(editor.get(WORDS))
    sent = editor.post(WORDS, data={"kind": "synonym", "words": "bill, invoice"})
    assert sent.status_code == 302
    page = editor.get(WORDS)
    removal = re.search(r'action="(/search/words/[^"]+/removal)"', page.text)
    assert removal
    assert editor.post(removal[1]).status_code == 302
    page = editor.get(WORDS)
    assert "No words yet" in text_of(page)
    undo = re.search(r'action="(/search/words/restoration[^"]+)"', page.text)
    assert undo
    editor.post(undo[1].replace("&amp;", "&"))
    assert "bill invoice" in text_of(editor.get(WORDS))
    assert editor.post(removal[1]).status_code == 404


def test_what_is_wrong_stands_beside_its_field(door: Door) -> None:
    editor = door.role("editor")
    for kind, words in (("synonym", "alone"), ("stop", "two, words"), ("x", "a, b"), ("stop", "")):
        refused = editor.post(WORDS, data={"kind": kind, "words": words})
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.text
    editor.post(WORDS, data={"kind": "stop", "words": "please"})
    assert editor.post(WORDS, data={"kind": "stop", "words": "PLEASE"}).status_code == 409
    assert editor.post("/search/words/restoration").status_code == 422


def test_a_file_goes_out_and_comes_in(door: Door) -> None:
    editor = door.role("editor")
    editor.post(WORDS, data={"kind": "synonym", "words": "bill, invoice"})
    content = editor.get("/search/words.csv").data
    assert content.decode() == "\ufeffkind,words\r\nsynonym,bill; invoice\r\n"
    more = content + b"stop,please\n"
    sent = editor.post("/search/words/file", data={"file": (io.BytesIO(more), "w.csv")})
    assert sent.status_code == 302
    assert "1 group is new, 1 stood here already." in text_of(editor.get(WORDS))
    wrong = editor.post(
        "/search/words/file", data={"file": (io.BytesIO(b"kind,words\nx,y\n"), "w.csv")}
    )
    assert wrong.status_code == 422
    assert "Nothing was imported" in text_of(wrong)
    assert editor.post("/search/words/file").status_code == 422


def test_only_those_who_teach_the_search_see_them(door: Door) -> None:
    assert door.role("csm").get(WORDS).status_code == 403
    assert WORDS not in door.role("csm").get("/search/gaps").text
    assert WORDS in door.role("editor").get("/search/gaps").text


def test_words_are_tried_before_they_are_kept(door: Door) -> None:
    with writing(door.world.database) as session:
        load_content(session, CONTENT)
    editor = door.role("editor")
    editor.get("/search?q=x")
    with door.app.app_context():
        door.app.extensions["paceline.search"].finish()
    tried = {"kind": "synonym", "words": "zebra, escalation", "question": "zebra", "try": "1"}
    page = text_of(editor.post(WORDS, data=tried))
    assert "Now: 0 nothing" in page
    assert "Escalation rules: all settings" in page
    assert "No words yet" in page
    same = tried | {"question": "delegation"}
    assert "The answer stays the same" in text_of(editor.post(WORDS, data=same))
    stop = {"kind": "stop", "words": "escalation", "question": "escalation delegation", "try": "1"}
    assert "The answer stays the same" not in text_of(editor.post(WORDS, data=stop))
    assert editor.post(WORDS, data=tried | {"words": "alone"}).status_code == 422


def test_words_that_are_kept_are_found_by(door: Door) -> None:
    with writing(door.world.database) as session:
        load_content(session, CONTENT)
    editor = door.role("editor")
    editor.post(WORDS, data={"kind": "synonym", "words": "zebra, escalation"})
    editor.get("/search?q=x")
    with door.app.app_context():
        door.app.extensions["paceline.search"].finish()
    assert "Escalation rules: all settings" in text_of(editor.get("/search?q=zebra"))


def test_a_built_in_word_is_let_count_by_a_press(door: Door) -> None:
    editor = door.role("editor")
    page = editor.get(WORDS).text
    assert 'value="about"' in page
    assert editor.post(WORDS, data={"kind": "lift", "words": "about"}).status_code == 302
    page = editor.get(WORDS).text
    assert 'value="about"' not in page
    assert "Says something after all" in text_of(editor.get(WORDS))
    refused = editor.post(WORDS, data={"kind": "lift", "words": "penguin"})
    assert refused.status_code == 422
    assert "Name a word of the built-in list." in refused.text
