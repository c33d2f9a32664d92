"""/admin/features: listed, made, changed, put in order, archived; rules with their preview."""

from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models import Feature
from portal.services.catalogue.rules import list_rules
from portal.services.content_files import load_content
from portal.tenancy import system_scope
from portal.usage.refold import refold_slice
from tests.apps import Door
from tests.blueprints.reading import actions_of, text_of
from tests.blueprints.usage import days_back, morning, send, work
from tests.hub import write_text, writing
from tests.world import ADMIN, INGRID, LAST_DAY, MARA, NOW, OSKELUND

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
FEATURE = "/admin/features/approval-chains"
GOOD = {"key": "sharing", "name_en": "Sharing", "kind": "record"}


@pytest.fixture
def ada(door: Door) -> FlaskClient:
    return door.sign_in(ADMIN)


def shown_keys(client: FlaskClient, query: str = "") -> list[str]:
    page = client.get(f"/admin/features?{query}").text
    return [part.split("<")[0] for part in page.split('<span class="sub">')[1:]]


def stored(door: Door, key: str) -> Feature:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return session.scalars(select(Feature).where(Feature.key == key)).one()


def rules(door: Door, key: str | None) -> list[str]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return [str(one.text) for one in list_rules(session, key)]


def test_a_feature_names_the_texts_that_teach_it(
    door: Door, ada: FlaskClient, tmp_path: Path
) -> None:
    assert "No text teaches this feature yet." in text_of(ada.get(FEATURE))
    write_text(tmp_path, "chains", "customers", features="[approval-chains]")
    with writing(door.world.database) as session:
        load_content(session, tmp_path)
    assert 'href="/knowledge/chains"' in ada.get(FEATURE).text


def test_the_list_is_sorted_filtered_and_searched(door: Door, ada: FlaskClient) -> None:
    work(door.world.database, OSKELUND, range(1, 4), days_back(0, 1), "Delegation Used")
    keys = shown_keys(ada)
    assert len(keys) == 12
    assert keys[:2] == ["approval-chains", "request-forms"]
    assert shown_keys(ada, "sort=name&dir=desc") != sorted(keys)
    assert sorted(shown_keys(ada, "module=insight")) == ["live-dashboards", "scheduled-reports"]
    assert shown_keys(ada, "kind=custom&core=no") == ["theme-editor"]
    assert shown_keys(ada, "q=CONNECTOR") == ["erp-connector"]
    assert shown_keys(ada, "q=delegation+used") == ["delegation"]
    assert shown_keys(ada, "sort=events&dir=desc")[0] == "delegation"
    assert "No feature fits" in text_of(ada.get("/admin/features?q=nothing+like+it"))


@pytest.mark.parametrize(
    "query", ["sort=x&dir=up", "kind=9&core=perhaps", "state=x&page=-1", "q=%00&module=%00"]
)
def test_any_address_shows_a_list(ada: FlaskClient, query: str) -> None:
    assert ada.get(f"/admin/features?{query}").status_code == 200
    assert ada.get(f"/admin/event-names?{query}").status_code == 200


