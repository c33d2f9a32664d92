from datetime import timedelta
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.db import Database
from portal.models import Job
from portal.services.jobs import dead_letters, enqueue
from portal.services.leases import (
    LEAST_DELAY,
    LONGEST_DELAY,
    Lease,
    LeaseLost,
    anything_due,
    back_off,
    claim,
    complete,
    fail,
    release,
    renew,
)
from tests.moments import NOON, after, at

LENGTH = timedelta(seconds=30)


def queue(database: Database, name: str = "count", **more: str) -> None:
    with at(database) as session:
        enqueue(session, name, {"n": 1}, **more)  # type: ignore[arg-type] # only unique_key here
        session.commit()


def take(database: Database, worker: str = "ann", seconds: float = 0) -> Lease | None:
    with at(database, after(seconds)) as session:
        return claim(session, worker, LENGTH)


def taken(database: Database, worker: str = "ann", seconds: float = 0) -> Lease:
    lease = take(database, worker, seconds)
    assert lease is not None
    return lease


def state_of(database: Database) -> list[tuple[str, int, str | None]]:
    with at(database) as session:
        rows = session.execute(select(Job.state, Job.attempts, Job.unique_key).order_by(Job.id))
        return [(state, attempts, key) for state, attempts, key in rows]


def test_a_claimed_job_is_taken_by_nobody_else(database: Database) -> None:
    queue(database)
    lease = taken(database, "ann")
    assert (lease.name, lease.payload, lease.attempts) == ("count", {"n": 1}, 1)
    assert take(database, "bob") is None


def test_jobs_are_taken_in_the_order_in_which_they_are_due(database: Database) -> None:
    with at(database) as session:
        enqueue(session, "later", {}, due_at=after(20))
        enqueue(session, "sooner", {}, due_at=after(10))
        session.commit()
    with at(database) as session:
        assert not anything_due(session)
    assert take(database) is None
    assert [taken(database, seconds=30).name for _ in range(2)] == ["sooner", "later"]


def test_an_expired_lease_is_taken_again_and_its_loser_can_do_nothing(database: Database) -> None:
    queue(database)
    lost = taken(database, "ann")
    assert take(database, "bob", seconds=29) is None
    held = taken(database, "bob", seconds=31)
    assert held.attempts == 2
    with at(database, after(32)) as session:
        with pytest.raises(LeaseLost):
            complete(session, lost)
        with pytest.raises(LeaseLost):
            renew(session, lost, LENGTH)
        with pytest.raises(LeaseLost):
            release(session, lost)
        with pytest.raises(LeaseLost):
            fail(session, lost, "late", jitter=0, attempts_allowed=1)
        complete(session, held)
        session.commit()
    assert state_of(database) == []


def test_a_renewed_lease_is_not_taken(database: Database) -> None:
    queue(database)
    lease = taken(database)
    with at(database, after(20)) as session:
        renew(session, lease, LENGTH)
    assert take(database, "bob", seconds=45) is None
    assert take(database, "bob", seconds=51) is not None


def test_a_failure_comes_back_later_and_dies_after_its_last_attempt(database: Database) -> None:
    queue(database)
    with at(database) as session:
        assert fail(session, taken(database), "x", jitter=0, attempts_allowed=2) == after(5)
    assert take(database, seconds=4) is None
    second = taken(database, seconds=5)
    with at(database, after(6)) as session:
        assert fail(session, second, "no\x00 luck", jitter=0, attempts_allowed=2) is None
        (letter,) = dead_letters(session)
    assert (letter.name, letter.attempts, letter.error) == ("count", 2, "no luck")
    assert letter.failed_at == after(6)
    assert take(database, seconds=9999) is None


def test_a_released_job_is_free_at_once_and_has_lost_no_attempt(database: Database) -> None:
    queue(database)
    lease = taken(database)
    with at(database) as session:
        release(session, lease)
    assert taken(database, "bob").attempts == 1


def test_of_two_with_one_key_one_waits(database: Database) -> None:
    with at(database) as session:
        assert enqueue(session, "fold", {}, unique_key="fold")
        assert not enqueue(session, "fold", {}, unique_key="fold")
        assert enqueue(session, "fold", {}, unique_key="other")
        session.commit()
    assert len(state_of(database)) == 2


def test_work_may_be_queued_again_while_it_is_done(database: Database) -> None:
    queue(database, unique_key="fold")
    lease = taken(database)
    queue(database, unique_key="fold")
    assert state_of(database) == [("leased", 1, None), ("waiting", 0, "fold")]
    with at(database) as session:
        fail(session, lease, "x", jitter=0, attempts_allowed=9)
    assert state_of(database) == [("waiting", 1, "fold")]


def test_the_job_that_waits_sees_the_change_of_whoever_asked_for_it_again(
    database: Database,
) -> None:
    """On SQLite the second change holds the one write lock, so nobody could claim at all."""
    if database.is_sqlite:
        return
    queue(database, unique_key="fold")
    with at(database) as session:
        assert not enqueue(session, "fold", {}, unique_key="fold")
        assert take(database) is None
        session.commit()
    assert taken(database).attempts == 1


def test_work_taken_while_it_is_asked_for_again_is_queued_again(database: Database) -> None:
    queue(database, unique_key="fold")
    start = Barrier(2)
    answers: list[bool] = []

    def ask() -> None:
        start.wait()
        with at(database) as session:
            answers.append(enqueue(session, "fold", {}, unique_key="fold"))
            session.commit()

    asking = Thread(target=ask)
    asking.start()
    start.wait()
    first = taken(database, "ann")
    asking.join()
    waiting = [state for state, _, _ in state_of(database)].count("waiting")
    # Either it came first, and the job was taken after its commit, or it added one of its own.
    assert answers == [waiting == 1]
    assert first.attempts == 1


def test_work_that_keeps_failing_leaves_one_dead_letter_until_it_succeeds(
    database: Database,
) -> None:
    for number in range(3):
        queue(database, unique_key="fold")
        with at(database) as session:
            fail(session, taken(database), f"{number}", jitter=0, attempts_allowed=1)
    with at(database) as session:
        assert [letter.error for letter in dead_letters(session)] == ["2"]
    queue(database, unique_key="fold")
    with at(database) as session:
        complete(session, taken(database))
        session.commit()
    assert state_of(database) == []


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_back_off_grows_to_an_hour_and_jitter_takes_at_most_half(
    attempts: int, jitter: float
) -> None:
    whole = back_off(attempts, 0)
    assert LEAST_DELAY <= whole <= LONGEST_DELAY
    assert whole / 2 <= back_off(attempts, jitter) <= whole
    assert back_off(attempts + 1, 0) >= whole


def test_the_first_waits() -> None:
    seconds = [back_off(attempts, 0).total_seconds() for attempts in (1, 2, 3, 4)]
    assert seconds == [5, 10, 20, 40]
    assert NOON + back_off(1, 1) == after(2.5)
