"""Mails, the house's own cleaning, the index of texts."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from portal.models import (
    KnowledgeFile,
    Mail,
    RateBucket,
)
from portal.search import Engine
from portal.services.file_store import FileStore
from portal.services.jobs import enqueue
from portal.services.knowledge_texts import publish
from portal.services.mail import queue_mail
from portal.services.person_data import CHECKPOINT_JOB
from portal.services.search_index import FOLDER
from tests.jobs.scenarios.place import Place, Scenario
from tests.jobs.workers import MONDAY
from tests.moments import at


def ask_for_mail(place: Place, turn: int) -> None:
    with at(place.database) as session:
        queue_mail(
            session,
            recipient="ingrid@oskelund.example",
            locale="en",
            template="password_reset",
            values={"name": "", "link": "https://success.example/r", "minutes": 60},
            idempotency_key=f"reset:{turn}",
        )
        session.commit()


def check_mail(place: Place, turn: int) -> None:
    with at(place.database) as session:
        mails = session.scalars(select(Mail)).all()
        assert len(mails) == turn + 1
        assert all(mail.sent_at for mail in mails)
    # SMTP has no exactly-once: a kill between its yes and our note doubles, recognisably.
    arrived = Counter(str(message["Message-ID"]) for message in place.post.accepted)
    assert len(arrived) == turn + 1
    assert max(arrived.values()) <= 2


def ask_to_clean(place: Place, turn: int) -> None:
    with at(place.database) as session:
        session.add(RateBucket(name=f"old {turn}", tokens=1.0, at=0.0))
        session.add(RateBucket(name=f"new {turn}", tokens=1.0, at=9e9))
        enqueue(session, "house.clean", {})
        session.commit()


def check_cleaned(place: Place, turn: int) -> None:
    with at(place.database) as session:
        left = set(session.scalars(select(RateBucket.name)))
    assert left == {f"new {number}" for number in range(turn + 1)}


def ask_to_index(place: Place, _turn: int) -> None:
    with at(place.database) as session:
        publish(session, {})
        session.commit()


def check_index(place: Place, turn: int) -> None:
    assert Engine(place.data_dir / FOLDER).change_number == turn + 1


def ask_to_sweep(place: Place, turn: int) -> None:
    files = FileStore(place.settings.files)
    with at(place.database) as session:
        for name, age in (("old", timedelta(days=31)), ("new", timedelta())):
            row = KnowledgeFile(key=f"{name} {turn}", stored_at=MONDAY - age, bytes=1)
            session.add(row)
            files.put(row.key, b"x")
        enqueue(session, "knowledge.sweep-files", {})
        session.commit()


def check_swept(place: Place, turn: int) -> None:
    left = {f"new {number}" for number in range(turn + 1)}
    with at(place.database) as session:
        assert set(session.scalars(select(KnowledgeFile.key))) == left
    assert set(FileStore(place.settings.files).names()) == left


def ask_for_checkpoint(place: Place, turn: int) -> None:
    with at(place.database) as session:
        session.add(RateBucket(name=f"any {turn}", tokens=1.0, at=9e9))
        enqueue(session, CHECKPOINT_JOB, {})
        session.commit()


def check_checkpoint(place: Place, _turn: int) -> None:
    """Twice is no harm: what is kept stays."""
    assert place.database.checkpoint()


SCENARIOS = {
    "house.checkpoint": Scenario(ask_for_checkpoint, check_checkpoint),
    "knowledge.sweep-files": Scenario(ask_to_sweep, check_swept),
    "mail.send": Scenario(ask_for_mail, check_mail),
    "search.reindex": Scenario(ask_to_index, check_index),
    "house.clean": Scenario(ask_to_clean, check_cleaned),
}
