"""How changes are judged: kept with who and when, the newest counts, none of it a customer's."""

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import Conflict, Forbidden
from portal.domain.request_judging import Judgement, Outcome, Question
from portal.domain.requests import Kind
from portal.models import RequestJudgement
from portal.services.requests.desk_page import show_desk
from portal.services.requests.judging import judge_change
from portal.services.requests.queue import find_queue
from portal.services.requests.queue_file import every_in_queue
from portal.services.requests.queue_question import UNJUDGED, QueueQuestion
from portal.tenancy import TenancyError
from tests.services.requests.town import PAUL, Town
from tests.world import INGRID, MARA, build_world

NOW = Judgement(
    {
        Question.CORE: "yes",
        Question.ASKER: "decides",
        Question.URGENCY: "now",
        Question.EFFORT: "weeks",
        Question.RISK: "untold",
    },
    {Question.ASKER: "Their CFO"},
)
LATER = Judgement({**NOW.answers, Question.URGENCY: "later"})


@pytest.fixture
def town(database: Database) -> Town:
    return Town(build_world(database))


def found(town: Town, judged: str) -> list[str]:
    page = town.call(PAUL, find_queue, QueueQuestion(judged=judged))
    return [row.title for row in page.rows]


def test_the_newest_counts_and_the_ones_before_are_kept(town: Town) -> None:
    key = town.hand_in(INGRID, title="One")
    town.hand_in(INGRID, title="Two")
    town.hand_in(INGRID, kind=Kind.QUESTION, title="Three", told={"question": "Why"})
    assert sorted(found(town, UNJUDGED)) == ["One", "Two"]
    assert town.call(PAUL, judge_change, key, NOW) is Outcome.TELL_FIRST
    assert found(town, Outcome.TELL_FIRST.value) == ["One"]
    town.later(days=1)
    assert town.call(PAUL, judge_change, key, LATER) is Outcome.PHASE_TWO
    judged = town.call(MARA, show_desk, key).judged
    assert [one.outcome for one in judged] == [Outcome.PHASE_TWO, Outcome.TELL_FIRST]
    assert [one.judgement for one in judged] == [LATER, NOW]
    assert judged[0].at > judged[1].at
    assert {one.who for one in judged} == {"Paul Oduya"}
    assert found(town, Outcome.TELL_FIRST.value) == []
    assert found(town, Outcome.PHASE_TWO.value) == ["One"]
    assert found(town, UNJUDGED) == ["Two"]
    (row,) = town.call(PAUL, lambda session: list(every_in_queue(session, _phase_two())))
    assert (row.judged, row.answers) == (
        "phase_two",
        ("yes", "decides", "later", "weeks", "untold"),
    )


def _phase_two() -> QueueQuestion:
    return QueueQuestion(judged=Outcome.PHASE_TWO.value)


def test_product_judges_needs_alone(town: Town) -> None:
    key = town.hand_in(INGRID)
    bug = town.hand_in(INGRID, kind=Kind.BUG, title="It stands", told={"steps": "Open it"})
    for email in (MARA, INGRID):
        with pytest.raises(Forbidden):
            town.call(email, judge_change, key, NOW)
    with pytest.raises(Conflict):
        town.call(PAUL, judge_change, bug, NOW)
    assert len(found(town, UNJUDGED)) == 1


def test_a_customers_session_never_reads_one(town: Town) -> None:
    town.call(PAUL, judge_change, town.hand_in(INGRID), NOW)
    with town.session(INGRID) as session, pytest.raises(TenancyError):
        session.scalars(select(RequestJudgement.outcome)).all()
