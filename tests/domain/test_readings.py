import pytest

from portal.domain.readings import UseAround, association, share_helped


@pytest.mark.parametrize(
    ("helped", "answers", "share"), [(0, 0, None), (2, 2, None), (2, 3, 2 / 3), (0, 3, 0.0)]
)
def test_a_share_needs_three_answers(helped: int, answers: int, share: float | None) -> None:
    assert share_helped(helped, answers) == share


def test_without_accounts_there_is_no_association() -> None:
    assert association([]) is None


def test_growth_and_fall_are_counted_and_the_median_is_told() -> None:
    found = association([UseAround(10, 30), UseAround(5, 5), UseAround(9, 2)])
    assert found is not None
    assert (found.accounts, found.grew, found.fell, found.change) == (3, 1, 1, 0.0)
