"""`GET /api/v1/search` for a machine of the vendor's, and for one bound to an account."""

from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.models import SearchQuestion
from portal.services.api_keys import create_key
from portal.tenancy import system_scope
from tests.apps import Door
from tests.world import INGRID, NOW, OSKELUND, QUILLON


@pytest.fixture
def hub(hub_file: Path, door: Door) -> Door:
    del hub_file
    return door


def key(door: Door, account: str | None = None, kind: str = "api") -> str:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        return create_key(session, name="Backend", kind=kind, account_key=account).secret


def ask(door: Door, query: str, secret: str) -> TestResponse:
    return door.visitor().get(
        f"/api/v1/search?{query}", headers={"Authorization": f"Bearer {secret}"}
    )


def test_the_answer_has_the_shape_that_was_promised(hub: Door) -> None:
    body = ask(hub, "q=escalation&limit=2&locale=zh-TW", key(hub)).get_json()
    assert set(body) == {"query", "total", "took_ms", "did_you_mean", "degraded", "results"}
    assert body["query"] == "escalation"
    assert body["total"] > 2
    assert len(body["results"]) == 2
    for result in body["results"]:
        assert set(result) == {"id", "type", "title", "url", "locale", "score", "highlight"}
        assert result["url"] == f"/knowledge/{result['id']}"
        assert result["locale"] == "zh-Hant"


def test_the_highlight_is_escaped_html(hub: Door) -> None:
    results = ask(hub, "q=delegate", key(hub)).get_json()["results"]
    assert any("<mark>" in result["highlight"] for result in results)


def test_types_narrow_the_answer(hub: Door) -> None:
    results = ask(hub, "q=approval&type=guide,faq", key(hub)).get_json()["results"]
    assert {result["type"] for result in results} == {"guide", "faq"}


def ids(response: TestResponse) -> set[str]:
    return {result["id"] for result in response.get_json()["results"]}


def test_a_key_bound_to_an_account_finds_what_its_people_do(hub: Door) -> None:
    query = "q=Oskelund+report+feature+conversation&limit=100"
    everything = ids(ask(hub, query, key(hub)))
    assert {"oskelund-monday-report", "unused-feature-conversation"} <= everything
    of_oskelund = ids(ask(hub, query, key(hub, OSKELUND.key)))
    assert "oskelund-monday-report" in of_oskelund
    assert "unused-feature-conversation" not in of_oskelund
    of_quillon = ask(hub, query, key(hub, QUILLON.key))
    assert not ids(of_quillon) & {"oskelund-monday-report", "unused-feature-conversation"}
    assert of_quillon.get_json()["total"] == len(ids(of_quillon))


def found(response: TestResponse, kind: str) -> set[str]:
    return {one["title"] for one in response.get_json()["results"] if one["type"] == kind}


def test_what_the_rooms_offer_is_found_in_the_key_s_own_reach(hub: Door) -> None:
    every = ask(hub, "q=Oskelund&limit=100", key(hub))
    assert OSKELUND.name in found(every, "account")
    assert every.get_json()["total"] == len(every.get_json()["results"])
    only = ask(hub, "q=Oskelund&type=account", key(hub)).get_json()
    assert {one["type"] for one in only["results"]} == {"account"}
    assert only["total"] == len(only["results"])
    for query in ("q=Oskelund&limit=100", "q=Oskelund&type=account,report,feature,page"):
        of_quillon = ask(hub, query, key(hub, QUILLON.key))
        assert found(of_quillon, "account") == found(of_quillon, "report") == set()


def test_a_feature_is_found_by_its_name(hub: Door) -> None:
    body = ask(hub, "q=delegation&type=feature", key(hub)).get_json()
    assert body["results"]
    assert {one["score"] for one in body["results"]} == {None}


@pytest.mark.parametrize(
    ("query", "member"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20", "q"),
        ("q=" + "a" * 501, "q"),
        ("q=x&locale=fr", "locale"),
        ("q=x&locale=", "locale"),
        ("q=x&type=poem", "type"),
        ("q=x&type=faq,", "type"),
        ("q=x&limit=0", "limit"),
        ("q=x&limit=101", "limit"),
        ("q=x&limit=-1", "limit"),
        ("q=x&limit=1e1", "limit"),
        ("q=x&limit=%D9%A3", "limit"),
    ],
)
def test_a_wrong_member_is_named(door: Door, query: str, member: str) -> None:
    response = ask(door, query, key(door))
    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
    assert [error["member"] for error in response.get_json()["errors"]] == [member]


def test_all_wrong_members_are_named_at_once(door: Door) -> None:
    body = ask(door, "locale=fr&type=x&limit=x", key(door)).get_json()
    assert {error["member"] for error in body["errors"]} == {"q", "locale", "type", "limit"}


def test_any_question_is_answered(hub: Door) -> None:
    for question in ("%00", "%ff", "NOT+" * 100, "字" * 400, "*"):
        assert ask(hub, f"q={question}", key(hub)).status_code == 200


def test_only_an_api_key_opens_the_door(hub: Door) -> None:
    for secret in ("", "nonsense", key(hub, kind="write")):
        response = ask(hub, "q=x", secret)
        assert response.status_code == 401
        assert response.content_type == "application/problem+json"
    assert hub.sign_in(INGRID).get("/api/v1/search?q=x").status_code == 401
    assert hub.visitor().post("/api/v1/search?q=x").status_code in {401, 405}


def test_features_narrow_the_answer(hub: Door) -> None:
    every = ids(ask(hub, "q=approval&limit=100", key(hub)))
    some = ids(ask(hub, "q=approval&limit=100&feature=delegation,audit-trail", key(hub)))
    assert set() < some < every
    assert ids(ask(hub, "q=approval&feature=unheard-of", key(hub))) == set()
    refused = ask(hub, "q=a&feature=../x&limit=0", key(hub))
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"
    assert {error["member"] for error in refused.get_json()["errors"]} == {"feature", "limit"}


def test_what_finds_nothing_is_counted_among_the_gaps(hub: Door) -> None:
    ask(hub, "q=unheard-of+zebra", key(hub, OSKELUND.key))
    with hub.app.app_context():
        hub.app.extensions["paceline.search-notes"].finish()
    with hub.world.database.session(system_scope(NOW, "test")) as session:
        (row,) = session.scalars(select(SearchQuestion)).all()
    assert (row.question, row.side, row.empty) == ("unheard-of zebra", "api", 1)
    assert row.account_id == hub.world.accounts[OSKELUND.key]
