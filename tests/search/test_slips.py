"""A slip in Chinese is put right where the reader's own texts say what was meant."""

from pathlib import Path

import pytest

from portal.search import Engine, Results
from tests.search.library import PUBLIC, VENDOR, document, engine, ids

_TEXTS = (
    document("export.zh-Hans", "导出使用数据报表", "每月自动导出使用数据，发送给主管查看报表。"),
    document("export2.zh-Hans", "定时发送使用数据报表", "使用数据报表可以按周发送。"),
    document("renew.zh-Hans", "续约前的准备工作", "续约前三个月开始准备工作。"),
    document("board.zh-Hans", "看板上的主要指标", "看板显示每个部门的主要指标，数字每天更新。"),
    document("goals.zh-Hans", "主要指标怎么定", "每季度定一次。"),
    document("secret.zh-Hans", "折扣权限", "折扣权限。", audience=frozenset({"vendor"})),
    document("secret2.zh-Hans", "折扣权限表", "折扣权限。", audience=frozenset({"vendor"})),
    document("plain.en", "Export the report", "The report of usage."),
)


@pytest.fixture(scope="module")
def searching(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine(tmp_path_factory.mktemp("index"), _TEXTS)


def _ask(searching: Engine, question: str, audiences: frozenset[str] = PUBLIC) -> Results:
    return searching.search(question, locale="zh-Hans", audiences=audiences)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("使数用据报表怎么导出", "使用数据报表怎么导出"),
        ("数据表报", "数据报表"),
        ("看板的主要之标", "看板的主要指标"),
        ("使用树据报表", "使用数据报表"),
        ("數據表報", "數據報表"),
        ("How to 导出使用树据 in CSV", "How to 导出使用数据 in CSV"),
    ],
)
def test_what_was_meant_is_looked_for_and_said(searching: Engine, typed: str, meant: str) -> None:
    found, expected = _ask(searching, typed), _ask(searching, meant)
    assert found.did_you_mean == meant
    assert expected.did_you_mean is None
    assert ids(found)[0] == ids(expected)[0]


@pytest.mark.parametrize(
    "question",
    [
        "使用数据报表",
        "续约准备",
        "看板每天更新吗",
        "主管不看报表怎么办",
        "准备工作看板",
        "报表",
        "表",
    ],
)
def test_a_question_without_a_slip_stays_as_it_is(searching: Engine, question: str) -> None:
    assert _ask(searching, question).did_you_mean is None


def test_what_was_typed_counts_as_well(tmp_path: Path) -> None:
    odd = document("odd.zh-Hans", "用数服务台", "用数服务台在这里。")
    searching = engine(tmp_path, (*_TEXTS, odd))
    found = _ask(searching, "使用数据表报用数")
    assert found.did_you_mean == "使用数据报表用数"
    assert "odd.zh-Hans" in ids(found)


def test_hidden_texts_put_nothing_right(searching: Engine) -> None:
    assert _ask(searching, "折权扣限").did_you_mean is None
    assert _ask(searching, "折权扣限", VENDOR).did_you_mean == "折扣权限"


def test_a_quoted_phrase_is_taken_as_typed(searching: Engine) -> None:
    assert _ask(searching, "“数据表报”").total == 0


def test_a_slip_in_letters_and_one_in_characters_are_both_put_right(searching: Engine) -> None:
    found = _ask(searching, "Exprot 数据表报")
    assert found.did_you_mean == "export 数据报表"


def test_long_questions_are_answered(searching: Engine) -> None:
    assert _ask(searching, "龘靐齉" * 200).total == 0
    assert _ask(searching, "树据" * 300).hits == ()
