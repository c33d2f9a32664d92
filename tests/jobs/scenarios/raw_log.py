"""What becomes of the raw log: packed, archived, let go, read again, somebody erased from it."""

from datetime import timedelta

from sqlalchemy import select, update

from portal.models import (
    PersonRequest,
    UsageArchive,
    UsageDay,
    UsageLog,
    UsageRun,
    Vendor,
)
from portal.services.jobs import enqueue
from portal.services.person_data import erase_person
from portal.services.person_requests import ERASE as ERASE_REQUEST
from portal.services.person_requests import EXPORT as EXPORT_REQUEST
from portal.services.person_requests import ask_for_person
from portal.services.rebuilds import ask_rebuild
from portal.usage.comparison import compare_with_log
from portal.usage.log_rows import PACK, read_log_rows
from portal.usage.reading import unpack
from portal.usage.sealing import seal
from tests.jobs import workers
from tests.jobs.scenarios.place import Place, Scenario
from tests.jobs.scenarios.usage import DAY, EVENTS, fold_events
from tests.moments import NOON, at


def ask_to_pack(place: Place, turn: int) -> None:
    fold_events(place, turn)
    with at(place.database) as session:
        enqueue(session, "usage.compact", {})
        session.commit()


def check_packed(place: Place, turn: int) -> None:
    with at(place.database) as session:
        assert set(session.scalars(select(UsageLog.kind))) == {PACK}
        found = [row.messages for some in read_log_rows(session, 0, 2**40) for row in some]
    assert found == [EVENTS] * (turn + 1)
    assert compare_with_log(place.database, NOON).differences == []


def ask_to_archive(place: Place, turn: int) -> None:
    """Of a day of its own each turn, as nothing counts that comes later."""
    fold_events(place, turn, DAY - timedelta(days=turn))
    seal(place.database, workers.MONDAY + timedelta(days=100))
    with at(place.database) as session:
        enqueue(session, "usage.archive", {})
        session.commit()


def check_archived(place: Place, turn: int) -> None:
    with at(place.database) as session:
        assert session.scalars(select(UsageArchive.events)).all() == [EVENTS] * (turn + 1)
        assert session.scalars(select(UsageLog.id)).all() == []
    assert compare_with_log(place.database, NOON).differences == []


def ask_to_retain(place: Place, turn: int) -> None:
    fold_events(place, turn)
    with at(place.database) as session:
        session.merge(Vendor(id=1, raw_days=14))
        enqueue(session, "usage.retain", {})
        session.commit()


def check_retained(place: Place, turn: int) -> None:
    """The rows are of a day in March 2026; nobody joined anything."""
    with at(place.database) as session:
        assert session.scalars(select(UsageLog.messages)).all() == [0]
        assert session.scalars(select(UsageDay.events)).all() == [EVENTS * (turn + 1)]
    assert compare_with_log(place.database, NOON).differences == []


def ask_to_rebuild(place: Place, turn: int) -> None:
    fold_events(place, turn)
    with at(place.database) as session:
        session.execute(update(UsageDay).values(events=0))
        ask_rebuild(session, "oskelund" if turn % 2 else "")


def check_rebuilt(place: Place, turn: int) -> None:
    with at(place.database) as session:
        ended = [run.ended_at is not None for run in session.scalars(select(UsageRun))]
    assert ended == [True] * (turn + 1)
    assert compare_with_log(place.database, NOON).differences == []


def ask_to_erase(place: Place, turn: int) -> None:
    fold_events(place, turn)
    with at(place.database) as session:
        erase_person(place.database, session, "oskelund", "u1")


def ask_for_a_person(place: Place, turn: int) -> None:
    """Handed out and erased in turn."""
    fold_events(place, turn)
    kind = ERASE_REQUEST if turn % 2 else EXPORT_REQUEST
    with at(place.database) as session:
        ask_for_person(session, "oskelund", "u1", kind)


def check_person_asked(place: Place, turn: int) -> None:
    """An erasure takes the file before it along."""
    with at(place.database) as session:
        found = session.execute(
            select(PersonRequest.kind, PersonRequest.ended_at, PersonRequest.external_id)
        ).all()
    done = [ERASE_REQUEST] * ((turn + 1) // 2) + [EXPORT_REQUEST] * (1 - turn % 2)
    assert [row.kind for row in found] == done
    assert all(row.ended_at for row in found)
    named = [row.external_id == "u1" for row in found]
    assert named == [kind == EXPORT_REQUEST for kind in done]
    assert compare_with_log(place.database, NOON).differences == []


def check_erased(place: Place, turn: int) -> None:
    with at(place.database) as session:
        ended = session.execute(select(UsageRun.ended_at, UsageRun.external_id)).all()
        rows = [row for some in read_log_rows(session, 0, 2**40) for row in some]
    assert [(at_ is not None, person) for at_, person in ended] == [(True, None)] * (turn + 1)
    assert not any(b"u1" in bytes(raw) for row in rows for raw in unpack(row)[1])
    assert compare_with_log(place.database, NOON).differences == []


SCENARIOS = {
    "person.request": Scenario(ask_for_a_person, check_person_asked),
    "usage.archive": Scenario(ask_to_archive, check_archived),
    "usage.compact": Scenario(ask_to_pack, check_packed),
    "usage.erase": Scenario(ask_to_erase, check_erased),
    "usage.rebuild": Scenario(ask_to_rebuild, check_rebuilt),
    "usage.retain": Scenario(ask_to_retain, check_retained),
}
