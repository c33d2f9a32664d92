"""/admin/recount: how far history is counted by new conditions, by itself until it is done."""

import pytest
from flask.testing import FlaskClient

from portal.models import UsageRefold
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.world import ADMIN, NOW


@pytest.fixture
def ada(door: Door) -> FlaskClient:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        run = UsageRefold(begun_at=NOW, rules=[], remaining=[7], total=3)
        run.messages, run.messages_read = 12_000, 4_500
        session.add(run)
        session.commit()
    return door.sign_in(ADMIN)


def go_on(door: Door, *, ended: bool) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        run = session.get_one(UsageRefold, 1)
        run.messages_read = run.messages
        run.ended_at = NOW if ended else None
        session.commit()


def test_it_says_how_much_is_read_then_how_many_accounts_are_counted(
    door: Door, ada: FlaskClient
) -> None:
    for path in ("/admin/features", "/admin/recount"):
        said = text_of(ada.get(path))
        assert "4,500 of 12,000" in said
        assert "2 of 3 accounts" in said
    go_on(door, ended=False)
    said = text_of(ada.get("/admin/recount"))
    assert "of 12,000" not in said
    assert "2 of 3 accounts" in said


def test_it_asks_for_itself_until_it_is_done(door: Door, ada: FlaskClient) -> None:
    asks = 'hx-get="/admin/recount"'
    assert asks in ada.get("/admin/event-names").text
    assert asks in ada.get("/admin/recount").text
    go_on(door, ended=True)
    done = ada.get("/admin/recount").text
    assert "History is counted by the new conditions." in done
    assert asks not in done
    assert asks not in ada.get("/admin/event-names").text
