from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from portal.domain.early_warning import (
    PARAMETERS,
    Course,
    QuotaUse,
    Rule,
    add_workdays,
    evidence_of,
    is_calendar,
    signals_of,
)
from portal.domain.early_warning.parameters import CoreUnused, OverUse, Silence
from portal.domain.early_warning.workdays import worked
from tests.domain.early_warning.series import MONDAY, course


def fires(rule: Rule, given: Course, **parameters: Any) -> list[int]:
    """The days on which it would open."""
    found = signals_of(rule, PARAMETERS[rule](**parameters), given).fires
    return [int(index) for index in np.flatnonzero(found)]


def test_a_drop_of_exactly_the_threshold_fires_and_one_person_less_does_not() -> None:
    assert fires(Rule.SUDDEN_DROP, course([100] * 40 + [70])) == [40]
    assert fires(Rule.SUDDEN_DROP, course([100] * 40 + [71])) == []


def test_a_drop_is_held_against_the_mean_of_the_four_weeks_before_this_one() -> None:
    weeks = [40, 80, 120, 160, 69]
    daily = [value for value in weeks for _day in range(7)]
    # On the last day the four weeks before had 40, 80, 120 and 160: a mean of 100.
    assert 34 in fires(Rule.SUDDEN_DROP, course(daily))
    assert 34 not in fires(Rule.SUDDEN_DROP, course([*daily[:-1], 71]))


def test_a_drop_in_a_small_account_does_not_shout() -> None:
    assert fires(Rule.SUDDEN_DROP, course([9] * 40 + [1])) == []
    assert fires(Rule.SUDDEN_DROP, course([10] * 40 + [1])) == [40]


def test_a_drop_needs_five_weeks_of_data() -> None:
    young = course([100] * 40 + [50], began=MONDAY + timedelta(days=7))
    assert fires(Rule.SUDDEN_DROP, young) == []
    old_enough = course([100] * 40 + [50], began=MONDAY + timedelta(days=6))
    assert fires(Rule.SUDDEN_DROP, old_enough) == [40]


def test_six_falling_weeks_fire_and_five_do_not() -> None:
    falling = [100] * 7 + [value for value in (98, 96, 94, 92, 90, 88) for _day in range(7)]
    assert fires(Rule.SLOW_DECLINE, course(falling))[0] == 42
    assert fires(Rule.SLOW_DECLINE, course(falling[:42])) == []


def test_a_decline_of_next_to_nothing_is_none() -> None:
    falling = [100] * 7 + [value for value in (99, 98, 97, 96, 95, 94) for _day in range(7)]
    assert fires(Rule.SLOW_DECLINE, course(falling)) == []


def test_one_even_week_interrupts_a_decline() -> None:
    falling = [100] * 7 + [value for value in (95, 90, 90, 80, 75, 70) for _day in range(7)]
    assert fires(Rule.SLOW_DECLINE, course(falling)) == []


@pytest.mark.parametrize(
    ("last_event", "first_day"),
    [
        (date(2026, 6, 8), date(2026, 6, 15)),  # a Monday: five workdays later is the next one
        (date(2026, 6, 12), date(2026, 6, 19)),  # a Friday
        (date(2026, 6, 13), date(2026, 6, 19)),  # a Saturday: the weekend is no silence
    ],
)
def test_silence_counts_workdays(last_event: date, first_day: date) -> None:
    heard = (last_event - MONDAY).days
    given = course([50] * (heard + 1) + [0] * 20)
    assert MONDAY + timedelta(days=fires(Rule.SILENCE, given)[0]) == first_day


@pytest.mark.parametrize(
    ("calendar", "first_day"),
    [
        (
            "",
            date(2026, 4, 8),
        ),  # without one, Monday to Friday
        ("NO", date(2026, 4, 13)),  # both, and Good Friday, are holidays in Norway
        ("DE-BY", date(2026, 4, 10)),  # Good Friday and Easter Monday alone
        ("US", date(2026, 4, 8)),
        ("XX", date(2026, 4, 8)),
    ],
)
def test_holidays_are_no_silence(calendar: str, first_day: date) -> None:
    """Last heard of on Wednesday, 1 April 2026."""
    first = date(2026, 3, 1)
    given = course([50] * 32 + [0] * 30, first=first, calendar=calendar)
    assert given.day(31) == date(2026, 4, 1)
    assert given.day(fires(Rule.SILENCE, given)[0]) == first_day


def test_a_weekend_that_is_made_up_for_is_worked() -> None:
    """China, February 2026: the 14th, a Saturday, is worked; then comes the festival."""
    days = worked(date(2026, 2, 13), 12, "CN").tolist()
    assert days == [True, True, *[False] * 9, True]
    # The weekend of Saudi Arabia is Friday and Saturday.
    assert worked(date(2026, 6, 4), 4, "SA").tolist() == [True, False, False, True]


def test_calendars() -> None:
    assert is_calendar("NO")
    assert is_calendar("DE-BY")
    assert not any(map(is_calendar, ("", "XX", "no", "DE-", "DE-XX", "DE-BY-1", "-BY")))


