"""/roadmap, /whats-new and /roadmap/<key>: who reads what of requests of all customers."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from portal.domain.requests import Kind, State, Visibility
from portal.models import KnowledgeAudience, KnowledgeItem, KnowledgeVersion
from portal.services.requests.joining import join_shared
from portal.services.requests.merging import join_family, merge_shared
from portal.services.requests.sharing import (
    SharedText,
    Target,
    create_shared,
    edit_shared,
    move_shared,
    publish_shared,
)
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, HENRIK, INGRID, PIA, World

STEPS = (State.CLARIFYING, State.PLANNED, State.IN_DEVELOPMENT, State.RELEASED)
NOTE = "exports-know-regions"


@pytest.fixture
def town(world: World) -> Town:
    return Town(world, now=datetime.now(UTC))


def share(town: Town, title: str, *, steps: int = 0, **texts: str) -> str:
    words = {"en": SharedText(title, f"About {title}.")}
    words |= {code.replace("_", "-"): SharedText(said) for code, said in texts.items()}
    key: str = town.call(PAUL, create_shared, Kind.NEED, words)
    town.call(PAUL, publish_shared, key)
    for state in STEPS[:steps]:
        town.call(PAUL, move_shared, key, state)
    return key


def add_note(town: Town, audience: str = "customers") -> None:
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        item = KnowledgeItem(
            slug=NOTE,
            type="release-note",
            state="published",
            audience=audience,
            audience_accounts=[],
            audience_segments=[],
            review_by=town.now.date(),
            published_on=town.now.date(),
            minutes=1,
            changed_in=1,
            guarded_in=0,
            created_at=town.now,
        )
        session.add(item)
        session.flush()
        session.add_all(
            KnowledgeAudience(item_id=item.id, token=one) for one in {audience, "vendor"}
        )
        session.add(
            KnowledgeVersion(
                item_id=item.id,
                locale="en",
                title="Exports know regions",
                summary="Choose a region.",
                body="x",
                html="<p>x</p>",
                text="x",
                outline=[],
                comparison=[],
                digest="",
                updated_at=town.now,
            )
        )
        session.commit()


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status
    return text_of(response)


def test_stages_stand_in_columns_in_the_reader_s_language(door: Door, town: Town) -> None:
    share(town, "Weighed thing")
    planned = share(town, "Planned thing", steps=2, zh_Hans="计划的事")
    share(town, "Built thing", steps=3)
    share(town, "Released thing", steps=4)
    words = {"en": SharedText("Planned thing"), "zh-Hans": SharedText("计划的事")}
    town.call(PAUL, edit_shared, planned, words, Target(date(2027, 3, 31), "quarter"))
    said = page(door.sign_in(INGRID), "/roadmap")
    places = [said.index(one) for one in ("Built", "Planned thing", "Released thing", "Weighed")]
    assert places == sorted(places)
    assert "Q1 2027" in said
    html = door.sign_in(INGRID).get("/roadmap?locale=zh-Hans").text
    assert "计划的事" in html
    assert 'lang="en">Built thing' in html
    assert "Planned thing" not in page(door.sign_in(INGRID), "/roadmap?kind=bug")
    only = page(door.sign_in(INGRID), "/roadmap?stage=planned")
    assert "Planned thing" in only
    assert "Built thing" not in only


@pytest.mark.parametrize("path", ["/roadmap", "/whats-new"])
def test_nothing_yet_says_so(door: Door, path: str) -> None:
    assert " yet" in page(door.sign_in(HENRIK), path)


def test_unpublished_and_merged_ones_are_not_read(door: Door, town: Town) -> None:
    hidden, stands, merged = (share(town, f"Thing {one}") for one in ("one", "two", "three"))
    town.call(PAUL, publish_shared, hidden, published=False)
    town.call(PAUL, merge_shared, merged, stands)
    reader = door.sign_in(ELIF)
    said = page(reader, "/roadmap")
    assert ("Thing two" in said, "Thing one" in said, "Thing three" in said) == (True, False, False)
    assert reader.get(f"/roadmap/{hidden}").status_code == 404
    assert reader.get(f"/roadmap/{merged}").location.endswith(f"/roadmap/{stands}")
    assert reader.post(f"/roadmap/{hidden}/join").status_code == 404
    assert "Only people of the vendor see it" in page(door.sign_in(PAUL), f"/roadmap/{hidden}")


def test_joining_counts_and_nobody_is_named(door: Door, town: Town) -> None:
    shared = share(town, "Export by region")
    asked = town.hand_in(INGRID, title="Secret of Oskelund", visibility=Visibility.PRIVATE)
    town.call(PAUL, join_family, asked, shared)
    elif_ = door.sign_in(ELIF)
    before = page(elif_, f"/roadmap/{shared}")
    assert "1 person at 1 company" in before
    assert "I want this too" in before
    assert elif_.post(f"/roadmap/{shared}/join").status_code == 302
    after = page(elif_, f"/roadmap/{shared}")
    assert "2 people at 2 companies" in after
    assert "I want this too" not in after
    assert "You asked for this" in after
    for said in (before, after, page(elif_, "/roadmap")):
        for name in ("Oskelund", "Ingrid", "Secret"):
            assert name not in said
    # A colleague of hers does not read what is between her and the vendor alone.
    assert "asked for this" not in page(door.sign_in(PIA), f"/roadmap/{shared}")
    assert "You asked for this" in page(door.sign_in(INGRID), f"/roadmap/{shared}")
    assert door.sign_in(HENRIK).post(f"/roadmap/{shared}/join").status_code == 403


def test_the_changelog_joins_notes_and_what_they_bring(door: Door, town: Town) -> None:
    add_note(town)
    shared = share(town, "Export by region", steps=3)
    share(town, "Without a note", steps=4)
    town.call(INGRID, join_shared, shared)
    town.call(PAUL, move_shared, shared, State.RELEASED, release_note=NOTE)
    said = page(door.sign_in(PIA), "/whats-new")
    note = said.index("Exports know regions")
    assert note < said.index("Export by region")
    assert said.count("Export by region") == 1
    assert "Your company asked for this" in said
    assert "Without a note" in said
    assert "Release note Exports know regions" in page(door.sign_in(PIA), f"/roadmap/{shared}")
    assert "No request of this kind" in page(door.sign_in(PIA), "/whats-new?kind=bug")


def test_a_note_that_one_may_not_read_is_not_named(door: Door, town: Town) -> None:
    add_note(town, audience="vendor")
    shared = share(town, "Export by region", steps=3)
    town.call(PAUL, move_shared, shared, State.RELEASED, release_note=NOTE)
    for path in ("/whats-new", f"/roadmap/{shared}"):
        said = page(door.sign_in(ELIF), path)
        assert "Export by region" in said
        assert "Exports know regions" not in said
    assert "Exports know regions" in page(door.sign_in(PAUL), "/whats-new")
