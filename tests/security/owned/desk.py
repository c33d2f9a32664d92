"""What the desk of an account's success manager holds: alerts, tasks, health, outcomes."""

from datetime import date

from sqlalchemy.orm import Session

from portal.models import Alert, HealthDay, HealthOverride, RenewalOutcome, Task
from tests.security.owned.owner import Owner
from tests.world import NOW

EVIDENCE = {
    "day": "2026-11-01",
    "measure": "wau",
    "numbers": {"workdays": 5, "days": 5, "provisioned": 6},
    "points": [["2026-10-25", 6.0], ["2026-11-01", 0.0]],
    "line": None,
    "features": [],
}


def add_desk(session: Session, owner: Owner) -> dict[str, str]:
    session.add_all(
        [_alert(owner), _task(owner), _outcome(owner), _health_day(owner), _override(owner)]
    )
    return {
        "alert": f"alert-{owner.short}",
        "task": f"task-{owner.short}",
        "outcome": f"outcome-{owner.short}",
    }


def _alert(owner: Owner) -> Alert:
    return Alert(
        key=f"alert-{owner.short}",
        account_id=owner.account_id,
        rule="silence",
        gravity="high",
        opened_on=date(2026, 11, 1),
        last_seen_on=date(2026, 11, 1),
        created_at=NOW,
        reference=5,
        opening=EVIDENCE,
        latest=EVIDENCE,
    )


def _task(owner: Owner) -> Task:
    return Task(
        key=f"task-{owner.short}",
        account_id=owner.account_id,
        kind="call",
        title="Call them",
        due_on=date(2026, 11, 2),
        created_at=NOW,
    )


def _outcome(owner: Owner) -> RenewalOutcome:
    return RenewalOutcome(
        key=f"outcome-{owner.short}",
        account_id=owner.account_id,
        day=date(2026, 1, 31),
        outcome="renewed",
        created_at=NOW,
    )


def _health_day(owner: Owner) -> HealthDay:
    return HealthDay(
        account_id=owner.account_id,
        day=date(2026, 11, 20),
        segment="standard",
        score=62,
        band="yellow",
        values={"activity": 62.0},
        signals={"login_ratio": 0.496},
        own={},
        version=0,
    )


def _override(owner: Owner) -> HealthOverride:
    return HealthOverride(
        account_id=owner.account_id,
        band="green",
        reason="They have just signed for a year more.",
        until=date(2026, 12, 31),
        created_at=NOW,
    )
