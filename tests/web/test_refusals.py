"""Refusals in the reader's language, on pages and in forms; machines read English."""

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.domain.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, TooMany
from portal.web.forms import SpokenForm
from portal.web.refusals import SENTENCES, Explained, sentence
from tests.apps import Door


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (NotFound("There is no account acme."), "此网址没有内容。"),
        (Forbidden(), "您的角色没有此项权限。"),
        (TooMany("Wait.", retry_after=3), "尝试次数过多，请稍候再试。"),
        (Conflict("Gone.", code="frozen"), "该版本已发布，不再改动。请起草新版本。"),
        (Conflict("Odd.", code="unheard-of"), "目前的状态下无法执行。请返回检查。"),
        (Explained("请选择 7 天。"), "请选择 7 天。"),
    ],
)
def test_a_chinese_reader_is_told_in_chinese(app: Flask, failure: DomainError, said: str) -> None:
    with app.test_request_context("/"), force_locale("zh_Hans"):
        assert sentence(failure) == said


def test_an_english_reader_gets_the_services_own_sentence(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("en"):
        assert sentence(Invalid("Choose 1 to 26 weeks.")) == "Choose 1 to 26 weeks."


@pytest.mark.parametrize("name", ["NotFound", "Forbidden", "Conflict", "Invalid", "TooMany"])
def test_every_kind_of_refusal_has_a_sentence(name: str) -> None:
    kind = next(one for one in DomainError.__subclasses__() if one.__name__ == name)
    assert kind.code in SENTENCES


def test_an_error_page_is_in_the_readers_language(door: Door) -> None:
    page = door.role("champion").get("/knowledge/nothing-of-that-name?locale=zh-Hant")
    assert page.status_code == 404
    assert "此網址沒有內容。" in page.text
    assert "There is" not in page.text


def test_a_refused_range_of_days_explains_itself(door: Door) -> None:
    page = door.role("champion").get("/adoption?window=12&locale=zh-Hans")
    assert page.status_code == 422
    assert "请选择 7\N{NO-BREAK SPACE}天、" in page.text


def test_machines_read_english(door: Door) -> None:
    answer = door.visitor().get("/v1/nothing", headers={"Accept-Language": "en"})
    assert answer.get_json()["title"].isascii()


@pytest.mark.parametrize(
    ("locale", "said"), [("zh_Hans", "请填写"), ("zh_Hant", "請填寫"), ("en", "Fill this in.")]
)
def test_in_place_of_the_form_librarys_own_messages(app: Flask, locale: str, said: str) -> None:
    with app.test_request_context("/"), force_locale(locale):
        words = SpokenForm.Meta().get_translations(SpokenForm())
        assert words.gettext("This field is required.").startswith(said)
