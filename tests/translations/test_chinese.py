"""House rules of both Chinese scripts, and words that are fixed in the field."""

import re

import pytest
from opencc import OpenCC

from tests.translations.catalogues import Entry, entries

HAN = "[\u3400-\u9fff]"
FULL = "，。；：？、（）“”「」《》"
SPACE = "[ \u00a0]"
# English, simplified, traditional: where a message is just this word, this is what it is called.
TERMS = {
    "Activation rate": ("账号激活率", "帳號啟用率"),
    "Adoption": ("使用情况", "使用情況"),
    "Audit log": ("操作日志", "稽核日誌"),
    "Best practice": ("最佳实践", "最佳實務"),
    "Breadth": ("使用广度", "使用廣度"),
    "Cancel": ("取消", "取消"),
    "Champion": ("客户管理员", "客戶管理員"),
    "Core feature": ("核心功能", "核心功能"),
    "Customer case": ("客户案例", "客戶案例"),
    "Customer success manager": ("客户成功经理", "客戶成功經理"),
    "Depth": ("使用深度", "使用深度"),
    "Draft": ("草稿", "草稿"),
    "Editor": ("内容编辑", "內容編輯"),
    "Executive": ("决策人", "決策者"),
    "FAQ": ("常见问题", "常見問題"),
    "Filter": ("筛选", "篩選"),
    "Guide": ("操作指南", "操作指南"),
    "Home": ("首页", "首頁"),
    "Integration calls": ("第三方对接调用次数", "第三方串接呼叫次數"),
    "Invitations": ("邀请", "邀請"),
    "Knowledge": ("知识中心", "知識中心"),
    "Login ratio": ("登录比例", "登入比例"),
    "Manager": ("负责人", "負責人"),
    "Member": ("普通用户", "一般使用者"),
    "Next best step": ("推荐的下一步", "建議的下一步"),
    "Not enough data": ("数据不足", "資料不足"),
    "Password": ("密码", "密碼"),
    "Release note": ("更新说明", "更新說明"),
    "Renewal": ("续约", "續約"),
    "Save": ("保存", "儲存"),
    "Search": ("搜索", "搜尋"),
    "Settings": ("设置", "設定"),
    "Sign in": ("登录", "登入"),
    "Sign out": ("退出登录", "登出"),
    "Stickiness": ("黏性", "黏著度"),
    "Time online": ("在线时长", "線上時長"),
    "Time zone": ("时区", "時區"),
    "Undo": ("撤销", "復原"),
    "Usage events": ("使用事件", "使用事件"),
    "Value reports": ("价值报告", "價值報告"),
    "Visitor": ("访客", "訪客"),
}
# What the mainland says and Taiwan does not.
NOT_IN_TAIWAN = (
    *("用戶登", "登錄", "郵箱", "軟件", "數據庫", "服務器", "設置", "默認", "信息", "文件夾"),
    *("鏈接", "質量", "網絡", "界面", "屏幕", "打印", "導出", "退出登", "點擊", "菜單"),
    "導入(?!交付)",  # the stage of a subscription is called so
    *("查找", "調用", "渠道", "視頻", "賬", "審核中", "標識"),
)
# Both scripts write these alike; the converter would turn them into their rarer variants.
ALIKE = frozenset("准周台占回志面表采里只才干系制向布余松板云游托升范合并伙了出別群床杯秘")


def _wrong(found: list[Entry]) -> str:
    return "\n".join(["", *(one.name for one in found)])


def _of(locale: str) -> list[Entry]:
    return [one for one in entries() if one.locale == locale]


def _matching(pattern: str, found: list[Entry]) -> list[Entry]:
    return [one for one in found if any(re.search(pattern, said) for said in one.said)]


@pytest.mark.parametrize("english", TERMS)
def test_fixed_terms(english: str) -> None:
    said = {one.locale: one.said[0] for one in entries() if one.english[0] == english}
    assert said, f"no message is just {english!r} any more: take it out of the table"
    assert (said["zh_Hans"], said["zh_Hant"]) == TERMS[english]


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(f"{HAN}[,.;:?!]", id="half-width sign after a character"),
        pytest.param(f"[,;:?!]{HAN}", id="half-width sign before a character"),
        pytest.param(rf"{HAN}\(|\){HAN}", id="half-width bracket at a character"),
        pytest.param(f"[{FULL}]{SPACE}|{SPACE}[{FULL}]", id="space beside full-width sign"),
        pytest.param(f"{HAN}{SPACE}{HAN}", id="space between characters"),
        pytest.param("[!！]", id="exclamation mark"),
        pytest.param(r"\.\.\.|。。", id="dots"),
        pytest.param("你|咱们|亲爱", id="familiar address"),
    ],
)
def test_no_message_has(pattern: str) -> None:
    found = _matching(pattern, list(entries()))
    assert not found, _wrong(found)


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    found = _matching(rf"\d {HAN}|%\((?:count|num|n|days|hours|minutes)\)s {HAN}", list(entries()))
    assert not found, _wrong(found)


def test_sentences_end_as_the_english_does() -> None:
    found = [
        one
        for one in entries()
        if re.search(r"[a-z0-9)s]\.$", one.english[0]) and not one.said[0].endswith(("。", "？"))
    ]
    assert not found, _wrong(found)


def test_quotes_are_those_of_the_script() -> None:
    wrong = [*_matching("[「」『』]", _of("zh_Hans")), *_matching("[“”‘’]", _of("zh_Hant"))]
    assert not wrong, _wrong(wrong)


def test_taiwan_says_it_in_its_own_words() -> None:
    found = _matching("|".join(NOT_IN_TAIWAN), _of("zh_Hant"))
    assert not found, _wrong(found)


def test_traditional_has_no_simplified_characters() -> None:
    to_traditional = OpenCC("s2t")
    found = [one for one in _of("zh_Hant") if _foreign(one, to_traditional)]
    assert not found, _wrong(found)


def test_simplified_has_no_traditional_characters() -> None:
    to_simplified = OpenCC("t2s")
    found = [one for one in _of("zh_Hans") if _foreign(one, to_simplified)]
    assert not found, _wrong(found)


def _foreign(one: Entry, converter: OpenCC) -> bool:
    return any(
        converter.convert(character) != character
        for said in one.said
        for character in set(said) - ALIKE
    )