def test_a_week_of_holidays_is_no_drop() -> None:
    """Around Christmas 2025 fewer come; without a calendar nobody knows why."""
    first = date(2025, 11, 10)
    daily = [100] * 42 + [60] * 11
    plain = course(daily, first=first)
    own = course(daily, first=first, calendar="NO")
    assert plain.day(fires(Rule.SUDDEN_DROP, plain)[0]) == date(2025, 12, 22)
    # By then only the weeks up to the 24th are whole ones.
    days = {own.day(index) for index in fires(Rule.SUDDEN_DROP, own)}
    assert days == {date(2025, 12, day) for day in (22, 23, 24, 25)}


def test_nine_tenths_of_a_quota_are_over_use() -> None:
    """Beside the seats, whichever is nearer to its end; however few the seats are."""
    quota = QuotaUse("volume:orders", 200.0, np.array([179.0, 180.0, 150.0]))
    given = course([5] * 3, seats=5, activated=[5] * 3, quotas=[quota])
    assert fires(Rule.OVER_USE, given) == [1]
    evidence = evidence_of(Rule.OVER_USE, OverUse(), given, 1)
    assert (evidence.measure, evidence.line) == ("volume:orders", 200.0)
    assert evidence.numbers == {"now": 180.0, "quota": 200.0, "high": 0.9}
    well = signals_of(Rule.OVER_USE, OverUse(), given).well(0.9)
    assert well.tolist() == [False, False, True]
    full = course([5] * 3, seats=100, activated=[99] * 3, quotas=[quota])
    assert fires(Rule.OVER_USE, full) == [0, 1, 2]
    assert "seats" in evidence_of(Rule.OVER_USE, OverUse(), full, 1).numbers


def test_an_account_that_was_never_heard_of_is_not_silent() -> None:
    assert fires(Rule.SILENCE, course([0] * 40, began=None)) == []


def test_low_use_must_last() -> None:
    assert fires(Rule.LOW_FOR_LONG, course([24] * 28)) == [27]
    assert fires(Rule.LOW_FOR_LONG, course([24] * 27)) == []
    assert fires(Rule.LOW_FOR_LONG, course([25] * 28)) == []
    assert fires(Rule.LOW_FOR_LONG, course([24] * 14 + [25] + [24] * 14)) == []


def test_low_use_is_the_onboardings_in_the_first_months() -> None:
    assert fires(Rule.LOW_FOR_LONG, course([1] * 60, go_live=MONDAY)) == []


def test_a_core_feature_unused_for_thirty_days() -> None:
    unused = {"audit-trail": np.arange(35), "forms": np.zeros(35, int)}
    assert fires(Rule.CORE_UNUSED, course([50] * 35, unused=unused)) == [30, 31, 32, 33, 34]
    assert fires(Rule.CORE_UNUSED, course([9] * 35, unused=unused)) == []


def test_unused_features_show_their_own_use() -> None:
    """One was used on each day of the first three weeks, one on Mondays of the first two; the
    third is in use and no part of it.
    """
    mondays = [index for index in range(15) if index % 7 == 0]
    used = {"audit-trail": list(range(21)), "forms": mondays, "chains": list(range(98))}
    unused = {
        name: np.array([index - max(day for day in days if day <= index) for index in range(98)])
        for name, days in used.items()
    }
    found = evidence_of(Rule.CORE_UNUSED, CoreUnused(), course([50] * 98, unused=unused), 97)
    assert (found.measure, found.features) == ("week_uses", ["audit-trail", "forms"])
    spans = [(end - 6, end) for end in range(13, 98, 7)]
    expected = [
        sum(first <= day <= end for name in found.features for day in used[name])
        for first, end in spans
    ]
    assert [value for _day, value in found.points] == expected
    assert expected[:3] == [8, 8, 0]
    assert found.points[-1][0] == MONDAY + timedelta(days=97)


def test_silence_shows_events_and_not_persons() -> None:
    """Ten a day up to the day after which it fell silent."""
    given = course([50] * 98, events=[10] * 80 + [0] * 18)
    found = evidence_of(Rule.SILENCE, Silence(), given, 97)
    assert found.measure == "week_events"
    weeks = [10 * len(range(end - 6, min(end + 1, 80))) for end in range(13, 98, 7)]
    assert [value for _day, value in found.points] == weeks
    assert weeks[-3:] == [30, 0, 0]


def test_nine_of_ten_seats_are_over_use() -> None:
    assert fires(Rule.OVER_USE, course([50], seats=100, activated=[90])) == [0]
    assert fires(Rule.OVER_USE, course([50], seats=100, activated=[89])) == []
    assert fires(Rule.OVER_USE, course([50], seats=None, activated=[89])) == []


@pytest.mark.parametrize(
    ("age", "activated", "opens"),
    [
        (13, 0, False),
        (14, 19, True),
        (14, 20, False),
        (29, 20, False),
        (30, 39, True),
        (60, 59, True),
        (60, 60, False),
        (90, 69, True),
        (90, 70, False),
        (120, 69, True),
        (121, 0, False),
    ],
)
def test_onboarding_has_a_bar_of_its_own_on_each_day(
    age: int, activated: int, *, opens: bool
) -> None:
    given = course([50], seats=100, activated=[activated], go_live=MONDAY - timedelta(days=age))
    assert bool(fires(Rule.ONBOARDING, given)) is opens


def test_workdays() -> None:
    friday = date(2026, 6, 5)
    assert add_workdays(friday, 1) == date(2026, 6, 8)
    assert add_workdays(friday, 5) == date(2026, 6, 12)
    assert add_workdays(friday, 0) == friday
