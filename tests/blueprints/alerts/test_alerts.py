"""Mara has an alert: Oskelund Foods has fallen silent. Jonas must not see it."""

import pytest

from portal.domain.early_warning import PARAMETERS, Rule, evidence_of, stored
from portal.domain.early_warning.parameters import Silence, SuddenDrop
from portal.services.alerts.settings import change_rule
from portal.tenancy import system_scope
from portal.web.alert_measures import measure_definition, measure_word
from portal.web.alerts import evidence_sentence
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import morning
from tests.domain.early_warning.series import course
from tests.security.objects import make_objects
from tests.world import JONAS, MARA, NOW

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ALERT = "/alerts/alert-osk"


@pytest.fixture(autouse=True)
def _objects(door: Door) -> None:
    make_objects(door.world)


def test_the_list_and_the_home_show_it_to_who_has_the_account(door: Door) -> None:
    mara, jonas = door.sign_in(MARA), door.sign_in(JONAS)
    for path in ("/alerts", "/", "/accounts/oskelund-foods"):
        assert "no event for 5 workdays" in text_of(mara.get(path)).lower()
    assert "Oskelund" not in text_of(jonas.get("/alerts"))
    assert "One alert is open." in text_of(mara.get("/alerts"))
    assert "Two alerts are open." in text_of(door.role("manager").get("/alerts"))
    assert "No alert fits" in text_of(mara.get("/alerts?rule=over_use"))


def test_one_alert_says_its_evidence_and_what_would_help(door: Door) -> None:
    page = door.sign_in(MARA).get(ALERT)
    words = text_of(page)
    assert 'popovertarget="define-measure"' in page.text
    assert "The last one came on 27 October; 6 people are set up." in words
    assert "Call them" in words
    assert "What raises it and closes it" in words
    assert "Workdays without any event: 5 days" in words
    assert "Open the rule" not in words
    assert door.sign_in(JONAS).get(ALERT).status_code == 404


def test_an_alert_tells_the_thresholds_of_its_own_account(door: Door) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        values = stored(Silence(workdays=7))
        change_rule(session, Rule.SILENCE, on=True, values=values, segment="strategic")
    page = door.role("manager").get(ALERT)
    assert "Workdays without any event: 7 days" in text_of(page)
    assert "/admin/alert-rules/silence?segment=strategic" in page.text


def test_a_mean_is_said_as_exactly_as_the_fall_that_follows_from_it(door: Door) -> None:
    days = [12] * 7 + [12] * 7 + [9] * 7 + [5] * 7 + [8] * 7
    found = evidence_of(Rule.SUDDEN_DROP, SuddenDrop(), course(days), len(days) - 1)
    found.numbers.update(now=8.0, mean=9.5)
    with door.app.test_request_context():
        assert "8 people against a mean of 9.5 in" in evidence_sentence(Rule.SUDDEN_DROP, found)


@pytest.mark.parametrize("rule", Rule)
def test_what_a_chart_shows_has_a_name_and_a_meaning(door: Door, rule: Rule) -> None:
    found = evidence_of(rule, PARAMETERS[rule](), course([50] * 98), 97)
    with door.app.test_request_context():
        meaning = measure_definition(found)
        assert meaning is not None
        assert meaning["name"] == measure_word(found)
        assert meaning["text"]


def test_snoozed_with_a_reason_and_woken(door: Door) -> None:
    mara = door.sign_in(MARA)
    bad = mara.post(f"{ALERT}/snooze", data={"until": "2026-11-20", "reason": "Holiday"})
    assert bad.status_code == 422
    assert "Choose a day from tomorrow on" in text_of(bad)
    both = text_of(mara.post(f"{ALERT}/snooze", data={"until": "2026-11-20", "reason": ""}))
    assert "Choose a day from tomorrow on" in both
    assert "Give a reason: it stands beside the alert." in both
    assert mara.post(f"{ALERT}/snooze", data={"until": "2026-12-01"}).status_code == 422
    said = {"until": "2026-12-01", "reason": "They are on holiday"}
    assert mara.post(f"{ALERT}/snooze", data=said).status_code == 302
    assert "They are on holiday" in text_of(mara.get("/alerts?state=snoozed"))
    assert "No alert is open." in text_of(mara.get("/alerts"))
    mara.post(f"{ALERT}/waking")
    assert "One alert is open." in text_of(mara.get("/alerts"))


def test_closed_by_hand_once(door: Door) -> None:
    mara = door.sign_in(MARA)
    assert mara.post(f"{ALERT}/closure", data={"close-reason": " "}).status_code == 422
    mara.post(f"{ALERT}/closure", data={"close-reason": "They have moved their office"})
    words = text_of(mara.get("/alerts?state=closed"))
    assert "Closed by Mara Quill on 21 November 2026 (They have moved their office)" in words
    again = mara.post(f"{ALERT}/closure", data={"close-reason": "Once more"}, follow_redirects=True)
    assert "closed already" in text_of(again)


def test_as_a_file(door: Door) -> None:
    lines = door.sign_in(MARA).get("/alerts/alerts.csv").text.splitlines()
    assert len(lines) == 2
    assert "oskelund-foods,Oskelund Foods,silence,high,open,2026-11-01" in lines[1]


@pytest.mark.parametrize("query", ["sort=nothing&dir=x", "state=gone&page=99999", "account='--"])
def test_any_address_answers(door: Door, query: str) -> None:
    assert door.sign_in(MARA).get(f"/alerts?{query}").status_code == 200
