"""Figures kept of each account: health, peers, snapshots."""

from datetime import timedelta

from sqlalchemy import delete, select

from portal.models import (
    Account,
    AccountSnapshot,
    HealthDay,
    PeerMedian,
    Person,
)
from portal.services.ingest import accept_lines
from portal.services.jobs import enqueue
from portal.usage.fold import fold_pending
from tests.jobs import workers
from tests.jobs.scenarios.place import Place, Scenario
from tests.moments import NOON, at


def ask_to_score(place: Place, turn: int) -> None:
    with at(place.database) as session:
        session.add(Account(key=f"account-{turn}", name="Oskelund Foods", created_at=NOON))
        enqueue(session, "health.score", {})
        session.commit()


def check_scored(place: Place, turn: int) -> None:
    with at(place.database) as session:
        scored = session.scalars(select(HealthDay.account_id)).all()
    assert len(scored) == turn + 1


def ask_to_compare(place: Place, turn: int) -> None:
    """Six accounts of one segment with usage."""
    if turn == 0:
        for number in range(6):
            _account_with_event(place, f"peer-{number}")
    with at(place.database) as session:
        session.execute(delete(PeerMedian))
        enqueue(session, "adoption.peers", {})
        session.commit()


def _account_with_event(place: Place, key: str) -> None:
    line = (
        f'{{"type":"track","event":"Route planned","userId":"u1","messageId":"{key}",'
        f'"timestamp":"2026-03-02T09:00:00Z","context":{{"groupId":"{key}"}}}}'
    )
    with at(place.database) as session:
        account = Account(key=key, name=key, created_at=NOON)
        session.add(account)
        session.flush()
        session.add(Person(account_id=account.id, external_id="u1", active_from=NOON.date()))
        session.commit()
        assert sum(receipt.accepted for receipt in accept_lines(session, [line.encode()])) == 1
    fold_pending(place.database, NOON)


def check_compared(place: Place, _turn: int) -> None:
    with at(place.database) as session:
        rows = session.execute(select(PeerMedian.account_id, PeerMedian.metric)).all()
    ratios = [row.account_id for row in rows if row.metric == "login_ratio_30d"]
    assert len(ratios) == len(set(ratios)) == 6


def ask_for_snapshots(place: Place, turn: int) -> None:
    """An account more, with somebody set up."""
    with at(place.database) as session:
        account = Account(key=f"oskelund-{turn}", name="Oskelund Foods", created_at=NOON)
        session.add(account)
        session.flush()
        since = workers.MONDAY.date() - timedelta(days=40)
        session.add(Person(account_id=account.id, external_id="u1", active_from=since))
        enqueue(session, "portfolio.refresh", {})
        session.commit()


def check_snapshots(place: Place, turn: int) -> None:
    with at(place.database) as session:
        made = session.scalars(select(AccountSnapshot.provisioned)).all()
    assert made == [1] * (turn + 1)


SCENARIOS = {
    "adoption.peers": Scenario(ask_to_compare, check_compared),
    "health.score": Scenario(ask_to_score, check_scored),
    "portfolio.refresh": Scenario(ask_for_snapshots, check_snapshots),
}
