"""The vendor's queue: what stands in it, in which order, page by page, and at what cost."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from portal.db import Database
from portal.domain.request_grading import Part
from portal.domain.requests import Kind, State
from portal.models import Request, RequestGrade
from portal.services.requests import queue, queue_file
from portal.services.requests.joining import join_shared
from portal.services.requests.merging import join_family, merge_requests
from portal.services.requests.moving import move_request
from portal.services.requests.queue import find_board, find_queue
from portal.services.requests.queue_file import every_in_queue
from portal.services.requests.queue_question import NEVER, QueueQuestion, Sort, Whose
from portal.services.requests.queue_rows import QueueRow
from portal.tenancy import system_scope
from tests.blueprints.usage import counted
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, MARA, PIA, build_world

MOST_STATEMENTS = 5


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def codes(rows: list[QueueRow]) -> list[str]:
    return [row.title for row in rows]


def many(town: Town, count: int) -> None:
    """Requests of Oskelund, of which neighbours share votes and due moments."""
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        for number in range(count):
            session.add(
                Request(
                    code=f"R-{number:05}",
                    account_id=town.world.accounts["oskelund-foods"],
                    kind="need",
                    title=f"Number {number}",
                    told={},
                    text=f"Number {number}",
                    locale="en",
                    voters=number % 3,
                    next_due_at=town.now + timedelta(hours=number % 4) if number % 5 else None,
                    created_at=town.now - timedelta(hours=number % 7),
                    updated_at=town.now,
                )
            )
        session.commit()


def test_what_is_merged_or_only_joined_stands_with_its_family(town: Town) -> None:
    first, second = town.hand_in(INGRID, title="First"), town.hand_in(PIA, title="Second")
    town.call(PAUL, merge_requests, second, first)
    shared = town.share()
    town.call(PAUL, join_family, first, shared)
    town.call(ELIF, join_shared, shared)
    page = town.call(PAUL, find_queue, QueueQuestion())
    assert codes(page.rows) == ["First"]
    row = page.rows[0]
    assert (row.people, row.accounts) == (3, 2)
    assert len(row.revenue) == len({"EUR"}) or len(row.revenue) == len({"EUR", "CHF"})
    assert sum(row.revenue.values()) > 0


def test_a_csm_sees_their_own_accounts_alone(town: Town) -> None:
    town.hand_in(INGRID, title="Ours")
    town.hand_in(ELIF, title="Theirs")
    assert codes(town.call(MARA, find_queue, QueueQuestion()).rows) == ["Ours"]
    assert set(codes(town.call(PAUL, find_queue, QueueQuestion()).rows)) == {"Ours", "Theirs"}
    assert town.call(MARA, find_queue, QueueQuestion()).tally.new == 1


def test_each_filter(town: Town) -> None:
    key = town.hand_in(INGRID, title="A need about 50%", feature_key="approval-chains")
    town.hand_in(
        PIA, kind=Kind.BUG, title="A bug", told={"steps": "Open it", "place": "At the gate"}
    )
    town.call(PAUL, move_request, key, State.CLARIFYING)
    for question, titles in (
        (QueueQuestion(kind="bug"), ["A bug"]),
        (QueueQuestion(state="clarifying"), ["A need about 50%"]),
        (QueueQuestion(state="open", kind="need"), ["A need about 50%"]),
        (QueueQuestion(state="closed"), []),
        (QueueQuestion(feature="approval-chains"), ["A need about 50%"]),
        (QueueQuestion(account="oskelund-foods", kind="bug"), ["A bug"]),
        (QueueQuestion(account="quillon-insurance"), []),
        (QueueQuestion(tier="nothing"), []),
        (QueueQuestion(whose=Whose.MINE), []),
        (QueueQuestion(whose=Whose.NOBODY, kind="bug"), ["A bug"]),
        (QueueQuestion(text="the GATE"), ["A bug"]),
        (QueueQuestion(text="50%"), ["A need about 50%"]),
        (QueueQuestion(text="5_%"), []),
    ):
        page = town.call(PAUL, find_queue, question)
        assert codes(page.rows) == titles, question
        assert page.tally.of(question.kind, question.state) == len(titles)


@pytest.mark.parametrize("sort", list(Sort))
def test_what_is_said_is_found_in_any_spelling_and_counted_once(town: Town, sort: Sort) -> None:
    """Parts of words too, in the reader's reach alone, by list, board and file."""
    town.hand_in(INGRID, title="L’ÉTAT of 採購審批")
    town.hand_in(ELIF, title="The estate")
    town.hand_in(PIA, title="Nothing of it")
    with town.world.database.session(system_scope(town.now, "test"), writes=True) as session:
        session.execute(update(Request).values(first_due_at=town.now + timedelta(hours=1)))
        session.commit()
    for text, titles in (
        ("état", {"L’ÉTAT of 採購審批"}),
        ("ETAT", {"L’ÉTAT of 採購審批"}),
        ("购审", {"L’ÉTAT of 採購審批"}),
        ("tat", {"L’ÉTAT of 採購審批", "The estate"}),
    ):
        question = QueueQuestion(text=text, sort=sort, kind="need")
        page = town.call(PAUL, find_queue, question)
        assert set(codes(page.rows)) == titles, text
        assert page.tally.new == len(titles)
        assert page.tally.first is not None
        assert page.tally.first.next_due_at == town.now + timedelta(hours=1)
        columns, tally = town.call(PAUL, find_board, question)
        assert {row.title for column in columns for row in column.rows} == titles
        assert tally == page.tally
        with town.session(PAUL) as session:
            assert {row.title for row in every_in_queue(session, question)} == titles
    own = town.call(MARA, find_queue, QueueQuestion(text="tat", sort=sort))
    assert codes(own.rows) == ["L’ÉTAT of 採購審批"]
    assert own.tally.new == 1


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_hold_all_once_in_order_and_lead_back(
    town: Town, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 7)
    monkeypatch.setattr(queue_file, "ROWS_AT_ONCE", 5)
    many(town, 23)
    pages = [town.call(PAUL, find_queue, QueueQuestion(sort=sort))]
    assert pages[0].back is None
    while pages[-1].following is not None:
        pages.append(
            town.call(PAUL, find_queue, QueueQuestion(sort=sort, mark=pages[-1].following))
        )
    rows = [row for page in pages for row in page.rows]
    assert [len(page.rows) for page in pages] == [7, 7, 7, 2]
    assert len({row.key for row in rows}) == 23
    for one, other in pairwise(rows):
        if sort is Sort.DUE:
            assert (one.next_due_at or NEVER) <= (other.next_due_at or NEVER)
        elif sort is Sort.NEWEST:
            assert one.created_at >= other.created_at
        elif sort is Sort.VOTES:
            assert one.people >= other.people
    with town.session(PAUL) as session:
        everything = list(every_in_queue(session, QueueQuestion(sort=sort)))
    assert [row.key for row in everything] == [row.key for row in rows]
    for page, before in zip(pages[1:], pages, strict=False):
        again = town.call(PAUL, find_queue, QueueQuestion(sort=sort, mark=page.back))
        assert [row.key for row in again.rows] == [row.key for row in before.rows]
        assert (again.back is None) == (before.back is None)


