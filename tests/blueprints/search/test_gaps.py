"""From a search that finds nothing to the list of gaps, a person who is asked, and a draft."""

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.models import KnowledgeDraft, SearchQuestion, Task
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import queued_mails, text_of
from tests.world import ELIF, INGRID, JONAS, MARA, NOW, PIA

UNHEARD = "unheard-of zebra"
GAPS = "/search/gaps"


def counted(door: Door) -> list[tuple[object, ...]]:
    """Question, side and counts of what is kept, once it is."""
    with door.app.app_context():
        door.app.extensions["paceline.search-notes"].finish()
    columns = (SearchQuestion.question, SearchQuestion.side)
    counts = (SearchQuestion.asked, SearchQuestion.empty, SearchQuestion.opened)
    with door.world.database.session(system_scope(NOW, "test")) as session:
        rows = session.execute(select(*columns, *counts))
        return [(question, side, *figures) for question, side, *figures in rows]


def ticket_of(response: TestResponse) -> dict[str, str]:
    found = re.search(r'data-answer="([^"]+)"', response.text)
    assert found
    return {"answer": found[1]}


def test_a_page_that_finds_nothing_is_counted_and_says_whom_to_ask(door: Door) -> None:
    page = door.sign_in(PIA).get(f"/search?q={UNHEARD}")
    asked = f"/requests/new/question?question={UNHEARD.replace(' ', '+')}"
    assert f'href="{asked}"' in page.text.replace("%20", "+")
    door.visitor().get(f"/search?q={UNHEARD}")
    assert sorted(counted(door)) == [
        (UNHEARD, "customer", 1, 1, 0),
        (UNHEARD, "visitor", 1, 1, 0),
    ]
    page = door.sign_in(MARA).get(GAPS)
    assert UNHEARD in text_of(page)
    assert "Oskelund Foods" in text_of(page)
    assert "Pia" not in re.sub(r"<header.*?</header>", "", page.text, flags=re.DOTALL)
    assert "Oskelund" not in text_of(door.sign_in(JONAS).get(GAPS))
    assert "Oskelund" not in text_of(door.role("editor").get(GAPS))
    assert UNHEARD in text_of(door.role("editor").get(GAPS))


def test_later_pages_and_filters_count_nothing(door: Door) -> None:
    pia = door.sign_in(PIA)
    pia.get(f"/search?q={UNHEARD}&page=2")
    pia.get(f"/search?q={UNHEARD}&type=faq")
    pia.get(f"/search/panel?q={UNHEARD}")
    pia.get(f"/search?q={UNHEARD}")
    assert counted(door) == [(UNHEARD, "customer", 1, 1, 0)]


@pytest.mark.usefixtures("hub_file")
def test_an_answer_tells_what_became_of_it(door: Door) -> None:
    pia = door.sign_in(PIA)
    ticket = ticket_of(pia.get("/search/panel?q=escalation"))
    assert pia.post("/search/outcomes", data=ticket | {"opened": "1"}).status_code == 204
    assert pia.post("/search/outcomes", data=ticket | {"opened": "0"}).status_code == 204
    for forged in ({}, {"answer": "x"}, {"answer": ticket["answer"][:-3]}):
        assert pia.post("/search/outcomes", data=forged).status_code == 204
    assert counted(door) == [("escalation", "customer", 2, 0, 1)]


@pytest.mark.usefixtures("hub_file")
def test_three_who_open_nothing_make_a_gap(door: Door) -> None:
    pia = door.sign_in(PIA)
    for _ in range(3):
        assert "escalation" not in text_of(door.sign_in(MARA).get(GAPS))
        pia.post("/search/outcomes", data=ticket_of(pia.get("/search?q=escalation")))
        counted(door)
    assert "nothing opened" in text_of(door.sign_in(MARA).get(GAPS + "?q=escal"))


def test_a_visitor_s_searches_are_limited(door: Door) -> None:
    visitor = door.visitor()
    for number in range(70):
        visitor.get(f"/search?q=zebra{number}x")
    assert 55 <= len(counted(door)) <= 62


