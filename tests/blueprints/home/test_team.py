"""The home of the vendor's own team, by role."""

from pathlib import Path

import pytest
from sqlalchemy import update

from portal.models import Account, KnowledgeItem, Person, Vendor
from portal.services.content_files import load_content
from tests.apps import Door
from tests.blueprints.home.stories import MONTH, teach, writing
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, send, work
from tests.hub import write_text
from tests.world import (
    ADMIN,
    JONAS,
    LAST_DAY,
    MARA,
    NOW,
    OSKELUND,
)

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


def test_the_desk_shows_the_accounts_in_hand(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*MONTH))
    mara, jonas = (text_of(door.sign_in(who).get("/")) for who in (MARA, JONAS))
    greta = text_of(door.role("manager").get("/"))
    assert "One account. None has an open alert." in mara
    assert "Quillon" not in mara
    assert "One account. None has an open alert." in jonas
    assert "Oskelund" not in jonas
    assert "Two accounts. None has an open alert." in greta
    assert "5 people were active in 30 days, 5 more than before." in greta


def test_a_csm_without_accounts_is_told_what_comes(door: Door) -> None:
    admin = door.sign_in(ADMIN)
    greta = door.world.keys[door.world.first_of("manager")]
    admin.post(f"/admin/assignments/{OSKELUND.key}", data={"lead": greta})
    assert "No account is in your hands yet." in text_of(door.sign_in(MARA).get("/"))


def test_ellen_sees_the_reviews_that_are_due(door: Door, tmp_path: Path) -> None:
    ellen = door.role("editor")
    assert "No text yet." in text_of(ellen.get("/"))
    write_text(tmp_path, "late", "customers", review_by="2026-11-01")
    write_text(tmp_path, "soon", "vendor", review_by="2026-12-20")
    write_text(tmp_path, "far", "public", review_by="2027-06-20")
    for session in writing(door):
        load_content(session, tmp_path)
        session.query(KnowledgeItem).filter_by(slug="far").update({"state": "draft"})
        session.commit()
    page = ellen.get("/")
    said = text_of(page)
    assert "Three texts. One is overdue for review." in said
    assert "Three lack a language." in said
    assert said.index("Penguin late") < said.index("Penguin soon") < said.index("Penguin far")
    assert "/knowledge/soon" in page.text
    assert "/knowledge/far" not in page.text


def test_paul_sees_what_customers_read(door: Door, tmp_path: Path) -> None:
    teach(door, tmp_path, reports="scheduled-reports")
    page = door.role("product").get("/")
    assert "Penguin reports" in page.text
    assert "/design" in page.text
    assert "/accounts" not in page.text


def test_the_admin_is_led_through_setting_up(door: Door) -> None:
    admin = door.sign_in(ADMIN)
    said = text_of(admin.get("/"))
    assert "No event has arrived yet." in said
    assert "Create the first key" in said
    assert "paceline worker" in said
    admin.post("/admin/keys", data={"name": "Backend", "kind": "write", "account": ""})
    work(door.world.database, OSKELUND, [1, 99], days_back(1), "Nobody Knows This")
    send(door.world.database, [{"type": "track", "userId": "x", "context": {"groupId": "acme"}}])
    said = text_of(admin.get("/"))
    assert "Events arrive." in said
    assert "1 write key is in force." in said
    assert "Event names without a feature" in said
    assert "People at work who are not set up" in said
    assert "Kinds of refused messages" in said
    assert "demo data" not in said


def test_the_admin_is_told_of_the_demo(door: Door) -> None:
    for session in writing(door):
        session.get_one(Vendor, 1).demo = True
        session.commit()
    assert "These are demo data" in text_of(door.sign_in(ADMIN).get("/"))


def test_the_desks_statements_do_not_grow_with_the_accounts(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*MONTH))
    greta = door.role("manager")
    greta.get("/")
    # What is kept from page to page is read again after a change, in both cases.
    for session in writing(door):
        session.execute(update(Account).values(seats=7))
        session.commit()
    with counted(door.world.database) as few:
        greta.get("/")
    for session in writing(door):
        for number in range(10):
            session.add(Account(key=f"more-{number}", name=f"More {number}", created_at=NOW))
        session.flush()
        session.add_all(
            Person(account_id=one.id, external_id="p", active_from=LAST_DAY)
            for one in session.query(Account)
        )
        session.commit()
    with counted(door.world.database) as many:
        assert "Twelve accounts." in text_of(greta.get("/"))
    assert len(many) == len(few)
