from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.domain import volumes
from portal.domain.volumes import series_name

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "wrong",
    [
        *(None, True, [], {}, "", "1e3", "1_000", " 1", "١٢", "NaN", "0x10", "1.", ".5"),
        *(Decimal("NaN"), Decimal("Infinity"), Decimal("0.0000001"), Decimal("1e-400000")),
        *(10**12, -(10**12), 10**3000, Decimal("1e999999"), "1" * 31, "0.0000005"),
    ],
)
def test_a_value_that_would_not_be_kept_to_the_last_digit_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^(is|has)"):
        volumes.read_value(wrong)


@given(some.decimals(min_value=-volumes.MOST, max_value=volumes.MOST, places=6))
def test_a_value_is_kept_to_the_last_digit(value: Decimal) -> None:
    assert volumes.read_value(value) == value
    assert volumes.read_value(f"{value:f}") == value


@pytest.mark.parametrize(
    "wrong", ["", "2026-02-30", "20260101", "2026-11-22", "1999-12-31", "2026-W01-1", 5, None]
)
def test_a_day_that_cannot_be_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^is "):
        volumes.read_day(wrong, TODAY)


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2026-11-20T23:30:00+00:00", date(2026, 11, 21)),
        ("2026-11-20T17:59:00Z", date(2026, 11, 20)),
        ("2026-11-20T18:15:00Z", date(2026, 11, 21)),
        ("2026-11-20T23:59:59", date(2026, 11, 20)),
    ],
)
def test_a_moment_belongs_to_the_day_over_there(stamp: str, day: date) -> None:
    """Kathmandu is five hours and 45 minutes ahead."""
    assert volumes.read_timestamp(stamp, ZoneInfo("Asia/Kathmandu"), TODAY) == day


@pytest.mark.parametrize(
    "wrong", ["", "soon", None, 5, "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"]
)
def test_a_moment_that_cannot_be_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^is "):
        volumes.read_timestamp(wrong, ZoneInfo("Asia/Kathmandu"), TODAY)


@pytest.mark.parametrize("wrong", ["", "Orders", "-orders", "a b", "o" * 81, None, 5, "订单"])
def test_a_series_has_a_plain_key(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^is a key"):
        volumes.read_series(wrong)


@pytest.mark.parametrize("wrong", ["", "   ", None, 5, "a\x00", "a\nb", "x" * 201, "\ud800"])
def test_an_id_is_a_text_that_can_be_kept(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^(is|has|holds)"):
        volumes.read_id(wrong)


def test_the_time_before_is_as_long() -> None:
    first, last = date(2026, 11, 1), date(2026, 11, 20)
    begin = volumes.window_before(first, last)
    assert (first - begin).days == (last - first).days + 1
    assert volumes.window_before(first, first) == first - timedelta(days=1)


def test_from_nothing_there_is_no_change() -> None:
    assert volumes.change(Decimal(3), Decimal(0)) is None
    assert volumes.change(Decimal(3), Decimal(-1)) is None
    assert volumes.change(Decimal(3), Decimal(2)) == 0.5


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "Hours saved"), ("zh-Hans", "节省工时"), ("zh-Hant", "節省工時")],
)
def test_a_series_is_named_in_the_readers_language(locale: str, said: str) -> None:
    assert series_name(locale, "hours", "Hours saved", "节省工时") == said
    assert series_name(locale, "hours", "", "") == "hours"
