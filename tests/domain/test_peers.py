"""The median of others."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.account_metrics import Unit
from portal.domain.peers import BANDS, LEAST_OTHERS, medians_of_others

VALUES = st.dictionaries(st.integers(), st.integers(0, 30).map(lambda n: n / 30), max_size=40)


@given(VALUES)
def test_each_is_the_median_of_all_but_oneself(values: dict[int, float]) -> None:
    found = medians_of_others(values, Unit.SHARE)
    assert set(found) == (set(values) if len(values) > LEAST_OTHERS else set())
    for account, peers in found.items():
        others = [value for key, value in values.items() if key != account]
        assert peers.median == round(median(others), 2)
        assert peers.others in BANDS
        assert peers.others <= len(others)


@pytest.mark.parametrize(("accounts", "said"), [(6, 5), (10, 5), (11, 10), (21, 20), (60, 50)])
def test_how_many_is_told_roughly(accounts: int, said: int) -> None:
    found = medians_of_others(dict.fromkeys(range(accounts), 0.5), Unit.SHARE)
    assert {peers.others for peers in found.values()} == {said}


def test_nothing_below_five_others() -> None:
    assert medians_of_others(dict.fromkeys(range(5), 0.5), Unit.SHARE) == {}
    assert medians_of_others({}, Unit.SHARE) == {}


def test_nobody_s_own_value_to_the_second() -> None:
    values = {number: 3600.0 + 7 * number for number in range(7)}
    assert all(one.median % 60 == 0 for one in medians_of_others(values, Unit.SECONDS).values())
