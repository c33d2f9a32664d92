"""Real worker processes: none takes another's job, and a killed one leaves each effect once.

Every kind of job has a scenario (tests/jobs/scenarios). Its worker is killed just before each of
its commits in turn (relay, claim, every commit of the handler, the end), then another finishes
the work.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.jobs.attempt import DIED
from portal.jobs.registry import known_kinds
from portal.models import AuditEntry
from portal.services.jobs import dead_letters, enqueue
from tests.jobs import workers
from tests.jobs.scenarios import (
    accounts,
    alerts,
    house,
    knowledge,
    notices,
    raw_log,
    request_files,
    request_levels,
    texts,
    training,
    usage,
)
from tests.jobs.scenarios.place import Place, finish, killed_at
from tests.moments import at
from tests.smtp import smtp_server

pytestmark = pytest.mark.processes

SCENARIOS = {
    **accounts.SCENARIOS,
    **alerts.SCENARIOS,
    **house.SCENARIOS,
    **knowledge.SCENARIOS,
    **notices.SCENARIOS,
    **raw_log.SCENARIOS,
    **request_levels.SCENARIOS,
    **request_files.SCENARIOS,
    **texts.SCENARIOS,
    **training.SCENARIOS,
    **usage.SCENARIOS,
}


def test_every_kind_of_job_has_its_scenario() -> None:
    assert set(SCENARIOS) == set(known_kinds())


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[Place]:
    with smtp_server() as post:
        yield Place(database, post, tmp_path)


@pytest.mark.parametrize("kind", SCENARIOS)
def test_killed_before_any_commit_the_effect_is_there_once(place: Place, kind: str) -> None:
    scenario = SCENARIOS[kind]
    for turn in count():
        scenario.ask(place, turn)
        killed = killed_at(place, turn)
        finish(place)
        scenario.check(place, turn)
        if not killed:
            break
    # At least the claim and the end were tried, and every commit in between.
    assert turn >= 2
    with at(place.database) as session:
        assert dead_letters(session) == []


def test_a_job_that_kills_its_worker_each_time_is_given_up(place: Place) -> None:
    house.ask_to_clean(place, 0)
    attempts = known_kinds()["house.clean"].attempts
    assert all(killed_at(place, 1) for _ in range(attempts))
    assert killed_at(place, 2) is False
    with at(place.database) as session:
        assert [letter.error for letter in dead_letters(session)] == [DIED]


def test_two_workers_never_take_one_job(database: Database) -> None:
    numbers = range(200)
    with at(database) as session:
        for number in numbers:
            enqueue(session, "count", {"n": number})
        session.commit()
    together = workers.PROCESSES.Barrier(2)
    both = [workers.start(workers.count_until_empty, database.url, together) for _ in range(2)]
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    with at(database) as session:
        done = session.scalars(select(AuditEntry.object_key)).all()
        busy = set(session.scalars(select(AuditEntry.details["worker"].as_string())))
        assert dead_letters(session) == []
    assert sorted(map(int, done)) == list(numbers)
    assert len(busy) == 2
