from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import Conflict, NotFound
from portal.models import AuditEntry
from portal.services.jobs import dead_letters, discard, enqueue, queue_state, requeue
from portal.services.leases import bury, claim
from tests.moments import after, at


def bury_one(database: Database, unique_key: str | None = None) -> str:
    with at(database) as session:
        enqueue(session, "mail.send", {"link": "secret"}, unique_key=unique_key)
        session.commit()
        lease = claim(session, "ann", timedelta(seconds=30))
        assert lease is not None
        bury(session, lease, "refused")
        return lease.key


def test_a_job_of_a_rolled_back_change_never_was(database: Database) -> None:
    with at(database) as session:
        enqueue(session, "count", {})
        session.rollback()
    with at(database) as session:
        assert queue_state(session).waiting == 0


def test_queue_state_counts_and_tells_the_age_of_the_oldest(database: Database) -> None:
    bury_one(database)
    with at(database) as session:
        for seconds in (10, 20, 900):
            enqueue(session, "count", {}, due_at=after(seconds))
        session.commit()
    with at(database) as session:
        assert queue_state(session).oldest_due_seconds is None
    with at(database, after(70)) as session:
        state = queue_state(session)
    assert (state.waiting, state.leased, state.dead) == (3, 0, 1)
    assert state.oldest_due_seconds == 60


def test_a_requeued_job_starts_anew_and_is_audited(database: Database) -> None:
    key = bury_one(database)
    with at(database, after(5)) as session:
        requeue(session, key)
        assert dead_letters(session) == []
        lease = claim(session, "ann", timedelta(seconds=30))
        assert lease is not None
        assert (lease.key, lease.attempts, lease.payload) == (key, 1, {"link": "secret"})
        audited = session.execute(select(AuditEntry.action, AuditEntry.object_key)).one()
    assert tuple(audited) == ("job.requeued", key)


def test_a_job_whose_work_waits_already_is_not_requeued(database: Database) -> None:
    key = bury_one(database, unique_key="fold")
    with at(database) as session:
        enqueue(session, "mail.send", {}, unique_key="fold")
        session.commit()
        with pytest.raises(Conflict):
            requeue(session, key)
        assert [letter.key for letter in dead_letters(session)] == [key]


def test_a_discarded_job_is_gone(database: Database) -> None:
    key = bury_one(database)
    with at(database) as session:
        discard(session, key)
        assert dead_letters(session) == []
        with pytest.raises(NotFound):
            discard(session, key)
        with pytest.raises(NotFound):
            requeue(session, key)


def test_only_a_dead_job_can_be_discarded(database: Database) -> None:
    with at(database) as session:
        enqueue(session, "count", {})
        session.commit()
        lease = claim(session, "ann", timedelta(seconds=30))
        assert lease is not None
        with pytest.raises(NotFound):
            discard(session, lease.key)
