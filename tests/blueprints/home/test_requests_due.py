"""What is due of requests stands on the first pages of those who owe a word."""

from datetime import UTC, datetime, timedelta

from portal.models import Request
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.services.requests.town import PAUL
from tests.world import JONAS, MARA, NOW, OSKELUND


def test_overdue_and_announced_ones_are_listed(door: Door) -> None:
    now = datetime.now(UTC)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        for number, hours in enumerate((-3, 5, 9)):
            due = now + timedelta(hours=hours, minutes=1)
            session.add(
                Request(
                    account_id=door.world.accounts[OSKELUND.key],
                    code=f"R-DUE{number}",
                    kind="bug",
                    title=f"Number {number}",
                    told={},
                    text="",
                    locale="en",
                    created_at=NOW,
                    updated_at=NOW,
                    next_due_at=due,
                    warned_for=due if hours == 5 else None,
                )
            )
        session.commit()
    for email in (MARA, PAUL):
        page = door.sign_in(email).get("/")
        assert page.status_code == 200
        assert "Number 0" in page.text
        assert "Number 1" in page.text
        assert "Number 2" not in page.text
        assert "overdue by 2 h" in text_of(page)
        assert "5 h left" in text_of(page) or "5 h 1 min left" in text_of(page)
    assert "Requests due" not in text_of(door.sign_in(JONAS).get("/"))
