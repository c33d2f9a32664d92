from portal.db import Database
from portal.services.workers import beat, leave, living_workers
from tests.moments import NOON, after, at


def names(database: Database, seconds: float) -> list[str]:
    with at(database, after(seconds)) as session:
        return [worker.name for worker in living_workers(session)]


def test_a_worker_lives_as_long_as_it_is_heard_of(database: Database) -> None:
    for worker, seconds in (("ann", 0), ("bob", 10), ("ann", 50)):
        with at(database, after(seconds)) as session:
            beat(session, worker)
    assert names(database, 55) == ["ann", "bob"]
    assert names(database, 90) == ["ann"]
    with at(database, after(90)) as session:
        assert living_workers(session)[0].started_at == NOON
        leave(session, "ann")
    assert names(database, 90) == []
