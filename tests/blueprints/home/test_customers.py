"""The home of a customer's champion, member and executive."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from portal.models import Invitation, ValueReport
from portal.services.content_files import load_content
from tests.apps import Door
from tests.blueprints.home.stories import MONTH, publish, teach, writing
from tests.blueprints.reading import text_of
from tests.blueprints.usage import EVENT_OF, days_back, morning, work
from tests.hub import write_text
from tests.world import (
    ELIF,
    HENRIK,
    INGRID,
    LAST_DAY,
    MARA,
    NOW,
    OSKELUND,
    PIA,
    QUILLON,
)

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")


def test_ingrid_reads_what_her_teams_did(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*MONTH))
    work(door.world.database, OSKELUND, [1], days_back(40), EVENT_OF["delegation"])
    work(door.world.database, OSKELUND, [1, 2], days_back(3), EVENT_OF["audit-trail"])
    said = text_of(door.sign_in(INGRID).get("/"))
    assert "Your teams used 2 of 10 core features in 30 days. Approval chains grew most." in said
    assert "83 % of the people set up were active" in said
    assert "5 active, 6 set up 5 of 6 +4 on the 30 days before" in said
    assert "2 of 10 +1 on the 30 days before" in said
    assert "in Oslo. Since the first event: 30 of 30 days." in said
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
    assert 'action="/search"' in page.text
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
    assert "Login ratio, last 30 days" in said.replace("\xa0", " ")
    assert "active in the window, of the people set up. 67 %" in said.replace("\xa0", " ")
    assert "/adoption" not in page.text
    assert page.text.count('popovertarget="define-login_ratio"') == 1


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
