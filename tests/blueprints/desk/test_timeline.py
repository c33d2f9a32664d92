"""/accounts/<key>/timeline: everything that happened, newest first, signals and acts apart."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.domain.account_metrics import volume_metric
from portal.models import (
    Alert,
    AuditEntry,
    HealthDay,
    HealthOverride,
    RenewalOutcome,
    Task,
    ValueReport,
    VolumeSeries,
)
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, morning
from tests.world import JONAS, MARA, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = f"/accounts/{OSKELUND.key}/timeline"
EVIDENCE = {
    "day": "2026-11-01",
    "measure": "wau",
    "numbers": {"now": 20.0, "mean": 40.0, "fall": 0.5},
    "points": [["2026-10-01", 40.0], ["2026-11-01", 20.0]],
    "features": [],
}


def alert(account_id: int, opened: date, closed: date | None = None) -> Alert:
    return Alert(
        account_id=account_id,
        rule="sudden_drop",
        gravity="high",
        opened_on=opened,
        last_seen_on=opened,
        closed_on=closed,
        over_on=closed,
        created_at=NOW,
        reference=40.0,
        opening=EVIDENCE,
        latest=EVIDENCE,
        ended="recovered" if closed else "",
    )


def score(account_id: int, day: date, band: str) -> HealthDay:
    return HealthDay(
        account_id=account_id,
        day=day,
        segment="standard",
        score=40,
        band=band,
        values={},
        signals={},
        own={},
        version=0,
    )


def ago(days: int) -> Any:
    return NOW - timedelta(days=days)


def fill(session: Session, account: int, mara: int) -> None:
    session.add(alert(account, date(2026, 11, 1), date(2026, 11, 10)))
    for day, band in ((1, "green"), (2, "green"), (3, "red"), (4, "red"), (5, "red")):
        session.add(score(account, date(2026, 11, day), band))
    task = {"account_id": account, "kind": "call", "created_at": NOW, "done_by": mara}
    session.add(Task(**task, title="Call Dr. Reich", due_on=date(2026, 11, 5), done_at=ago(12)))
    session.add(
        Task(**task, title="Dropped", due_on=date(2026, 11, 5), done_at=ago(12), dropped=True)
    )
    session.add(Task(**{**task, "done_by": None}, title="Open still", due_on=date(2026, 12, 5)))
    details = {"metric": "mau", "goal": 100.0, "due": "2027-01-31"}
    session.add(
        AuditEntry(
            account_id=account,
            at=ago(3),
            actor=MARA,
            user_id=mara,
            action="target.set",
            details=details,
        )
    )
    fill_papers(session, account, mara)


def fill_papers(session: Session, account: int, mara: int) -> None:
    session.add(
        ValueReport(
            account_id=account,
            first=date(2026, 7, 1),
            last=date(2026, 9, 30),
            notes={},
            created_at=ago(30),
            updated_at=ago(30),
            published_at=ago(6),
            published_by=MARA,
            snapshot=b"{}",
        )
    )
    session.add(
        HealthOverride(
            account_id=account,
            band="yellow",
            reason="The sponsor has left.",
            until=date(2026, 12, 1),
            created_at=ago(5),
            created_by=mara,
        )
    )
    session.add(
        RenewalOutcome(
            account_id=account, day=date(2026, 3, 31), outcome="renewed", note="", created_at=NOW
        )
    )


def filled(door: Door) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        fill(session, door.world.accounts[OSKELUND.key], door.world.users[MARA][0])
        session.add(alert(door.world.accounts[QUILLON.key], date(2026, 11, 19)))
        session.commit()


def titles(text: str) -> list[str]:
    return re.findall(r"<b>([^<]+)</b>", text.partition('<ol class="time">')[2])


def test_everything_stands_in_its_order(door: Door) -> None:
    filled(door)
    page = door.sign_in(MARA).get(ADDRESS)
    assert titles(page.text) == [
        "Target set:",
        "Health held at “watch” until 1\xa0December\xa02026:",
        "Value report published:",
        "Sudden drop: over.",
        "Task done:",
        "Health: at risk.",
        "Sudden drop.",
        "Contract due on 31\xa0March\xa02026: Renewed.",
    ]
    said = text_of(page)
    assert "Call Dr. Reich" in said
    assert "Mara Quill" in said
    assert "Dropped" not in said
    assert "Open still" not in said
    assert "Value report published: July" in said or "Value report published: Third" in said


def test_signals_and_acts_apart(door: Door) -> None:
    filled(door)
    mara = door.sign_in(MARA)
    signals, acts = mara.get(f"{ADDRESS}?part=signals"), mara.get(f"{ADDRESS}?part=acts")
    assert titles(signals.text) == ["Sudden drop: over.", "Health: at risk.", "Sudden drop."]
    assert len(titles(acts.text)) == 5
    assert len(titles(mara.get(f"{ADDRESS}?part=moon&page=99").text)) == 8


def test_pages_hold_twenty_and_ask_few_statements(door: Door) -> None:
    account = door.world.accounts[OSKELUND.key]
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        for number in range(45):
            day = date(2026, 1, 1) + timedelta(days=number * 3)
            session.add(alert(account, day, day + timedelta(days=1)))
        session.commit()
    mara = door.sign_in(MARA)
    mara.get(ADDRESS)
    with counted(door.world.database) as sent:
        page = mara.get(f"{ADDRESS}?page=5")
    assert len(sent) <= 14, "\n".join(sent)
    assert len(titles(page.text)) == 10
    assert "81–90 of 90" in text_of(page)


def test_an_empty_one_says_so_and_a_foreign_one_is_missing(door: Door) -> None:
    assert "Nothing yet." in text_of(door.sign_in(MARA).get(ADDRESS))
    assert door.sign_in(JONAS).get(ADDRESS).status_code == 404


def test_a_target_is_named_as_its_business_volume(door: Door) -> None:
    account = door.world.accounts[OSKELUND.key]
    details = {"metric": volume_metric("approvals"), "goal": 6000.0, "due": "2027-01-31"}
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(VolumeSeries(account_id=account, key="approvals", name_en="Papers approved"))
        session.add(
            AuditEntry(
                account_id=account, at=ago(3), actor=MARA, action="target.set", details=details
            )
        )
        session.commit()
    said = text_of(door.sign_in(MARA).get(ADDRESS))
    assert "Target set: Papers approved: 6,000 by 31 January 2027" in said
