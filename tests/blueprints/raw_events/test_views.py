"""/admin/raw-events: what is kept, and figures made of it again."""

import pytest
from sqlalchemy import select, update

from portal.models import UsageDay, UsageFold, UsageQuarantine, UsageRun
from portal.services.rebuilds import do_rebuild
from portal.tenancy import system_scope
from portal.usage import quarantine
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import days_back, morning, work
from tests.world import ADMIN, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = "/admin/raw-events"


def test_figures_are_made_again_by_a_worker(door: Door) -> None:
    database = door.world.database
    work(database, OSKELUND, [1, 2], days_back(1, 3))
    work(database, QUILLON, [1], days_back(1))
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(UsageDay).values(events=0))
        session.commit()
    admin = door.sign_in(ADMIN)
    said = text_of(admin.get(ADDRESS))
    assert "Messages as they came 5" in said
    assert "Never yet." in said
    assert admin.post(f"{ADDRESS}/rebuilds", data={"account": OSKELUND.key}).status_code == 302
    said = text_of(admin.get(ADDRESS))
    assert "begins in a moment" in said
    admin.post(f"{ADDRESS}/rebuilds", data={"account": OSKELUND.key})
    assert "These figures are being made again already." in text_of(admin.get(ADDRESS))
    told: list[tuple[int, int]] = []
    with database.session(system_scope(NOW, "test")) as session:
        (run,) = session.scalars(select(UsageRun.id)).all()
    do_rebuild(database, lambda: NOW, run, lambda done, total: told.append((done, total)))
    assert told[-1] == (5, 5)
    said = text_of(admin.get(f"{ADDRESS}/rebuilds"))
    assert f"{OSKELUND.name}" in said
    assert "done" in said
    with database.session(system_scope(NOW, "test")) as session:
        assert sorted(session.scalars(select(UsageDay.events))) == [0, 2, 2]


def test_what_came_too_late_stays_uncounted_where_raw_events_are_gone(door: Door) -> None:
    database = door.world.database
    work(database, OSKELUND, [1], days_back(1))
    admin = door.sign_in(ADMIN)
    assert "too late" not in text_of(admin.get(ADDRESS))
    late = UsageQuarantine(
        account_key=OSKELUND.key,
        external_id="",
        received_at=NOW,
        messages=4,
        body=b"",
        reason=quarantine.LATE,
    )
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(late)
        session.commit()
    assert "4 messages came too late. They count then, unless they had counted before." in text_of(
        admin.get(ADDRESS)
    )
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(UsageFold).values(log_from=NOW))
        session.commit()
    said = text_of(admin.get(ADDRESS))
    assert "stays listed under usage events, uncounted" in said
    assert "That is 4 messages now." in said
    assert "will count, too" not in said


def test_an_account_that_nobody_knows_is_not_found(door: Door) -> None:
    answer = door.sign_in(ADMIN).post(f"{ADDRESS}/rebuilds", data={"account": "nobody"})
    assert answer.status_code == 404
