"""/admin/names: what modules, industries and regions are called, and where that is read."""

import csv
from io import StringIO

import pytest
from flask.testing import FlaskClient

from portal.services.terms import read_terms
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.world import ADMIN, MARA, NOW, OSKELUND

NAMES = "/admin/names"
SENT = {
    "module:insight": ("Insight and figures", "数据洞察", ""),
    "industry:food": ("Food and drink", "食品与饮料", "食品飲料"),
    "region:north": ("Nordic countries", "北欧", ""),
}


def form(**changes: tuple[str, str, str]) -> dict[str, str]:
    members = ("name_en", "name_zh_hans", "name_zh_hant")
    return {
        f"{place}:{member}": text
        for place, texts in {**SENT, **changes}.items()
        for member, text in zip(members, texts, strict=True)
    }


@pytest.fixture
def ada(door: Door) -> FlaskClient:
    client = door.sign_in(ADMIN)
    assert client.post(NAMES, data=form()).status_code == 302
    return client


def named(door: Door, locale: str) -> set[str]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        terms = read_terms(session, locale)
    return {one.in_locale(locale, key) for (_, key), one in terms.wordings.items()}


def test_names_are_kept_once_and_taken_back(door: Door, ada: FlaskClient) -> None:
    assert named(door, "zh-Hant") == {"資料洞察", "食品飲料", "北歐"}
    again = ada.post(NAMES, data=form(), follow_redirects=True)
    assert "Nothing was changed." in text_of(again)
    taken = {"region:north": ("", " ", "")}
    assert "1 name is kept." in text_of(ada.post(NAMES, data=form(**taken), follow_redirects=True))
    assert named(door, "en") == {"Insight and figures", "Food and drink"}


def test_a_form_of_fewer_rows_leaves_the_others(door: Door, ada: FlaskClient) -> None:
    ada.post(NAMES, data={"module:insight:name_en": "Half a row"})
    ada.post(NAMES, data={"module:nowhere:name_en": "x", "other": "y"})
    assert named(door, "en") == {"Insight and figures", "Food and drink", "Nordic countries"}


@pytest.mark.parametrize("name", ["x" * 121, "zero\x00sign"])
def test_a_refused_name_is_kept_in_the_form(door: Door, ada: FlaskClient, name: str) -> None:
    answer = ada.post(NAMES, data=form(**{"region:north": (name, "北", "")}))
    assert answer.status_code == 422
    page = answer.text
    assert 'value="北"' in page
    assert 'role="alert"' in page
    assert page.count('aria-invalid="true"') == 3
    assert "Nordic countries" in named(door, "en")


def test_names_stand_where_keys_stood(door: Door, ada: FlaskClient) -> None:
    catalogue = ada.get("/admin/features").text
    assert '<option value="insight">Insight and figures</option>' in catalogue
    assert '<td data-label="Module">Insight and figures</td>' in catalogue
    assert 'value="insight" selected' in ada.get("/admin/features?module=insight").text
    assert "Insight and figures" in text_of(ada.get("/admin/new-edition"))
    assert "Insight and figures" in text_of(ada.get(f"/accounts/{OSKELUND.key}/contract"))
    segment = ada.get("/admin/segments/new").text
    assert "Food and drink" in segment
    assert 'value="food"' in segment
    mara = door.sign_in(MARA)
    assert "Strategic, Food and drink, Nordic countries" in text_of(
        mara.get(f"/accounts/{OSKELUND.key}")
    )
    assert "Strategic, Food and drink" in text_of(mara.get("/accounts"))


def test_each_reader_has_them_in_the_own_language(door: Door, ada: FlaskClient) -> None:
    mara = door.sign_in(MARA)
    taiwan = {"name": "Mara", "locale": "zh-Hant", "time_zone": "Asia/Taipei", "theme": "light"}
    assert mara.post("/me", data=taiwan).status_code == 302
    assert "食品飲料" in text_of(mara.get("/accounts"))
    assert "食品飲料" in text_of(mara.get("/search?q=oskelund"))
    assert "食品飲料" not in text_of(ada.get("/search?q=oskelund"))
    assert "Food and drink" in text_of(ada.get("/search?q=oskelund"))


def test_files_keep_the_keys_and_say_the_names_beside(door: Door, ada: FlaskClient) -> None:
    (row,) = _rows(door.sign_in(MARA).get("/accounts.csv").text)
    assert (row["industry"], row["industry_name"]) == ("food", "Food and drink")
    assert (row["region"], row["region_name"]) == ("north", "Nordic countries")
    features = _rows(ada.get("/admin/features.csv").text)
    told = {(one["module"], one["module_name_en"], one["module_name_zh_hans"]) for one in features}
    assert ("insight", "Insight and figures", "数据洞察") in told
    names = _rows(ada.get("/admin/names.csv").text)
    assert {"kind": "industry", "key": "food", "name_en": "Food and drink"}.items() <= next(
        one for one in names if one["key"] == "food"
    ).items()


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.lstrip("\ufeff"))))
