"""Editions, and what one account has beside its own."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models import Account
from portal.services.adoption import feature_use
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, text_of
from tests.world import ADMIN, JONAS, MARA, NOW, OSKELUND, QUILLON

CONTRACT = f"/accounts/{OSKELUND.key}/contract"


@pytest.fixture
def ada(door: Door) -> FlaskClient:
    return door.sign_in(ADMIN)


def entitled(door: Door, account: str = OSKELUND.key) -> set[str]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return {one.key for one in feature_use(session, account)}


def make_edition(client: FlaskClient, *features: str, key: str = "small") -> None:
    form = {"key": key, "name_en": key.title(), "name_zh": "小", "features": list(features)}
    assert client.post("/admin/editions", data=form).status_code == 302


def test_an_account_has_its_edition_with_its_own_on_top(door: Door, ada: FlaskClient) -> None:
    make_edition(ada, "delegation", "audit-trail")
    ada.post(f"{CONTRACT}/features", data={"features": []})
    assert entitled(door) == set()
    ada.post(f"{CONTRACT}/edition", data={"edition": "small"})
    assert entitled(door) == {"delegation", "audit-trail"}
    ada.post(f"{CONTRACT}/features", data={"features": ["delegation", "mobile-card"]})
    assert entitled(door) == {"delegation", "mobile-card"}
    said = text_of(ada.get(CONTRACT))
    assert "Oskelund Foods has 2 features" in said
    assert "Mobile card added" in said
    assert "taken off" in said
    ada.post(f"{CONTRACT}/features", data={"features": ["delegation", "audit-trail"]})
    ada.post("/admin/editions/small", data={"name_en": "S", "features": ["task-handover"]})
    assert entitled(door) == {"task-handover"}, "nothing of its own is left"
    assert len(entitled(door, QUILLON.key)) == 10, "the other account stays as it was"


def test_what_an_account_has_of_its_own_outlasts_the_edition(door: Door, ada: FlaskClient) -> None:
    make_edition(ada, "delegation")
    ada.post(f"{CONTRACT}/features", data={"features": ["audit-trail"]})
    ada.post(f"{CONTRACT}/edition", data={"edition": "small"})
    assert entitled(door) == {"audit-trail", "delegation"}
    ada.post(f"{CONTRACT}/edition", data={"edition": ""})
    assert entitled(door) == {"audit-trail"}
    assert actions_of(door.world.database) == [
        "edition.created",
        "contract.features-changed",
        "contract.edition-changed",
        "contract.edition-changed",
    ]


def test_an_edition_in_use_is_not_deleted(ada: FlaskClient) -> None:
    make_edition(ada, "delegation")
    ada.post(f"{CONTRACT}/edition", data={"edition": "small"})
    said = ada.post("/admin/editions/small/deletion", follow_redirects=True)
    assert "Accounts have this edition." in text_of(said)
    ada.post(f"{CONTRACT}/edition", data={"edition": ""})
    assert ada.post("/admin/editions/small/deletion").status_code == 302
    assert ada.get("/admin/editions/small").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key": "x y"}, "Letters, digits"),
        ({"name_en": ""}, "Give the name"),
        ({"features": ["no-such"]}, "Choose features of the catalogue."),
        ({"key": "taken"}, "There is an edition of that key already."),
    ],
)
def test_a_wrong_edition_is_refused(ada: FlaskClient, wrong: dict[str, object], said: str) -> None:
    make_edition(ada, key="taken")
    answer = ada.post("/admin/editions", data={"key": "good", "name_en": "Good", **wrong})
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_csm_reads_the_contracts_of_own_accounts(door: Door) -> None:
    mara = door.sign_in(MARA)
    page = mara.get(CONTRACT)
    assert "Oskelund Foods has 10 features" in text_of(page)
    assert "Keep contract" not in page.text
    assert mara.post(f"{CONTRACT}/features", data={"features": []}).status_code == 403
    assert door.sign_in(JONAS).get(CONTRACT).status_code == 404


def test_what_does_not_exist_is_refused(door: Door, ada: FlaskClient) -> None:
    assert ada.post(f"{CONTRACT}/edition", data={"edition": "no-such"}).status_code == 404
    said = ada.post(f"{CONTRACT}/features", data={"features": ["x"]}, follow_redirects=True)
    assert "Choose features of the catalogue." in text_of(said)
    assert len(entitled(door)) == 10


def holidays_of(door: Door) -> str:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        wanted = select(Account.holidays).where(Account.key == OSKELUND.key)
        return session.scalar(wanted) or ""


def test_an_account_keeps_the_holidays_of_its_country(door: Door, ada: FlaskClient) -> None:
    page = ada.get(CONTRACT).text
    assert '<option value="NO">Norway (NO)</option>' in page
    assert ada.post(f"{CONTRACT}/holidays", data={"country": "DE", "part": "by"}).status_code == 302
    assert holidays_of(door) == "DE-BY"
    page = ada.get(CONTRACT).text
    assert 'value="BY"' in page
    assert '<option selected value="DE">' in page
    wrong = ada.post(f"{CONTRACT}/holidays", data={"country": "DE", "part": "zz"})
    assert (wrong.status_code, holidays_of(door)) == (422, "DE-BY")
    assert "There is no calendar of this part of the country." in wrong.text
    assert 'value="zz"' in wrong.text
    assert ada.post(f"{CONTRACT}/holidays", data={"country": "XX"}).status_code == 422
    ada.post(f"{CONTRACT}/holidays", data={"country": ""})
    assert holidays_of(door) == ""
    assert actions_of(door.world.database) == ["contract.holidays"] * 2


def test_quotas_of_an_edition_and_of_an_account(ada: FlaskClient) -> None:
    make_edition(ada)
    ada.post(f"{CONTRACT}/edition", data={"edition": "small"})
    quota = {"measure": "integration_calls", "amount": "1000"}
    assert ada.post("/admin/editions/small/quotas", data=quota).status_code == 302
    assert "Integration calls 1,000" in text_of(ada.get("/admin/editions/small"))
    assert "Integration calls 1,000" in text_of(ada.get(CONTRACT))
    assert ada.post(f"{CONTRACT}/quotas", data={**quota, "amount": "1500.5"}).status_code == 302
    assert "Integration calls of its own 1,500.5" in text_of(ada.get(CONTRACT))
    ada.post(f"{CONTRACT}/quotas", data={**quota, "amount": ""})
    assert "Integration calls 1,000" in text_of(ada.get(CONTRACT))
    for address in (f"{CONTRACT}/quotas", "/admin/editions/small/quotas"):
        for amount in ("0", "-1", "many", "1e300", "nan"):
            answer = ada.post(address, data={**quota, "amount": amount})
            assert (answer.status_code, amount) == (422, amount)
        assert ada.post(address, data={"measure": "volume:age", "amount": "1"}).status_code == 422
