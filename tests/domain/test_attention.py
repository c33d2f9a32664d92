"""Which accounts are looked at first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.domain.attention import Kind, Standing, look_at

TODAY = date(2026, 11, 20)
CALM = Standing(
    as_of=TODAY,
    weeks=[100] * 12,
    provisioned=140,
    last_day=TODAY,
    until=TODAY + timedelta(days=200),
)


def test_a_calm_account_waits() -> None:
    assert look_at(CALM) is None


@pytest.mark.parametrize(("last", "kind"), [(85, Kind.DROP), (84, Kind.DROP), (86, None)])
def test_a_week_that_falls_by_fifteen_in_a_hundred_is_a_drop(last: int, kind: Kind | None) -> None:
    assert look_at(replace(CALM, weeks=[100] * 11 + [last])) is kind


def test_the_fall_is_against_the_mean_of_four_weeks() -> None:
    standing = replace(CALM, weeks=[400, 80, 120, 80, 120, 80])
    assert standing.mean_before == 100
    assert standing.fall == pytest.approx(0.2)
    assert replace(CALM, weeks=[50, 60]).fall == 0
    assert replace(CALM, weeks=[0, 0]).fall == 0
    assert replace(CALM, weeks=[7]).mean_before == 0


def test_few_people_fall_by_chance() -> None:
    small = replace(CALM, weeks=[20] * 11 + [12], provisioned=30)
    assert look_at(small) is None


def test_little_use_needs_people_who_could() -> None:
    assert look_at(replace(CALM, weeks=[9] * 12, provisioned=40)) is Kind.LOW
    assert look_at(replace(CALM, weeks=[10] * 12, provisioned=40)) is None
    assert look_at(replace(CALM, weeks=[1] * 12, provisioned=9)) is None


def test_a_week_without_an_event_is_silence_whatever_else() -> None:
    quiet = replace(CALM, last_day=TODAY - timedelta(days=7), weeks=[100] * 11 + [0])
    assert look_at(quiet) is Kind.SILENCE
    assert look_at(replace(quiet, last_day=None)) is Kind.SILENCE
    assert look_at(replace(CALM, last_day=TODAY - timedelta(days=6))) is None
    assert look_at(replace(quiet, provisioned=0, weeks=[0] * 12)) is None


@pytest.mark.parametrize(("left", "kind"), [(30, Kind.RENEWAL), (-3, Kind.RENEWAL), (31, None)])
def test_a_contract_that_ends_within_thirty_days(left: int, kind: Kind | None) -> None:
    standing = replace(CALM, until=TODAY + timedelta(days=left))
    assert standing.days_left == left
    assert look_at(standing) is kind


def test_without_an_end_there_is_no_renewal() -> None:
    standing = replace(CALM, until=None)
    assert standing.days_left is None
    assert look_at(standing) is None
