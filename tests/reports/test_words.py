from datetime import UTC, date, datetime
from gettext import NullTranslations

import pytest

from reports.words import Words

EN, HANS = Words("en", NullTranslations()), Words("zh-Hans", NullTranslations())
HANT = Words("zh-Hant", NullTranslations())
NB = "\u00a0"


def test_numbers_keep_to_the_house_style() -> None:
    assert EN.percent(0.793) == f"79{NB}%"
    assert HANS.percent(0.793) == "79%"
    assert EN.number(1234.56, 1) == "1,234.6"
    assert EN.number(209_600) == "209,600"


def test_english_puts_the_day_first_and_chinese_needs_no_spaces() -> None:
    day = date(2026, 9, 3)
    assert EN.short_day(day) == f"3{NB}Sep"
    assert EN.long_day(day) == f"3{NB}September{NB}2026"
    assert HANS.short_day(day) == "9月3日"
    assert HANT.long_day(day) == "2026年9月3日"
    assert EN.month(day) == f"Sep{NB}2026"
    assert HANS.month(day) == "2026年9月"


def test_a_moment_stands_in_the_accounts_own_zone() -> None:
    moment = datetime(2026, 9, 30, 22, 15, tzinfo=UTC)
    assert EN.moment(moment, "Europe/Oslo") == f"1{NB}Oct{NB}2026, 00:15"
    assert HANS.moment(moment, "Asia/Shanghai") == "2026年10月1日 06:15"
    assert EN.zone_name("Europe/Oslo") == "Oslo"
    assert HANT.zone_name("Asia/Taipei") == "台北"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 7, 1), date(2026, 7, 31), "July 2026"),
        (date(2026, 7, 3), date(2026, 9, 30), f"3{NB}July – 30{NB}September{NB}2026"),
        (date(2025, 12, 3), date(2026, 1, 2), f"3{NB}December{NB}2025 – 2{NB}January{NB}2026"),
    ],
)
def test_periods_in_english(first: date, last: date, said: str) -> None:
    assert EN.period(first, last) == said


def test_periods_in_chinese() -> None:
    assert HANS.period(date(2026, 7, 1), date(2026, 9, 30)) == "2026年7月至9月"
    assert HANS.period(date(2026, 7, 3), date(2026, 9, 30)) == "2026年7月3日至9月30日"


def test_sentences_join_and_a_short_last_word_is_not_left_alone() -> None:
    assert EN.joined(["It rose.", "", "It ended at 84."]) == f"It rose. It ended at{NB}84."
    assert HANS.joined(["增至 148。", "末为 84。"]) == "增至 148。末为 84。"
    assert EN.joined([]) == ""


def test_lists_and_durations() -> None:
    assert EN.listed(["a", "b", "c"]) == "a, b and c"
    assert HANS.listed(["a", "b"]) == "a、b"
    assert EN.duration(4_334_400) == ("1,204", "hours")
    assert EN.duration(3600) == ("1", "hour")
    assert EN.duration(60) == ("1", "minute")


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="Reports speak en, zh-Hans, zh-Hant, not fr"):
        Words("fr", NullTranslations())
