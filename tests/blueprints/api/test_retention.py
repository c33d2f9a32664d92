"""GET /api/v1/accounts/{key}/retention: the cohorts that the page shows."""

import pytest

from tests.apps import Door
from tests.blueprints.api.test_adoption import bearer
from tests.blueprints.usage import days_back, morning, work
from tests.world import OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = f"/api/v1/accounts/{OSKELUND.key}/retention"


def test_the_cohorts(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 6), days_back(*range(54, 61)))
    work(door.world.database, OSKELUND, range(1, 4), days_back(*range(54)))
    answer = door.visitor().get(f"{ADDRESS}?as_of=2026-11-20&weeks=9", headers=bearer(door))
    body = answer.get_json()
    assert (body["weeks"], body["first_day"], body["last_day"]) == (9, "2026-09-14", "2026-11-15")
    cohort = body["cohorts"][1]
    assert (cohort["week"], cohort["persons"]) == ("2026-09-21", 5)
    assert cohort["active"] == [5, *[3] * 7]
    assert cohort["retention"] == [1.0, *[0.6] * 7]
    assert body["overall"][7] == {"week": 7, "persons": 5, "active": 3, "retention": 0.6}
    assert body["data"]["coverage_days"] == 56


@pytest.mark.parametrize(
    ("query", "name"),
    [("weeks=0", "weeks"), ("weeks=105", "weeks"), ("weeks=x", "weeks"), ("as_of=x", "as_of")],
)
def test_what_cannot_be_is_refused_by_name(door: Door, query: str, name: str) -> None:
    answer = door.visitor().get(f"{ADDRESS}?{query}", headers=bearer(door))
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert [error["member"] for error in answer.get_json()["errors"]] == [name]


def test_the_key_of_another_account_finds_nothing(door: Door) -> None:
    answer = door.visitor().get(ADDRESS, headers=bearer(door, QUILLON.key))
    assert answer.status_code == 404
