"""No door of the hub tells of a text that its reader may not read: made from the live URL map.

Every text carries a word of its own in title, summary and body. Each reader asks every address
that can be asked with GET, for every text by its slug, and searches for every word; the words of
the others must be nowhere: no page, count, feed, suggestion, related list, file or header.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.models import (
    Course,
    Enrolment,
    KnowledgeItem,
    TrainingAssignee,
    TrainingAssignment,
    User,
)
from portal.services.content_files import load_content
from tests.apps import Door
from tests.hub import write_text, writing
from tests.moments import NOON
from tests.security.objects import OBJECTS, Objects, make_objects
from tests.security.test_every_endpoint import TOKEN, address
from tests.world import ELIF, INGRID, MARA, OSKELUND

# Word → audience. The words are no part of any other word of the portal.
WORDS = {
    "quagga": "public",
    "axolotl": "customers",
    "okapi": "vendor",
    "tapir": "{accounts: [oskelund-foods]}",
    "numbat": "{accounts: [quillon-insurance]}",
}
READERS: dict[str, tuple[str | None, set[str]]] = {
    "visitor": (None, {"quagga"}),
    "oskelund": (INGRID, {"quagga", "axolotl", "tapir"}),
    "quillon": (ELIF, {"quagga", "axolotl", "numbat"}),
    "vendor": (MARA, set(WORDS)),
}


@dataclass(frozen=True)
class Asked:
    url: str
    response: TestResponse

    def tells(self, word: str) -> bool:
        said = self.response.data.decode(errors="replace") + str(self.response.headers)
        return word in said.replace(self.url, "").lower()


def slug_of(word: str) -> str:
    return f"about-{word}"


@pytest.fixture
def hub(door: Door, tmp_path: Path) -> Door:
    for word, audience in WORDS.items():
        write_text(
            tmp_path / "texts",
            slug_of(word),
            audience,
            title=f"What a {word} needs",
            summary=f"A {word} eats escalation rules.",
            body=f"## The {word}\n\nEscalation of a {word}, and its delegation.\n",
            features="[escalation-rules, delegation]",
        )
    with writing(door.world.database) as session:
        load_content(session, tmp_path / "texts")
    ask_to_learn(door, slug_of("numbat"))
    return door


def ask_to_learn(door: Door, slug: str) -> None:
    """As it was assigned at Oskelund, and begun there, before it became another account's."""
    owner = {"account_id": door.world.accounts[OSKELUND.key]}
    with writing(door.world.database) as session:
        ingrid = session.scalars(select(User.id).where(User.email == INGRID)).one()
        course = session.scalars(select(KnowledgeItem.id).where(KnowledgeItem.slug == slug)).one()
        session.add(Course(item_id=course, updated_at=NOON))
        session.flush()
        asked = TrainingAssignment(course_id=course, created_at=NOON, **owner)
        begun = Enrolment(user_id=ingrid, course_id=course, started_at=NOON, seen_at=NOON, **owner)
        session.add_all([asked, begun])
        session.flush()
        session.add(TrainingAssignee(assignment_id=asked.id, user_id=ingrid, **owner))
        session.commit()


def everything(door: Door, client: FlaskClient, objects: Objects) -> Iterator[Asked]:
    for rule in door.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            for values in _values(rule, objects):
                yield ask(client, address(door.app, rule, values))


def ask(client: FlaskClient, url: str) -> Asked:
    return Asked(url, client.get(url))


def _values(rule: Rule, objects: Objects) -> Iterator[dict[str, str]]:
    kinds = {name: OBJECTS[rule.endpoint, name] for name in rule.arguments}
    own = {name: objects.own(kind) for name, kind in kinds.items()}
    texts = [name for name, kind in kinds.items() if kind == "text"]
    if not texts:
        yield own
    for word in WORDS if texts else ():
        yield {**own, texts[0]: slug_of(word)}


@pytest.mark.parametrize("reader", READERS)
def test_no_address_tells_of_what_its_reader_may_not_read(hub: Door, reader: str) -> None:
    email, may = READERS[reader]
    client = hub.sign_in(email) if email else hub.visitor()
    objects = make_objects(hub.world)
    told: set[str] = set()
    leaks = []
    for asked in everything(hub, client, objects):
        for word in WORDS:
            # A refusal repeats the address that was asked; the next test looks at those.
            if (word not in asked.url or word in may) and asked.tells(word):
                told.add(word)
                leaks += [f"{asked.url}: {word}"] * (word not in may)
    assert leaks == []
    assert told == may, "what the reader may read must be told somewhere, or this test is blind"


@pytest.mark.parametrize("reader", [one for one in READERS if one != "vendor"])
def test_a_text_of_others_answers_like_none(hub: Door, reader: str) -> None:
    email, may = READERS[reader]
    client = hub.sign_in(email) if email else hub.visitor()
    for word in set(WORDS) - may:
        for ending in ("", ".md", ".ics"):
            answer = client.get(f"/knowledge/{slug_of(word)}{ending}")
            nothing = client.get(f"/knowledge/{slug_of('nobody')}{ending}")
            assert answer.status_code == nothing.status_code
            assert bare(answer, word) == bare(nothing, "nobody")


def bare(answer: TestResponse, word: str) -> str:
    """But for the address, the token of forms and the number of the request."""
    text = TOKEN.sub("", answer.text).replace(slug_of(word), "")
    return text.replace(answer.headers["X-Request-ID"], "")


@pytest.mark.parametrize("indexed", [False, True], ids=["from rows", "from the index"])
@pytest.mark.parametrize("reader", READERS)
def test_no_search_counts_or_suggests_what_its_reader_may_not_read(
    hub: Door, reader: str, *, indexed: bool
) -> None:
    email, may = READERS[reader]
    client = hub.sign_in(email) if email else hub.visitor()
    if indexed:
        client.get("/search?q=escalation")
        with hub.app.app_context():
            hub.app.extensions["paceline.search"].finish()
    for place in ("/search", "/search/panel"):
        page = client.get(f"{place}?q=escalation").text.lower()
        assert {word for word in WORDS if word in page} == may
        for word in set(WORDS) - may:
            # One letter is wrong: a suggestion would name the word.
            for question in (word[:-1], word[:2] + word[3:], f"what a {word[:-1]}"):
                assert word not in client.get(f"{place}?q={question}").text.lower()
