"""Requests whose next word is due: announced once, whoever is killed."""

from datetime import timedelta

from sqlalchemy import select

from portal.models import Account, OutboxMessage, Request, ServiceCalendar, ServiceLevel
from portal.services.jobs import enqueue
from portal.services.requests.due import DUE
from portal.services.requests.levels import REWIND
from portal.services.requests.steps import TOLD
from tests.jobs import workers
from tests.jobs.scenarios.place import Place, Scenario
from tests.moments import at
from tests.world import OSKELUND, build_world

ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(7)}


def ask_to_warn(place: Place, turn: int) -> None:
    """One request more was handed in two hours ago; a first word is promised within one."""
    if turn == 0:
        _promise(place)
    _hand_in(place, turn)
    with at(place.database) as session:
        enqueue(session, "requests.warn", {})
        session.commit()


def _promise(place: Place) -> None:
    build_world(place.database)
    with at(place.database) as session:
        session.add(calendar := ServiceCalendar(name="Week", zone="UTC", hours=ALWAYS, days_off=[]))
        session.flush()
        level = ServiceLevel(tier=OSKELUND.tier, calendar_id=calendar.id, first_minutes=60)
        session.add(level)
        session.commit()


def _hand_in(place: Place, turn: int) -> None:
    with at(place.database) as session:
        account = session.scalar(select(Account.id).where(Account.key == OSKELUND.key))
        then = workers.MONDAY - timedelta(hours=2)
        due = then + timedelta(hours=1)
        request = Request(
            account_id=account,
            code=f"R-{turn}",
            kind="need",
            title="Own plants",
            told={},
            text="",
            locale="en",
            created_at=then,
            updated_at=then,
            first_due_at=due,
            next_due_at=due,
        )
        session.add(request)
        session.commit()


def check_warned(place: Place, turn: int) -> None:
    with at(place.database) as session:
        rows = session.execute(select(Request.key, Request.next_due_at, Request.warned_for)).all()
        keys = select(OutboxMessage.idempotency_key).where(OutboxMessage.kind == TOLD)
        announced = session.scalars(keys).all()
    assert len(rows) == turn + 1
    assert all(row.next_due_at == row.warned_for for row in rows)
    assert sorted(announced) == sorted(
        f"{TOLD}:{DUE}:{row.key}:{row.next_due_at.isoformat()}" for row in rows
    )


def ask_to_rewind(place: Place, turn: int) -> None:
    """A first word was promised in one hour, and is now in so many hours more as turns went."""
    if turn == 0:
        _promise(place)
    _hand_in(place, turn)
    with at(place.database) as session:
        level = session.scalars(select(ServiceLevel)).one()
        level.first_minutes = 60 * (turn + 2)
        enqueue(session, REWIND, {"tier": OSKELUND.tier})
        session.commit()


def check_rewound(place: Place, turn: int) -> None:
    with at(place.database) as session:
        due = session.scalars(select(Request.next_due_at)).all()
    assert due == [workers.MONDAY + timedelta(hours=turn)] * (turn + 1)


SCENARIOS = {
    "requests.warn": Scenario(ask_to_warn, check_warned),
    REWIND: Scenario(ask_to_rewind, check_rewound),
}
