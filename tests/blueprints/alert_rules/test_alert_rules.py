import pytest
from sqlalchemy import select

from portal.domain.early_warning import Rule
from portal.models import AuditEntry
from portal.services.alerts import rule_book
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import days_back, morning, work
from tests.world import ADMIN, NOW, OSKELUND

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
RULE = "/admin/alert-rules/silence"
FORM = {"workdays": "4", "persons": "3", "calm": "1", "span": "90", "on": "y"}


def test_a_threshold_is_changed_for_a_segment_and_taken_back(door: Door) -> None:
    admin = door.sign_in(ADMIN)
    assert admin.post(f"{RULE}?segment=strategic", data=FORM).status_code == 302
    with door.world.database.session(system_scope(NOW, "test")) as session:
        book = rule_book(session)
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert book.setting(Rule.SILENCE, "strategic", "renewal").parameters.calm == 1
    assert book.setting(Rule.SILENCE, "small", "").parameters.calm == 2
    assert entry is not None
    assert (entry.actor, entry.action) == (ADMIN, "alert_rule.change")
    assert entry.object_key == "silence/strategic"
    listed = admin.get("/admin/alert-rules")
    assert "Strategic" in text_of(listed)
    assert "&lt;b" not in listed.text
    admin.post(f"{RULE}/forgetting?segment=strategic")
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert rule_book(session).of_rule(Rule.SILENCE) == []


def test_a_replay_shows_what_would_have_been_and_keeps_what_was_typed(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 7), days_back(*range(20, 60)))
    admin = door.sign_in(ADMIN)
    page = admin.post(f"{RULE}/replay", data=FORM, follow_redirects=True)
    words = text_of(page)
    assert "One alert in 90 days, of 2 accounts. It would still be open." in words
    assert "Oskelund Foods 5 November 2026 still open" in words
    assert 'name="workdays" type="text" value="4"' in page.text or 'value="4"' in page.text
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert rule_book(session).of_rule(Rule.SILENCE) == []


def test_who_switches_a_rule_on_sees_first_what_it_would_have_raised(door: Door) -> None:
    work(door.world.database, OSKELUND, range(1, 7), days_back(*range(20, 60)))
    admin = door.sign_in(ADMIN)
    admin.post(RULE, data={**FORM, "on": ""})
    assert not in_force(door)
    first = admin.post(RULE, data=FORM)
    assert "replay=" in first.location
    assert not in_force(door)
    page = admin.get(first.location)
    words = text_of(page)
    assert "The rule is still off. This is what it would have raised" in words
    assert "Oskelund Foods 5 November 2026 still open" in words
    assert "checked" in page.text.split('name="on"')[0].split("<")[-1]
    shown = first.location.split("?")[1].split("#")[0]
    # Other thresholds than those that were shown are shown first, too.
    assert "replay=" in admin.post(f"{RULE}?{shown}", data={**FORM, "workdays": "9"}).location
    assert not in_force(door)
    assert "replay=" not in admin.post(f"{RULE}?{shown}", data=FORM).location
    assert in_force(door)
    # What is on already is changed at once, and a replay that is gone holds nobody up.
    assert "replay=" not in admin.post(RULE, data={**FORM, "workdays": "9"}).location
    admin.post(RULE, data={**FORM, "on": ""})
    assert admin.post(f"{RULE}?replay=gone", data=FORM).status_code == 302


def in_force(door: Door) -> bool:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return rule_book(session).setting(Rule.SILENCE, "", "").on


@pytest.mark.parametrize(
    "wrong", [{"workdays": "1"}, {"persons": "many"}, {"calm": ""}, {"workdays": "1e9"}]
)
def test_what_is_no_threshold_is_said_beside_its_field(door: Door, wrong: dict[str, str]) -> None:
    admin = door.sign_in(ADMIN)
    for path in (RULE, f"{RULE}/replay"):
        answer = admin.post(path, data={**FORM, **wrong})
        assert answer.status_code == 422
        assert "needs another look" in text_of(answer)


def test_only_who_may(door: Door) -> None:
    assert door.role("manager").get(RULE).status_code == 200
    assert door.role("csm").get(RULE).status_code == 403
    assert door.sign_in(ADMIN).get("/admin/alert-rules/no-such-rule").status_code == 404
    assert door.sign_in(ADMIN).get(f"{RULE}?replay=none").status_code == 404
    assert door.sign_in(ADMIN).get(f"{RULE}?segment=x&stage=y").status_code == 200


def test_a_rules_page_keeps_the_places_of_the_reader(door: Door) -> None:
    assert 'href="/admin/features"' in door.sign_in(ADMIN).get(RULE).text
