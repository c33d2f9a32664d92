"""/admin/health-model/back-test: the score held against what became of contracts."""

import csv
from datetime import timedelta

import pytest

from portal.models import HealthDay
from portal.services.health.outcomes import note_outcome
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import morning
from tests.world import LAST_DAY, MARA, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = "/admin/health-model/back-test"


def happened(
    door: Door, key: str, back: int, outcome: str, *, lag: int | None, score: int = 0
) -> None:
    """An outcome `back` days ago; a score `lag` days before the 90th before it, None for none."""
    day = LAST_DAY - timedelta(days=back)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        if lag is not None:
            band = "green" if score >= 75 else "yellow" if score >= 50 else "red"
            session.add(
                HealthDay(
                    account_id=door.world.accounts[key],
                    day=day - timedelta(days=90 + lag),
                    segment="standard",
                    score=score,
                    band=band,
                    values={},
                    signals={},
                    own={},
                    version=0,
                )
            )
        note_outcome(session, key, day, outcome)


@pytest.fixture
def told(door: Door) -> Door:
    happened(door, OSKELUND.key, 10, "renewed", lag=0, score=80)
    happened(door, OSKELUND.key, 40, "left", lag=6, score=49)
    happened(door, QUILLON.key, 20, "shrank", lag=3, score=30)
    happened(door, QUILLON.key, 60, "renewed", lag=7, score=90)  # a week is too long ago
    happened(door, QUILLON.key, 90, "renewed", lag=None)
    return door


def test_the_hits_stand_in_a_table_that_says_how_to_read_it(told: Door) -> None:
    page = text_of(told.role("manager").get(ADDRESS)).replace("\xa0", " ")
    assert "5 contracts, and what the score had said 90 days before" in page
    assert "healthy 1 100 % 0 0 1" in page
    assert "watch 0 0 0 0" in page
    assert "at risk 0 1 50 % 1 50 % 2" in page
    assert "no score then 2 0 0 2" in page
    assert "Only 3 outcomes have a score from 90 days before." in page
    assert "of 2 that stood at risk, 2 shrank or left." in page


def test_the_accounts_behind_a_cell_are_listed(told: Door) -> None:
    greta = told.role("manager")
    page = text_of(greta.get(f"{ADDRESS}?band=red&outcome=left")).replace("\xa0", " ")
    assert "At risk 90 days before, then left: 1" in page
    assert page.count(OSKELUND.name) == 1
    assert QUILLON.name not in page
    for nonsense in ("?band=blue&outcome=left", "?band=red&outcome=won", "?band=red"):
        assert greta.get(ADDRESS + nonsense).status_code == 200


def test_all_outcomes_as_a_file(told: Door) -> None:
    text = told.role("manager").get(ADDRESS + ".csv").text.lstrip("\ufeff")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["outcome"] for row in rows] == ["renewed", "renewed", "left", "shrank", "renewed"]
    assert [row["score"] for row in rows] == ["", "", "49", "30", "80"]


def test_without_outcomes_it_says_where_they_come_from(door: Door) -> None:
    assert "paceline outcome import" in text_of(door.role("admin").get(ADDRESS))
    assert door.sign_in(MARA).get(ADDRESS).status_code == 403