def test_a_feature_is_made_with_its_events(door: Door, ada: FlaskClient) -> None:
    form = {**GOOD, "events": "share.*|export [to=link]", "core": "y", "activation": "y"}
    answer = ada.post("/admin/features", data={**form, "depth_target_per_week": "2.5"})
    assert answer.headers["Location"].endswith("/admin/features/sharing")
    made = stored(door, "sharing")
    assert (made.core, made.activation, str(made.depth_target_per_week)) == (True, True, "2.500")
    assert rules(door, "sharing") == ["share.*", "export [to=link]"]
    assert shown_keys(ada)[-1] == "sharing"
    assert actions_of(door.world.database) == ["feature.created"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key": "approval-chains"}, "There is a feature of that key already."),
        ({"key": "a b"}, "Letters, digits, dot"),
        ({"name_en": ""}, "Give the name that your customers know."),
        ({"name_en": "   "}, "Give the name that your customers know."),
        ({"depth_target_per_week": "0"}, "Give a number above 0"),
        ({"depth_target_per_week": "many"}, "Write a number, such as 12.5."),
        ({"events": "Approval Chains Used"}, "belongs to another feature already"),
        ({"events": "a [b"}, "This is no event name."),
        ({"kind": "other"}, "Choose one of the list."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    door: Door, ada: FlaskClient, wrong: dict[str, str], said: str
) -> None:
    answer = ada.post("/admin/features", data={**GOOD, "module": "kept words", **wrong})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "kept words" in answer.text
    assert actions_of(door.world.database) == []


def test_a_feature_is_changed_but_for_its_key(door: Door, ada: FlaskClient) -> None:
    form = {"key": "other", "name_en": "Chains", "name_zh": "链", "kind": "custom", "module": "m"}
    assert ada.post(FEATURE, data=form).status_code == 302
    row = stored(door, "approval-chains")
    assert (row.name_en, row.name_zh, row.kind, row.core) == ("Chains", "链", "custom", False)
    assert ada.post(FEATURE, data={**form, "name_en": ""}).status_code == 422


def test_an_archived_feature_leaves_the_page_and_comes_back_whole(
    door: Door, ada: FlaskClient
) -> None:
    work(door.world.database, OSKELUND, range(1, 4), days_back(*range(20)))
    ingrid = door.sign_in(INGRID)
    before = ingrid.get("/adoption")
    assert "Approval chains" in before.text
    ada.post(f"{FEATURE}/archiving")
    held = {"If-None-Match": before.headers["ETag"]}
    without = ingrid.get("/adoption", headers=held)
    assert without.status_code == 200
    assert "Approval chains" not in without.text
    assert "approval-chains" not in shown_keys(ada)
    assert shown_keys(ada, "state=archived") == ["approval-chains"]
    assert "This feature is archived" in text_of(ada.get(FEATURE))
    ada.post(f"{FEATURE}/restoration")
    after = ingrid.get("/adoption").text
    assert text_main(after) == text_main(before.text)
    assert actions_of(door.world.database) == ["feature.archived", "feature.restored"]


def text_main(page: str) -> str:
    return page[page.index("<main") : page.index("</main")]


def test_features_are_put_in_order(ada: FlaskClient) -> None:
    first = shown_keys(ada)
    ada.post(f"/admin/features/{first[1]}/place", data={"step": "-1"})
    assert shown_keys(ada)[:3] == [first[1], first[0], first[2]]
    ada.post(f"/admin/features/{first[1]}/place", data={"step": "1"})
    ada.post(f"/admin/features/{first[0]}/place", data={"step": "-1"})
    ada.post(f"/admin/features/{first[-1]}/place", data={"step": "1"})
    assert shown_keys(ada) == first


def test_a_rule_is_previewed_added_and_taken_away(door: Door, ada: FlaskClient) -> None:
    work(door.world.database, OSKELUND, range(1, 4), days_back(0, 1), "report.shared")
    work(door.world.database, OSKELUND, range(1, 3), days_back(0), "report.opened")
    work(door.world.database, OSKELUND, range(1, 3), days_back(0), "Delegation Used")
    said = text_of(ada.get(f"{FEATURE}?pattern=report.*"))
    assert "It fits 2 event names: 8 events of 1 accounts in the last 30 days." in said
    assert "report.opened 2 in 30 days" in said
    assert rules(door, "approval-chains") == ["Approval Chains Used"], "a preview changes nothing"
    taken = text_of(ada.get(f"{FEATURE}?pattern=De*"))
    assert "More precise rules decide for: Delegation Used" in taken
    assert "No event of such a name has arrived" in text_of(ada.get(f"{FEATURE}?pattern=x"))
    assert "This is no event name." in text_of(ada.get(f"{FEATURE}?pattern=*"))
    ada.post(f"{FEATURE}/rules", data={"pattern": "report.*"})
    assert rules(door, "approval-chains") == ["Approval Chains Used", "report.*"]
    page = ada.get(FEATURE).text
    key = page.split("/admin/event-rules/")[2].split("/")[0]
    ada.post(f"/admin/event-rules/{key}/removal", data={"feature": "approval-chains"})
    assert rules(door, "approval-chains") == ["Approval Chains Used"]
    assert actions_of(door.world.database) == ["event-rule.added", "event-rule.removed"]


def test_a_property_is_compared_as_the_form_says(door: Door, ada: FlaskClient) -> None:
    asked = {"pattern": "export", "member": "pages", "operator": ">=", "value": "10"}
    said = ada.get(f"{FEATURE}?{urlencode(asked)}").text
    assert "export [pages&gt;=10]" in said
    assert '<input type="hidden" name="operator" value="&gt;=">' in said
    wrong = ada.get(f"{FEATURE}?{urlencode({**asked, 'value': 'many'})}").text
    assert "This value does not fit the comparison." in wrong
    for typed in (asked, {**asked, "operator": "<="}, {**asked, "operator": "?", "value": ""}):
        ada.post(f"{FEATURE}/rules", data=typed)
    ada.post(f"{FEATURE}/rules", data={**asked, "operator": "!="})
    assert rules(door, "approval-chains") == [
        "Approval Chains Used",
        "export [pages>=10]",
        "export [pages<=10]",
        "export [pages]",
    ]
    sent = ada.get("/admin/features.csv").data
    assert b"export [pages\\>=10]" not in sent
    same = {"file": (BytesIO(sent), "features.csv"), "check": "1"}
    assert "0 added, 0 changed, 12 unchanged." in text_of(
        ada.post("/admin/feature-import", data=same)
    )


@pytest.mark.parametrize("pattern", ["", "*", "a\x00b", "x" * 201])
def test_a_rule_that_is_none_is_refused(door: Door, ada: FlaskClient, pattern: str) -> None:
    answer = ada.post(f"{FEATURE}/rules", data={"pattern": pattern}, follow_redirects=True)
    assert "This is no event name." in text_of(answer)
    assert rules(door, "approval-chains") == ["Approval Chains Used"]


def test_the_file_comes_in_as_it_went_out(door: Door, ada: FlaskClient) -> None:
    ada.post(f"{FEATURE}/rules", data={"pattern": "a|b [c", "member": "x", "value": "y;z"})
    ada.post("/admin/features/delegation/archiving")
    file = ada.get("/admin/features.csv").data
    same = {"file": (BytesIO(file), "features.csv"), "check": "1"}
    answer = ada.post("/admin/feature-import", data=same)
    assert "12 rows; 0 added, 0 changed, 12 unchanged." in text_of(answer)
    changed = file.replace(b"delegation,Delegation Used", b"handing-on,Handing On;Handed *")
    checked = {"file": (BytesIO(changed), "features.csv"), "check": "1"}
    assert "1 added" in text_of(ada.post("/admin/feature-import", data=checked))
    assert "handing-on" not in shown_keys(ada, "state=archived")
    brought = {"file": (BytesIO(changed), "features.csv")}
    assert ada.post("/admin/feature-import", data=brought).status_code == 302
    assert rules(door, "handing-on") == ["Handing On", "Handed *"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "the file is empty"),
        (b"key,event,name_en,core\na,x,A,perhaps\n", "is neither yes nor no"),
        (b"key,event,name_en,core\na,Delegation Used,A,no\n", "belongs to feature"),
        (b"\xff\xfe", "UTF-16"),
    ],
)
def test_a_wrong_file_is_told_row_by_row(ada: FlaskClient, file: bytes, said: str) -> None:
    answer = ada.post("/admin/feature-import", data={"file": (BytesIO(file), "x.csv")})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert ada.post("/admin/feature-import", data={}).status_code == 422


