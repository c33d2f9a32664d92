import pytest

from portal.domain.feature_names import feature_name


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "Data import"), ("zh-Hans", "数据导入"), ("zh-Hant", "資料匯入")],
)
def test_the_catalogues_two_names_serve_three_languages(locale: str, said: str) -> None:
    assert feature_name(locale, "Data import", "数据导入") == said


@pytest.mark.parametrize(
    ("chinese", "said"),
    [
        ("审批链", "簽核鏈"),
        ("ERP 对接", "ERP 介接"),
        ("实时看板", "即時儀表板"),
        ("实时仪表盘", "即時儀表板"),
        ("超时升级", "逾時升級"),
        ("定时报表", "排程報表"),
        ("移动卡片", "行動卡片"),
        ("战略客户", "策略客戶"),
    ],
)
def test_taiwan_has_the_fields_own_words(chinese: str, said: str) -> None:
    assert feature_name("zh-Hant", "Any", chinese) == said


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_english_stands_in_for_a_missing_name(locale: str) -> None:
    assert feature_name(locale, "Data import", "") == "Data import"
