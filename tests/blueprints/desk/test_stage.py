"""/accounts/<key>/stage: what each stage asks for, and the reason where it does not hold."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.models import Account, AuditEntry
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, text_of
from tests.blueprints.usage import morning
from tests.world import INGRID, JONAS, MARA, NOW, OSKELUND

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
STAGE = f"/accounts/{OSKELUND.key}/stage"


def kept(door: Door) -> tuple[str, date | None]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        wanted = select(Account.stage, Account.stage_since).where(Account.key == OSKELUND.key)
        row = session.execute(wanted).one()
        return row.stage, row.stage_since


def put(door: Door, stage: str) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        account = session.scalars(select(Account).where(Account.key == OSKELUND.key)).one()
        account.stage = stage
        session.commit()


def test_a_move_in_order_needs_no_reason(door: Door) -> None:
    put(door, "signed")
    mara = door.sign_in(MARA)
    answer = mara.post(STAGE, data={"to": "implementation"}, follow_redirects=True)
    assert "Oskelund Foods is in: Implementation." in text_of(answer)
    assert "Stage Implementation since 21 November 2026" in text_of(answer).replace("\xa0", " ")
    assert kept(door) == ("implementation", date(2026, 11, 21))


def test_against_the_order_the_page_asks_why_and_the_log_keeps_it(door: Door) -> None:
    put(door, "steady_use")
    mara = door.sign_in(MARA)
    refused = mara.post(STAGE, data={"to": "signed", "reason": "  "})
    assert refused.status_code == 422
    assert "Say why" in text_of(refused)
    assert 'value="signed" checked' in refused.text
    assert kept(door)[0] == "steady_use"
    said = {"to": "signed", "reason": "The contract is signed anew, for another company."}
    assert mara.post(STAGE, data=said).status_code == 302
    with door.world.database.session(system_scope(NOW, "test")) as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.action == "account.stage"
    assert entry.account_id == door.world.accounts[OSKELUND.key]
    assert entry.details["before"] == "steady_use"
    assert entry.details["against"] == ["in_order"]
    line = text_of(mara.get(f"/accounts/{OSKELUND.key}/timeline"))
    assert "Stage: Signed." in line
    assert "Before: Steady use. The contract is signed anew, for another company." in line
    assert "Not met: It follows the stage that the account is in." in line


@pytest.mark.parametrize(
    "wrong", [{}, {"to": "moon"}, {"to": ""}, {"to": "signed", "reason": "x" * 501}]
)
def test_what_is_no_stage_is_refused(door: Door, wrong: dict[str, str]) -> None:
    assert door.sign_in(MARA).post(STAGE, data=wrong).status_code == 422
    assert actions_of(door.world.database) == []


def test_the_same_stage_is_no_move(door: Door) -> None:
    put(door, "renewal")
    answer = door.sign_in(MARA).post(STAGE, data={"to": "renewal", "reason": "Why not"})
    assert answer.status_code == 422
    assert "in this stage already" in text_of(answer)


def test_only_those_who_look_after_it(door: Door) -> None:
    assert door.sign_in(JONAS).get(STAGE).status_code == 404
    assert door.sign_in(JONAS).post(STAGE, data={"to": "signed"}).status_code == 404
    assert door.sign_in(INGRID).get(STAGE).status_code == 403
    assert door.role("manager").get(STAGE).status_code == 200
