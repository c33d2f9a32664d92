"""/: one page for each role, with what that role can do today."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.domain.permissions import Role
from portal.models import Account, Invitation, KnowledgeItem, Person, ValueReport, Vendor
from portal.services.content_files import load_content
from portal.services.value_reports import draft_report, publish_report, write_notes
from portal.tenancy import Scope, system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import EVENT_OF, counted, days_back, morning, send, work
from tests.hub import write_text
from tests.world import (
    ADMIN,
    ELIF,
    HENRIK,
    INGRID,
    JONAS,
    LAST_DAY,
    MARA,
    NOW,
    OSKELUND,
    PIA,
    QUILLON,
)

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
MONTH = range(30)


def writing(door: Door) -> Iterator[Session]:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        yield session


def publish(door: Door, company: str, at: datetime, words: str = "") -> None:
    """The report of the quarter that was over then."""
    quarter = date(2026, 7, 1), date(2026, 9, 30)
    if at.date() <= quarter[1]:
        quarter = date(2026, 4, 1), date(2026, 6, 30)
    scope = Scope(user_id=None, role=Role.CSM, accounts=None, now=at, origin="test", actor=MARA)
    with door.world.database.session(scope, writes=True) as session:
        key = draft_report(session, company, *quarter)
        if words:
            write_notes(session, key, {"en": words})
        publish_report(session, key)


def teach(door: Door, folder: Path, **texts: str) -> None:
    """Texts by slug, each on one feature."""
    for slug, feature in texts.items():
        write_text(folder, slug, "customers", features=f"[{feature}]", type="faq")
    for session in writing(door):
        load_content(session, folder)


def test_a_visitor_signs_in_first(door: Door) -> None:
    response = door.visitor().get("/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in?next=/")
    assert door.visitor().post("/").status_code == 405


@pytest.mark.parametrize("role", [role.value for role in Role if role is not Role.VISITOR])
def test_every_role_has_a_page_with_one_headline(door: Door, role: str) -> None:
    response = door.role(role).get("/")
    assert response.status_code == 200
    assert response.text.count("<h1") == 1
    assert 'aria-current="page"' in response.text


def test_ingrid_reads_what_her_teams_did(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*MONTH))
    work(door.world.database, OSKELUND, [1], days_back(40), EVENT_OF["delegation"])
    work(door.world.database, OSKELUND, [1, 2], days_back(3), EVENT_OF["audit-trail"])
    said = text_of(door.sign_in(INGRID).get("/"))
    assert "Your teams used 2 of 10 core features in 30 days. Approval chains grew most." in said
    assert "83 % of the people set up were active" in said
    assert "5 active, 6 set up 5 of 6 +4 on the 30 days before" in said
    assert "2 of 10 +1 on the 30 days before" in said
    assert "Mara Quill" in said
    assert "Quillon" not in said


def test_ingrid_learns_that_fewer_came(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*range(31, 60)))
    work(door.world.database, OSKELUND, [1, 2], days_back(*MONTH))
    said = text_of(door.sign_in(INGRID).get("/"))
    assert (
        "Your teams used 1 of 10 core features in 30 days. 3 people fewer came than before." in said
    )


def test_before_the_first_event_the_page_says_so(door: Door) -> None:
    said = text_of(door.sign_in(INGRID).get("/"))
    assert "Nothing has arrived from your teams yet." in said
    assert "As soon as Ferrymark sends its first events" in said
    assert "Login ratio" not in said


def test_what_waits_is_only_what_is_there(door: Door) -> None:
    ingrid = door.sign_in(INGRID)
    assert "wait for you" not in text_of(ingrid.get("/"))
    publish(door, OSKELUND.key, NOW - timedelta(days=30))
    for session in writing(door):
        session.add(
            invitation(door, OSKELUND.key, "nora@oskelund.example", NOW + timedelta(days=9))
        )
        session.add(invitation(door, QUILLON.key, "otto@quillon.example", NOW + timedelta(days=9)))
        session.commit()
    work(door.world.database, OSKELUND, [1, 99], days_back(1, 2))
    said = text_of(ingrid.get("/"))
    assert "Three things wait for you" in said
    assert "Read the value report for July – September 2026" in said.replace("\u2009", " ")
    assert "1 invitation is not answered yet" in said
    assert "1 person at work is not set up" in said
    assert "otto" not in said


def invitation(door: Door, company: str, email: str, expires: datetime) -> Invitation:
    return Invitation(
        email=email,
        role="member",
        secret_hash=email,
        created_at=NOW,
        expires_at=expires,
        account_id=door.world.accounts[company],
    )


def test_an_invitation_that_ran_out_is_to_be_sent_again(door: Door) -> None:
    for session in writing(door):
        session.add(
            invitation(door, OSKELUND.key, "nora@oskelund.example", NOW - timedelta(days=1))
        )
        session.commit()
    assert "Send 1 invitation again" in text_of(door.sign_in(INGRID).get("/"))


def test_an_old_report_waits_no_more_but_stays_listed(door: Door) -> None:
    publish(door, OSKELUND.key, NOW - timedelta(days=61))
    publish(door, QUILLON.key, NOW - timedelta(days=59))
    ingrid, elif_ = (text_of(door.sign_in(who).get("/")) for who in (INGRID, ELIF))
    assert "Read the value report" not in ingrid
    assert "Published on 21 September 2026." in ingrid.replace("\xa0", " ")
    assert "Read the value report" in elif_


def test_the_next_best_step_teaches_what_nobody_uses(door: Door, tmp_path: Path) -> None:
    teach(door, tmp_path, reports="scheduled-reports", chains="approval-chains")
    work(door.world.database, OSKELUND, range(1, 6), days_back(*MONTH))
    said = text_of(door.sign_in(INGRID).get("/"))
    assert "Penguin reports You have Scheduled reports and nobody uses it yet." in said
    assert said.count("Next best step") == 1
    assert "Find a first user for 1 core feature" in said


def test_pia_sees_knowledge_and_nothing_of_adoption(door: Door, tmp_path: Path) -> None:
    teach(door, tmp_path, reports="scheduled-reports")
    work(door.world.database, OSKELUND, range(1, 6), days_back(*MONTH))
    publish(door, OSKELUND.key, NOW - timedelta(days=2))
    page = door.sign_in(PIA).get("/")
    said = text_of(page)
    assert "What would you like to get done today?" in said
    assert 'action="/knowledge"' in page.text
    assert "1 practice, guide or answer stands ready." in said
    assert "Penguin reports Scheduled reports" in said
    for hidden in ("core features", "Active people", "Value report", "/adoption", '"/reports'):
        assert hidden not in page.text


def test_what_is_new_is_counted_for_the_reader(door: Door, tmp_path: Path) -> None:
    today = LAST_DAY.isoformat()
    write_text(tmp_path, "ours", "customers", published=today)
    write_text(tmp_path, "theirs", "{accounts: [quillon-insurance]}", published=today)
    for session in writing(door):
        load_content(session, tmp_path)
    said = text_of(door.sign_in(PIA).get("/"))
    assert "1 practice, guide or answer stands ready. One came in the last 30 days." in said
    assert "theirs" not in said


def test_henrik_reads_the_frozen_outcome(door: Door) -> None:
    henrik = door.sign_in(HENRIK)
    assert "Your first value report is still to come." in text_of(henrik.get("/"))
    work(door.world.database, OSKELUND, range(1, 5), [date(2026, 9, 15)])
    publish(door, OSKELUND.key, NOW - timedelta(days=5), "Procurement asked to join early.")
    page = henrik.get("/")
    said = text_of(page)
    assert "4 of 6 people worked in Ferrymark." in said
    assert "Procurement asked to join early." in said
    assert "Login ratio, last 30 days 67 %" in said.replace("\xa0", " ")
    assert "/adoption" not in page.text


def test_henrik_never_sees_a_draft(door: Door) -> None:
    for session in writing(door):
        session.add(
            ValueReport(
                account_id=door.world.accounts[OSKELUND.key],
                first=date(2026, 7, 1),
                last=date(2026, 9, 30),
                notes={"en": "Not yet."},
                created_at=NOW,
                updated_at=NOW,
            )
        )
        session.commit()
    assert "still to come" in text_of(door.sign_in(HENRIK).get("/"))
    assert "Reports in draft Oskelund Foods" in text_of(door.sign_in(MARA).get("/"))


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


@pytest.mark.parametrize(("who", "most"), [(INGRID, 40), (PIA, 20), (HENRIK, 20), (ADMIN, 35)])
def test_each_page_asks_a_bounded_number_of_statements(door: Door, who: str, most: int) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*MONTH))
    publish(door, OSKELUND.key, NOW - timedelta(days=5))
    client = door.sign_in(who)
    client.get("/")
    with counted(door.world.database) as sent:
        assert client.get("/").status_code == 200
    assert len(sent) <= most, "\n".join(sent)


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
def test_every_page_reads_in_chinese(door: Door, locale: str) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*MONTH))
    for role in Role:
        if role is not Role.VISITOR:
            response = door.role(role.value).get(f"/?locale={locale}")
            assert response.status_code == 200
            assert f'<html lang="{locale}"' in response.text