def test_by_what_it_weighs_with_what_somebody_has_set(town: Town) -> None:
    light = town.hand_in(PIA, title="Light", effect="comfort")
    town.hand_in(INGRID, title="Heavy", effect="stops")
    question = QueueQuestion(sort=Sort.PRIORITY)
    assert codes(town.call(PAUL, find_queue, question).rows) == ["Heavy", "Light"]
    with town.session(PAUL) as session:
        one = session.query(Request).filter_by(key=light).one()
        for part in (Part.FIT, Part.EFFECT, Part.ROLE):
            session.add(
                RequestGrade(
                    account_id=one.account_id,
                    request_id=one.id,
                    part=part.value,
                    value=5,
                    at=town.now,
                )
            )
        session.commit()
    rows = town.call(PAUL, find_queue, question).rows
    assert codes(rows) == ["Light", "Heavy"]
    assert rows[0].grade[0].value == 5


def test_the_board_has_the_states_of_the_kind(town: Town) -> None:
    for number in range(3):
        town.hand_in(INGRID, title=f"Need {number}")
    moved = town.hand_in(PIA, title="Clear")
    town.call(PAUL, move_request, moved, State.CLARIFYING)
    columns, counted_ = town.call(PAUL, find_board, QueueQuestion(kind="need"))
    assert [(one.state.value, one.count, len(one.rows)) for one in columns] == [
        ("submitted", 3, 3),
        ("clarifying", 1, 1),
        ("planned", 0, 0),
        ("in_development", 0, 0),
        ("released", 0, 0),
    ]
    assert counted_.new == 3


def test_statements_do_not_grow_with_the_rows(town: Town) -> None:
    many(town, 60)
    for email in (PAUL, MARA):
        for sort in Sort:
            with town.session(email) as session, counted(town.world.database) as sent:
                assert find_queue(session, QueueQuestion(sort=sort)).rows
            reads = [one for one in sent if "set_config" not in one]
            assert len(reads) <= MOST_STATEMENTS, reads