def test_a_csm_keeps_no_catalogue(door: Door) -> None:
    mara = door.sign_in(MARA)
    assert mara.get("/admin/features").status_code == 403
    assert mara.post(f"{FEATURE}/archiving").status_code == 403
    assert mara.get("/admin/features/no-such").status_code == 403
    assert door.sign_in(ADMIN).get("/admin/features/no-such").status_code == 404


def test_a_condition_counts_once_history_is_counted_by_it(door: Door, ada: FlaskClient) -> None:
    database = door.world.database
    change = {"pattern": "export", "member": "format", "value": "pdf"}
    zone = ZoneInfo(OSKELUND.time_zone)
    send(
        database,
        [
            {
                "type": "track",
                "messageId": f"export-{number}",
                "userId": f"osk-{number:04}",
                "event": "export",
                "properties": {"format": "pdf" if number < 4 else "csv"},
                "timestamp": datetime.combine(LAST_DAY, time(9), zone).isoformat(),
                "context": {"groupId": OSKELUND.key},
            }
            for number in range(1, 7)
        ],
    )
    preview = text_of(ada.get(FEATURE, query_string=change))
    assert "export [format=pdf]" in preview
    assert "How many of them meet the condition" in preview
    said = text_of(ada.post(f"{FEATURE}/rules", data=change, follow_redirects=True))
    assert "History is being counted by it" in said
    assert "begins in a moment" in said
    assert events_of(ada) == "0"
    assert refold_slice(database, NOW)
    assert "1 of 1 accounts" in text_of(ada.get("/admin/features"))
    while refold_slice(database, NOW):
        pass
    page = text_of(ada.get(FEATURE))
    assert "History is being counted" not in page
    assert events_of(ada) == "3"
    assert "1 event name belongs to no feature" in text_of(ada.get("/admin/event-names"))


def events_of(client: FlaskClient) -> str:
    """What the feature's page says of the last 30 days."""
    return text_of(client.get(FEATURE)).split("Events in the last 30 days ")[1].split()[0]


def test_a_page_that_is_no_number_leads_to_the_first(ada: FlaskClient) -> None:
    for page, leads_to in (("3", 3), ("x" * 70_000, 1), ("../../etc", 1), ("", 1)):
        key = shown_keys(ada)[0]
        answer = ada.post(f"/admin/features/{key}/place", data={"step": "1", "page": page})
        assert answer.location == f"/admin/features?page={leads_to}"
