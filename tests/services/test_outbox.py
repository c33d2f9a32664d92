from datetime import timedelta
from threading import Barrier, Thread

from sqlalchemy import select

from portal.db import Database
from portal.models import Job, OutboxMessage
from portal.services.leases import claim
from portal.services.outbox import announce, anything_unsent, relay
from tests.moments import at


def test_a_message_becomes_its_job_once(database: Database) -> None:
    with at(database) as session:
        assert announce(session, "mail.send", {"n": 1}, "invitation:1")
        session.commit()
        assert anything_unsent(session)
        assert relay(session, {}) == 1
        assert relay(session, {}) == 0
        assert not anything_unsent(session)
        lease = claim(session, "ann", timedelta(seconds=30))
        assert lease is not None
        assert lease.name == "mail.send"
        assert lease.payload == {"n": 1, "idempotency_key": "invitation:1"}
        assert claim(session, "ann", timedelta(seconds=30)) is None


def test_the_same_effect_asked_for_twice_happens_once(database: Database) -> None:
    with at(database) as session:
        assert announce(session, "mail.send", {"n": 1}, "invitation:1")
        assert not announce(session, "mail.send", {"n": 2}, "invitation:1")
        session.commit()
        assert relay(session, {}) == 1
    with at(database) as session:
        assert not announce(session, "mail.send", {"n": 3}, "invitation:1")
        assert announce(session, "mail.send", {"n": 3}, "invitation:2")
        session.commit()


def test_what_was_not_committed_has_no_effect(database: Database) -> None:
    with at(database) as session:
        announce(session, "mail.send", {}, "invitation:1")
        session.rollback()
        assert relay(session, {}) == 0


def test_one_kind_may_have_several_jobs_and_keeps_no_payload(database: Database) -> None:
    with at(database) as session:
        announce(session, "text.published", {"key": "t"}, "text:t:1")
        session.commit()
        relay(session, {"text.published": ("search.update", "notice.send")})
        names = set(session.scalars(select(Job.name)))
        assert names == {"search.update", "notice.send"}
        assert session.scalar(select(OutboxMessage.payload)) == {}


def test_relays_at_the_same_time_double_nothing(database: Database) -> None:
    with at(database) as session:
        for number in range(250):
            announce(session, "count", {"n": number}, f"count:{number}")
        session.commit()
    start = Barrier(3)

    def run() -> None:
        start.wait()
        with at(database) as session:
            while relay(session, {}) or anything_unsent(session):
                pass

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with at(database) as session:
        numbers = [payload["n"] for payload in session.scalars(select(Job.payload))]
    assert sorted(numbers) == list(range(250))
