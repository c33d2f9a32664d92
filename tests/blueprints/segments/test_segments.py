"""/admin/segments: counts, order, rules with a preview."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.domain.segments import USUAL_SEGMENTS, Traits, segment_of
from portal.models import Account, AlertRule, HealthModel, Segment
from portal.services.segments import segment_rules, segments_by_account
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, text_of
from tests.blueprints.usage import counted
from tests.world import ADMIN, MARA, NOW, OSKELUND, QUILLON

SEGMENTS = "/admin/segments"


@pytest.fixture
def ada(door: Door) -> FlaskClient:
    return door.sign_in(ADMIN)


def keys_of(door: Door) -> list[str]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return [rule.key for rule in segment_rules(session)]


def segment_in(door: Door, account: str) -> str:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return segments_by_account(session)[door.world.accounts[account]]


def counts_in(client: FlaskClient) -> dict[str, int]:
    found = re.findall(r'accounts\?segment=([\w-]+)">([\d,]+)<', client.get(SEGMENTS).text)
    return {key: int(count.replace(",", "")) for key, count in found}


def make(client: FlaskClient, name: str, **parts: list[str]) -> int:
    data = {"name_en": name, "name_zh": "", **parts}
    return client.post(SEGMENTS, data=data).status_code


def test_the_usual_segments_are_counted_and_the_first_change_copies_them(
    door: Door, ada: FlaskClient
) -> None:
    assert "These are the usual segments" in text_of(ada.get(SEGMENTS))
    assert "Tier: <b>Strategic</b>" in ada.get(SEGMENTS).text
    assert counts_in(ada) == {"strategic": 1, "standard": 1, "small": 0, "others": 0}
    assert make(ada, "Food in the north", industries=["food"], regions=["north"]) == 302
    assert keys_of(door) == ["strategic", "standard", "small", "food-in-the-north"]
    assert "These are the usual segments" not in text_of(ada.get(SEGMENTS))
    with door.world.database.session(system_scope(NOW, "test")) as session:
        rules = segment_rules(session)
    assert rules[:3] == USUAL_SEGMENTS
    assert actions_of(door.world.database) == ["segment.created"]


def test_the_order_decides_and_is_moved(door: Door, ada: FlaskClient) -> None:
    make(ada, "Food", industries=["food"])
    assert counts_in(ada)["food"] == 0, "the tier's segment comes first"
    for _turn in range(5):
        assert ada.post(f"{SEGMENTS}/food/place", data={"way": "up"}).status_code == 302
    assert keys_of(door) == ["food", "strategic", "standard", "small"]
    assert counts_in(ada) == {"food": 1, "strategic": 0, "standard": 1, "small": 0, "others": 0}
    assert segment_in(door, OSKELUND.key) == "food"
    ada.post(f"{SEGMENTS}/food/place", data={"way": "down"})
    assert keys_of(door)[:2] == ["strategic", "food"]
    assert segment_in(door, OSKELUND.key) == "strategic"


def test_a_rule_is_changed_and_deleted(door: Door, ada: FlaskClient) -> None:
    data = {"name_en": "Middle", "name_zh": "中型", "tiers": ["standard", "small"]}
    assert ada.post(f"{SEGMENTS}/standard", data=data).status_code == 302
    assert counts_in(ada)["standard"] == 1
    assert "中型" in ada.get(f"{SEGMENTS}?locale=zh-Hans").text
    assert ada.post(f"{SEGMENTS}/standard/deletion").status_code == 302
    assert keys_of(door) == ["strategic", "small"]
    assert segment_in(door, QUILLON.key) == "others"
    assert counts_in(ada)["others"] == 1
    assert ada.get(f"{SEGMENTS}/standard").status_code == 404
    assert actions_of(door.world.database) == ["segment.changed", "segment.deleted"]


@pytest.mark.parametrize(
    "row",
    [
        AlertRule(rule="silence", segment="small", on=True, parameters={}, changed_at=NOW),
        HealthModel(weights={"small": {}}, bands={}, created_at=NOW),
        HealthModel(weights={}, bands={"small": [70, 40]}, created_at=NOW, activated_at=NOW),
    ],
)
def test_what_settings_are_made_for_stays(
    door: Door, ada: FlaskClient, row: AlertRule | HealthModel
) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.merge(row)
        session.commit()
    answer = ada.post(f"{SEGMENTS}/small/deletion", follow_redirects=True)
    assert "for this segment" in text_of(answer)
    assert "small" in keys_of(door)
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(Segment)).all() == [], "nothing was copied either"


def test_the_preview_counts_as_the_segments_do(door: Door, ada: FlaskClient) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add_all(
            Account(key=f"a{n}", name=f"A{n}", tier="small", region="west", created_at=NOW)
            for n in range(14)
        )
        session.commit()
    west = ada.get(f"{SEGMENTS}/fit?regions=west&key=")
    assert "14 accounts fit now." in text_of(west)
    assert "14 of them are in an earlier segment" in text_of(west)
    assert "and 2 more" in text_of(west)
    first = ada.get(f"{SEGMENTS}/fit?regions=west&regions=north&tiers=strategic&key=strategic")
    assert "1 account fits now." in text_of(first)
    assert "earlier" not in text_of(first)
    assert "No account fits now." in text_of(ada.get(f"{SEGMENTS}/fit?regions=nowhere"))
    assert "16 accounts fit now." in text_of(ada.get(f"{SEGMENTS}/fit"))


def test_without_script_a_button_counts_and_keeps_nothing(door: Door, ada: FlaskClient) -> None:
    data = {"name_en": "Half typed", "regions": ["north"]}
    page = ada.post(f"{SEGMENTS}/trial", data=data)
    assert page.status_code == 200
    assert 'value="Half typed"' in page.text
    assert re.search(r'value="north" checked', page.text)
    assert "1 account fits now." in text_of(page)
    assert keys_of(door) == ["strategic", "standard", "small"]
    assert actions_of(door.world.database) == []
    assert ada.post(f"{SEGMENTS}/trial?key=no-such", data=data).status_code == 404


def test_what_does_not_fit_is_said_and_kept_in_the_form(door: Door, ada: FlaskClient) -> None:
    for data in (
        {"name_en": ""},
        {"name_en": "   "},
        {"name_en": "x" * 121},
        {"name_en": "Moon", "regions": ["the moon"]},
        {"name_en": "Stage", "stages": ["no-such-stage"]},
    ):
        answer = ada.post(SEGMENTS, data=data)
        assert answer.status_code == 422, data
    assert "Choose from what accounts have." in text_of(answer)
    assert keys_of(door) == ["strategic", "standard", "small"]
    small = {"tiers": ["small"]}
    assert make(ada, "小微", **small) == 302, "a name without Latin letters still gets a key"
    assert make(ada, "小微", **small) == 302
    assert make(ada, "Others", tiers=["small"]) == 302
    assert keys_of(door)[3:] == ["segment", "segment-2", "others-2"]


def test_only_who_may(door: Door) -> None:
    assert door.role("manager").get(SEGMENTS).status_code == 200
    assert door.sign_in(MARA).get(SEGMENTS).status_code == 403
    assert door.sign_in(MARA).post(SEGMENTS, data={"name_en": "Mine"}).status_code == 403


def test_ten_thousand_accounts_take_a_handful_of_statements(door: Door, ada: FlaskClient) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add_all(
            Account(key=f"a{n}", name=f"A{n}", tier="small", region=f"r{n % 7}", created_at=NOW)
            for n in range(500)
        )
        session.commit()
        wanted = select(Account.tier, Account.industry, Account.region, Account.stage)
        rows = session.execute(wanted).all()
    ada.get(SEGMENTS)
    with counted(door.world.database) as sent:
        found = counts_in(ada)
    assert len(sent) <= 8, "\n".join(sent)
    by_hand = [segment_of(USUAL_SEGMENTS, Traits(*row)) for row in rows]
    assert found == {key: by_hand.count(key) for key in found}


def test_a_rule_that_asks_for_nothing_is_refused_beside_the_traits(
    door: Door, ada: FlaskClient
) -> None:
    for address in (SEGMENTS, f"{SEGMENTS}/small"):
        answer = ada.post(address, data={"name_en": "Everybody"})
        assert answer.status_code == 422
        beside = answer.text.split('id="traits-error"', 1)[1].split("</p>", 1)[0]
        assert "Choose at least one: else every account would fit." in beside
        assert 'value="Everybody"' in answer.text
    assert keys_of(door) == ["strategic", "standard", "small"]
    assert actions_of(door.world.database) == []
