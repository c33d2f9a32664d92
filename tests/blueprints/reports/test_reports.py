"""/reports: drafted and published by the vendor's side, read by the customer's."""

import io
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from portal.models import AuditEntry, ValueReport
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import days_back, morning, work
from tests.world import ELIF, HENRIK, INGRID, JONAS, MARA, NOW, OSKELUND, PIA, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
QUARTER = {"account": OSKELUND.key, "first": "2026-07-01", "last": "2026-09-30"}


@pytest.fixture
def mara(door: Door) -> FlaskClient:
    work(door.world.database, OSKELUND, range(1, 5), days_back(*range(40, 160)))
    return door.sign_in(MARA)


def drafted(client: FlaskClient) -> str:
    """The address of a new draft."""
    answer = client.post("/reports", data=QUARTER)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_a_draft_is_seen_by_the_vendors_side_alone(door: Door, mara: FlaskClient) -> None:
    address = drafted(mara)
    assert "A draft: only your side sees it." in text_of(mara.get(address))
    assert door.sign_in(INGRID).get(address).status_code == 404
    assert "2026" not in text_of(door.sign_in(INGRID).get("/reports")).partition("Demo")[0]


def test_once_published_it_is_the_customers_and_never_changes(
    door: Door, mara: FlaskClient
) -> None:
    address = drafted(mara)
    words = {"en": "Well done.\n\nMore next quarter.", "zh_hans": "做得很好。", "zh_hant": ""}
    assert mara.post(f"{address}/words", data=words).status_code == 302
    assert mara.post(f"{address}/publication").status_code == 302
    for email in (INGRID, HENRIK):
        said = text_of(door.sign_in(email).get(address))
        assert "Well done." in said
        assert "4 of" in said
    before = door.sign_in(INGRID).get(address).text
    for path in ("words", "publication", "discard"):
        refused = mara.post(f"{address}/{path}", data={"en": "Changed"})
        assert refused.headers["Location"] == address
        assert "This version is published and never changes." in text_of(mara.get(address))
        fragment = mara.post(f"{address}/{path}", headers={"HX-Request": "true"})
        assert fragment.status_code == 409
    work(door.world.database, OSKELUND, [5, 6], days_back(*range(60, 100)))
    after = door.sign_in(INGRID).get(address).text
    assert text_of_article(after) == text_of_article(before)


def text_of_article(page: str) -> str:
    return page.partition("<article")[2].partition("</article>")[0]


def test_a_correction_is_a_new_version(door: Door, mara: FlaskClient) -> None:
    address = drafted(mara)
    mara.post(f"{address}/publication")
    answer = mara.post(f"{address}/versions")
    second = answer.headers["Location"]
    assert second != address
    assert "Draft of version 2" in text_of(mara.get(second))
    assert door.sign_in(INGRID).get(address).status_code == 200


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_the_pdf_is_whole_in_each_language(door: Door, mara: FlaskClient, locale: str) -> None:
    address = drafted(mara)
    mara.post(f"{address}/publication")
    answer = door.sign_in(INGRID).get(f"{address}/{locale}.pdf")
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.data))
    text = "".join(page.extract_text() for page in reader.pages)
    assert OSKELUND.name in text
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]


def test_a_bad_period_is_named_beside_its_field(mara: FlaskClient) -> None:
    for wrong, said in (
        ({"first": "2026-09-30", "last": "2026-07-01"}, "Choose a day on or after"),
        ({"last": "2026-12-31"}, "the period must be over"),
        ({"first": "2020-01-01"}, "at most 366 days"),
        ({"first": ""}, "Choose a day"),
        ({"account": "no-such-account"}, ""),
    ):
        answer = mara.post("/reports", data={**QUARTER, **wrong})
        assert answer.status_code == 422, wrong
        assert said in text_of(answer)


def test_two_drafts_of_one_period_are_one_too_many(mara: FlaskClient) -> None:
    drafted(mara)
    answer = mara.post("/reports", data=QUARTER)
    assert answer.status_code == 409
    assert "stands already, in the list above" in text_of(answer)


def test_a_version_whose_draft_stands_already_leads_to_the_list(mara: FlaskClient) -> None:
    address = drafted(mara)
    mara.post(f"{address}/publication")
    assert mara.post(f"{address}/versions").status_code == 302
    again = mara.post(f"{address}/versions")
    assert again.headers["Location"] == "/reports"
    assert "A draft for this account and period stands already." in text_of(mara.get("/reports"))


def test_other_accounts_and_other_roles_stay_out(door: Door, mara: FlaskClient) -> None:
    address = drafted(mara)
    mara.post(f"{address}/publication")
    for email in (ELIF, JONAS):
        other = door.sign_in(email)
        for path in (address, f"{address}/en.pdf"):
            assert other.get(path).status_code == 404
        assert OSKELUND.name not in text_of(other.get("/reports"))
    assert door.sign_in(PIA).get(address).status_code == 403
    assert door.sign_in(INGRID).post(f"{address}/publication").status_code == 403
    foreign = mara.post("/reports", data={**QUARTER, "account": QUILLON.key})
    assert foreign.status_code == 422


def test_who_published_stands_in_the_audit_log(door: Door, mara: FlaskClient) -> None:
    mara.post(f"{drafted(mara)}/publication")
    with door.world.database.session(system_scope(NOW, "test")) as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.actor == MARA)).all()
        report = session.scalars(select(ValueReport)).one()
    assert {"report.draft", "report.publish"} <= set(actions)
    assert (report.first, report.published_by) == (date(2026, 7, 1), MARA)


def test_a_discarded_draft_is_gone(mara: FlaskClient) -> None:
    address = drafted(mara)
    assert mara.post(f"{address}/discard").status_code == 302
    assert mara.get(address).status_code == 404


def test_a_draft_that_cannot_be_shown_is_discarded_in_the_list(
    door: Door, mara: FlaskClient
) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        old = ValueReport(
            account_id=door.world.accounts[OSKELUND.key],
            first=date(1990, 1, 1),
            last=date(1990, 3, 31),
            notes={},
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(old)
        session.commit()
        address = f"/reports/{old.key}"
    assert mara.get(address).status_code == 422
    assert f'action="{address}/discard"' in mara.get("/reports").text
    assert mara.post(f"{address}/discard").headers["Location"] == "/reports"
    assert address not in mara.get("/reports").text


def test_only_drafts_and_only_for_those_who_write_can_be_discarded(
    door: Door, mara: FlaskClient
) -> None:
    address = drafted(mara)
    mara.post(f"{address}/publication")
    assert address in mara.get("/reports").text
    for client in (mara, door.sign_in(INGRID)):
        assert "/discard" not in client.get("/reports").text
