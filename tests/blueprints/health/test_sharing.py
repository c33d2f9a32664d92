"""What a champion sees of the score: nothing, unless the administrator shares it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.models import Account
from portal.services.health.due import due_accounts
from portal.services.health.scoring import score_accounts
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import days_back, morning, work
from tests.world import INGRID, LAST_DAY, MARA, NOW, OSKELUND, PIA, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
TOLD = "How Ferrymark reads the health of your account, of 100, at the end of 20 November."


@pytest.fixture
def scored(door: Door) -> Door:
    work(door.world.database, OSKELUND, range(1, 4), days_back(*range(60)))
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        score_accounts(session, due_accounts(session), history=40)
    return door


def share(door: Door, **more: str) -> None:
    data = {"name": "Ferrymark", "locale": "en", "time_zone": "Europe/Oslo", **more}
    assert door.role("admin").post("/admin/settings", data=data).status_code == 302


def test_the_score_is_the_vendors_unless_it_is_shared(scored: Door) -> None:
    ingrid = scored.sign_in(INGRID)
    assert "reads the health" not in ingrid.get("/").text
    share(scored, share_health="y")
    assert TOLD in text_of(ingrid.get("/")).replace("\xa0", " ")
    assert "reads the health" not in scored.sign_in(PIA).get("/").text
    share(scored)
    assert "reads the health" not in ingrid.get("/").text


def test_what_was_said_against_it_is_never_shared(scored: Door) -> None:
    data = {
        "override-band": "green",
        "override-until": LAST_DAY + timedelta(days=9),
        "override-reason": "They compare us no more.",
    }
    address = f"/accounts/{OSKELUND.key}/health/override"
    assert scored.sign_in(MARA).post(address, data=data).status_code == 302
    share(scored, share_health="y")
    page = scored.sign_in(INGRID).get("/").text
    assert "compare us" not in page
    assert "at risk" in page


def test_a_group_is_named_to_those_who_may_see_it(scored: Door) -> None:
    with scored.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        quillon = session.scalars(select(Account.id).where(Account.key == QUILLON.key)).one()
        session.execute(
            update(Account).where(Account.key == OSKELUND.key).values(parent_id=quillon)
        )
        session.commit()
    for address in (f"/accounts/{OSKELUND.key}", f"/accounts/{OSKELUND.key}/health"):
        assert QUILLON.name in text_of(scored.role("manager").get(address))
        # Quillon is not in Mara's hands.
        assert QUILLON.name not in text_of(scored.sign_in(MARA).get(address))
