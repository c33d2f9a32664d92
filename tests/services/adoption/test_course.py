"""The course of figures is what the single days say."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.account_metrics import METRICS
from portal.services.adoption import show_adoption
from portal.services.adoption.course import metric_course, values_of
from tests.usage.brute_force import Truth
from tests.usage.sample import ZONES, Sample

DAYS = [date(2026, 2, 1) + timedelta(days=9 * step) for step in range(12)]


@pytest.mark.parametrize("account", ZONES)
def test_each_day_as_if_asked_alone(session: Session, sample: Sample, account: str) -> None:
    found = metric_course(session, account, DAYS, METRICS)
    truth = Truth(sample, account, ZONES[account])
    for day, values in zip(DAYS, found, strict=True):
        assert values == values_of(show_adoption(session, account, day, 30))
    busy = found[DAYS.index(date(2026, 3, 27))]
    expected = truth.figures(date(2026, 3, 27), 30)
    for key in (
        *("activation_rate", "login_ratio_30d", "login_ratio_7d", "mau", "wau", "dau"),
        *("stickiness", "depth", "integration_calls"),
    ):
        assert busy[key] == pytest.approx(expected[key])
    assert busy["time_online"] == expected["time_online_seconds"]
    assert busy["time_online_each"] == pytest.approx(
        expected["time_online_seconds"] / expected["mau"]
    )
    assert set(found[0].values()) == {None}


def test_only_what_is_asked(session: Session) -> None:
    assert [set(one) for one in metric_course(session, "acme", DAYS[5:], ["mau"])] == [{"mau"}] * 7
    assert metric_course(session, "acme", [], ["mau"]) == []
