"""/accounts/<key>: one account whole."""

from datetime import date
from pathlib import Path

import pytest

from portal.models import ValueReport
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, work
from tests.courses import load_course
from tests.hub import write_text
from tests.world import ELIF, INGRID, JONAS, MARA, NOW, OSKELUND, PIA, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = f"/accounts/{OSKELUND.key}"


def test_mara_sees_the_whole_account(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*range(60)))
    work(door.world.database, OSKELUND, [99], days_back(2))
    page = door.sign_in(MARA).get(ADDRESS)
    said = text_of(page).replace("\xa0", " ")
    assert "5 of 6 people worked in Ferrymark in the last 30 days." in said
    assert "Segment Strategic, food, north" in said
    assert "Contract ends 31 March 2027, 131 days" in said
    assert "Seats activated 5 of 300" in said
    assert "Local time 10:00 in Oslo" in said
    assert "Success manager Mara Quill" in said
    assert "1 of 10 core features are in use" in said
    assert "Ingrid Dahle" in said
    assert "1 person in its events is not on its list of people." in said
    assert f'href="{ADDRESS}/adoption"' in page.text
    assert "Quillon" not in said
    assert "Since the first event: 30 of 30 days." in said
    for figure in ("health", "weekly", "depth", "integration_calls"):
        assert page.text.count(f'id="define-{figure}"') == 1


def test_before_the_first_event_the_key_is_told(door: Door) -> None:
    said = text_of(door.sign_in(MARA).get(ADDRESS))
    assert "No usage yet" in said
    assert "No event has arrived yet." in said
    assert f"The key is {OSKELUND.key}." in said


def test_another_ones_account_is_a_missing_one(door: Door) -> None:
    jonas = door.sign_in(JONAS)
    foreign, missing = jonas.get(ADDRESS), jonas.get("/accounts/no-such-account")
    assert foreign.status_code == missing.status_code == 404
    assert "Oskelund" not in foreign.text
    assert jonas.get(f"/accounts/{QUILLON.key}").status_code == 200
    assert door.sign_in(MARA).get(f"/accounts/{'x' * 3000}").status_code == 404


def test_others_have_no_desk(door: Door) -> None:
    assert door.visitor().get(ADDRESS).headers["Location"].startswith("/sign-in")
    for who in (INGRID, ELIF):
        assert door.sign_in(who).get(ADDRESS).status_code == 403
    assert door.sign_in(MARA).post(ADDRESS).status_code == 405


def test_the_privacy_switch_is_told_but_not_turned_here(door: Door) -> None:
    mara = door.sign_in(MARA)
    assert "The account lets its people be shown by name." in text_of(mara.get(ADDRESS))
    door.sign_in(INGRID).post("/settings", data={"people_shown": "groups"})
    page = mara.get(ADDRESS)
    assert "only in groups of at least five" in text_of(page)
    assert 'name="people_shown"' not in page.text


def test_a_draft_is_listed_for_those_who_write_it(door: Door) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(
            ValueReport(
                key="draft-1",
                account_id=door.world.accounts[OSKELUND.key],
                first=date(2026, 7, 1),
                last=date(2026, 9, 30),
                notes={},
                created_at=NOW,
                updated_at=NOW,
            )
        )
        session.commit()
    assert 'href="/reports/draft-1"' in door.sign_in(MARA).get(ADDRESS).text


def test_a_drop_is_said_on_the_accounts_own_page(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 41), days_back(*range(7, 50)))
    work(door.world.database, OSKELUND, range(1, 21), days_back(*range(7)))
    said = text_of(door.sign_in(MARA).get(ADDRESS))
    expected = "Last week 20 people were active, against 40 on average in the four weeks before."
    assert expected in said


def test_the_page_asks_a_bounded_number_of_statements(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*range(60)))
    mara = door.sign_in(MARA)
    mara.get(ADDRESS)
    with counted(door.world.database) as sent:
        mara.get(ADDRESS)
    assert len(sent) <= 45, "\n".join(sent)


def test_what_its_people_read_is_told(door: Door, tmp_path: Path) -> None:
    assert "Nobody here has read a text" in text_of(door.sign_in(MARA).get(ADDRESS))
    for slug in ("much-read", "little-read", "theirs"):
        write_text(tmp_path / "texts", slug, "customers")
    load_course(door.world.database, tmp_path / "texts")
    for who, slug in (
        (INGRID, "much-read"),
        (PIA, "much-read"),
        (PIA, "little-read"),
        (ELIF, "theirs"),
    ):
        assert door.sign_in(who).post(f"/knowledge/{slug}/readings").status_code == 204
    said = text_of(door.sign_in(MARA).get(ADDRESS)).replace("\xa0", " ")
    assert "Texts read in 90 days Penguin much-read 2 people read it, last on 21 November" in said
    assert said.index("Penguin much-read") < said.index("Penguin little-read 1 person read it")
    assert "Penguin theirs" not in said