def test_a_person_is_named_and_asked(door: Door) -> None:
    pia = door.sign_in(PIA)
    assert "Mara Quill" in text_of(pia.get(f"/search/help?q={UNHEARD}"))
    sent = pia.post("/search/help", data={"question": UNHEARD, "note": "By depot."})
    assert sent.status_code == 302
    assert "Mara Quill has your question" in text_of(pia.get("/search"))
    with door.world.database.session(system_scope(NOW, "test")) as session:
        task = session.scalars(select(Task)).one()
        assert (task.title, task.owner_id) == (UNHEARD, door.world.users[MARA][0])
        assert PIA in task.note
        assert "By depot." in task.note
    (mail,) = queued_mails(door.world.database, "search_question")
    assert mail["recipient"] == MARA
    assert mail["values"]["link"].endswith(f"/tasks/{task.key}")
    assert UNHEARD in text_of(door.sign_in(MARA).get("/tasks"))
    assert UNHEARD not in text_of(door.sign_in(JONAS).get("/tasks"))
    assert counted(door) == [(UNHEARD, "customer", 1, 1, 0)]


def test_who_asks_without_words_or_account_is_told(door: Door) -> None:
    refused = door.sign_in(PIA).post("/search/help", data={"question": " ", "note": "kept"})
    assert refused.status_code == 422
    assert "kept" in refused.text
    assert door.sign_in(MARA).get("/search/help").status_code == 404
    assert "/sign-in" in door.visitor().get("/search/help?q=a").headers["Location"]


@pytest.fixture
def asked(door: Door) -> Door:
    for email in (INGRID, ELIF):
        door.sign_in(email).get(f"/search?q={UNHEARD}")
    counted(door)
    return door


def test_a_gap_becomes_a_draft(asked: Door) -> None:
    admin = asked.role("admin")
    sent = admin.post("/search/gaps/draft", data={"q": UNHEARD, "language": "en"})
    assert sent.headers["Location"] == "/knowledge/unheard-of-zebra/edit/en"
    assert UNHEARD in admin.get(sent.headers["Location"]).text
    with asked.world.database.session(system_scope(NOW, "test")) as session:
        assert UNHEARD in str(session.scalars(select(KnowledgeDraft.title)).all())
    assert UNHEARD not in text_of(admin.get(GAPS)).partition("Being written")[2]
    assert "unheard-of-zebra" in text_of(admin.get(f"{GAPS}?state=drafted"))


def test_a_gap_is_ignored_with_a_way_back(asked: Door) -> None:
    admin = asked.role("admin")
    named = {"q": UNHEARD, "language": "en"}
    admin.post("/search/gaps/state", data=named | {"state": "ignored"})
    page = admin.get(GAPS)
    undo = re.search(r'action="(/search/gaps/state[^"]+)"', page.text)
    assert undo
    assert f">{UNHEARD}<" not in page.text
    admin.post(undo[1].replace("&amp;", "&"))
    assert f">{UNHEARD}<" in admin.get(GAPS).text
    refused = admin.post("/search/gaps/state", data=named | {"state": "answered", "slug": "no"})
    assert refused.status_code == 302
    assert "Name a published text" in text_of(admin.get(GAPS))
    for wrong in (named | {"state": "x"}, {"state": "open"}, named | {"language": "xx"}):
        assert admin.post("/search/gaps/state", data=wrong).status_code == 404


def test_the_list_as_a_file_and_in_pages(asked: Door) -> None:
    admin = asked.role("admin")
    lines = admin.get("/search/gaps.csv").text.splitlines()
    assert lines[0].startswith("\ufeffquestion,language,reason,asked,accounts")
    assert lines[1].startswith(f"{UNHEARD},en,nothing,2,2,")
    for query in ("page=9", "sort=x", "kind=x", "state=x", "account=no-such", "q=%00", "side=x"):
        assert admin.get(f"{GAPS}?{query}").status_code == 200


def test_a_gap_is_handed_to_product_as_a_request(door: Door) -> None:
    door.sign_in(PIA).get(f"/search?q={UNHEARD}")
    counted(door)
    editor = door.role("editor")
    given = {"q": UNHEARD, "language": "en"}
    assert editor.post(f"{GAPS}/request", data=given).status_code == 302
    assert UNHEARD not in re.sub(r"<header.*?</header>", "", editor.get(GAPS).text, flags=re.DOTALL)
    page = editor.get(f"{GAPS}?state=requested").text
    link = re.search(r'href="(/roadmap/[^"]+)"', page)
    assert link
    assert UNHEARD in text_of(editor.get(link[1]))
    assert UNHEARD in text_of(door.role("product").get(link[1]))
    # Nobody else reads it before product publishes it.
    assert door.sign_in(PIA).get(link[1]).status_code == 404
    assert editor.post(f"{GAPS}/request", data=given | {"q": "never asked"}).status_code == 404
    assert editor.post(f"{GAPS}/state", data=given | {"state": "requested"}).status_code == 404
    assert door.role("product").post(f"{GAPS}/request", data=given).status_code == 403
