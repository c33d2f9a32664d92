"""What an account's pages of usage show: targets, peers, volumes, reports."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.models import (
    MetricTarget,
    PeerMedian,
    ValueReport,
    VolumeDay,
    VolumeItem,
    VolumeSeries,
)
from tests.security.owned.owner import Owner
from tests.world import NOW


def add_usage(session: Session, owner: Owner) -> dict[str, str]:
    session.add_all([_target(owner), _median(owner), _report(owner)])
    _add_volume(session, owner.account_id)
    report = f"report-{owner.short}"
    return {"target": f"target-{owner.short}", "report": report, "published report": report}


def _target(owner: Owner) -> MetricTarget:
    return MetricTarget(
        account_id=owner.account_id,
        key=f"target-{owner.short}",
        metric="mau",
        goal=100.0,
        due=date(2027, 6, 30),
        set_on=date(2026, 11, 1),
        changed_at=NOW,
    )


def _median(owner: Owner) -> PeerMedian:
    return PeerMedian(
        account_id=owner.account_id,
        metric="depth",
        day=date(2026, 11, 1),
        median=0.5,
        others=5,
    )


def _report(owner: Owner) -> ValueReport:
    return ValueReport(
        account_id=owner.account_id,
        key=f"report-{owner.short}",
        first=date(2026, 7, 1),
        last=date(2026, 9, 30),
        notes={},
        created_at=NOW,
        updated_at=NOW,
    )


def _add_volume(session: Session, account_id: int) -> None:
    series = VolumeSeries(account_id=account_id, key="orders")
    session.add(series)
    session.flush()
    day, amount = NOW.date(), Decimal("1.5")
    session.add(VolumeDay(account_id=account_id, series_id=series.id, day=day, total=amount))
    session.add(
        VolumeItem(
            account_id=account_id,
            series_id=series.id,
            item_id="one",
            day=day,
            value=amount,
            received_at=NOW,
        )
    )
