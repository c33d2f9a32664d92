from threading import Barrier, Thread

from sqlalchemy import select

from portal.db import Database
from portal.models import Job
from portal.services.leases import claim
from portal.services.timetable import fire
from tests.moments import NOON, after, at
from tests.services.test_leases import LENGTH


def fired(database: Database, seconds: float) -> bool:
    with at(database, after(seconds)) as session:
        return fire(session, "fold", after(seconds), "usage.fold")


def jobs(database: Database) -> list[str]:
    with at(database) as session:
        return list(session.scalars(select(Job.name)))


def test_an_entry_fires_once_a_slot(database: Database) -> None:
    assert [fired(database, seconds) for seconds in (0, 0, 5, 5, 0)] == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_a_slot_adds_no_second_job_while_one_waits(database: Database) -> None:
    fired(database, 0)
    fired(database, 5)
    assert jobs(database) == ["usage.fold"]
    with at(database, after(6)) as session:
        assert claim(session, "ann", LENGTH) is not None
    fired(database, 10)
    assert jobs(database) == ["usage.fold", "usage.fold"]


def test_over_many_workers_an_entry_fires_once_a_slot(database: Database) -> None:
    start = Barrier(6)
    answers: list[bool] = []

    def run() -> None:
        for seconds in range(0, 50, 5):
            start.wait()
            answers.append(fired(database, seconds))

    threads = [Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers.count(True), len(answers)) == (10, 60)


def test_entries_do_not_share_their_slots(database: Database) -> None:
    with at(database) as session:
        assert fire(session, "fold", NOON, "usage.fold")
        assert fire(session, "clean", NOON, "house.clean")
