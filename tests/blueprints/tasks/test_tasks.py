"""Mara's tasks; Jonas has others; Greta leads both."""

from datetime import date

import pytest
from sqlalchemy import update

from portal.models import AuditEntry, Task
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import morning
from tests.security.objects import make_objects
from tests.world import JONAS, MARA, NOW

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
TASK = "/tasks/task-osk"


@pytest.fixture(autouse=True)
def _objects(door: Door) -> None:
    """Both tasks were due on 2 November; Oskelund's is Mara's."""
    make_objects(door.world)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        mine = update(Task).where(Task.key == "task-osk")
        session.execute(mine.values(owner_id=door.world.users[MARA][0]))
        session.commit()


def test_each_sees_their_own_and_who_leads_the_teams(door: Door) -> None:
    mara, greta = door.sign_in(MARA), door.role("manager")
    assert "One task is overdue." in text_of(mara.get("/tasks"))
    assert "Oskelund Foods: Call them" in text_of(mara.get("/"))
    assert "Two tasks are overdue." in text_of(greta.get("/tasks"))
    assert "Nothing is due." in text_of(greta.get("/tasks?owner=me"))
    assert "Nothing is due." in text_of(door.sign_in(JONAS).get("/tasks"))


def test_done_and_undone(door: Door) -> None:
    mara = door.sign_in(MARA)
    after = mara.post(f"{TASK}/completion?next=/tasks?tab=overdue", follow_redirects=True)
    assert "Undo" in text_of(after)
    assert f"{TASK}/reopening" in after.text
    assert "Done by Mara Quill on 21 November 2026" in text_of(mara.get("/tasks?tab=done"))
    assert mara.post(TASK, data=FORM, follow_redirects=True).status_code == 200
    mara.post(f"{TASK}/reopening")
    assert "One task is overdue." in text_of(mara.get("/tasks"))


@pytest.mark.parametrize("wrong", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_out_of_the_house(door: Door, wrong: str) -> None:
    answer = door.sign_in(MARA).post(f"{TASK}/completion", query_string={"next": wrong})
    assert answer.location == "/tasks"


FORM = {"title": "Visit them", "kind": "training", "due_on": "2026-11-25", "owner": "", "note": ""}


def test_made_by_hand_and_given_to_somebody(door: Door) -> None:
    mara, keys = door.sign_in(MARA), door.world.keys
    made = mara.post("/tasks", data={**FORM, "account": "oskelund-foods", "owner": keys[MARA]})
    assert made.status_code == 302
    page = mara.get(made.location)
    assert "Visit them" in text_of(page)
    greta = keys[door.world.first_of("manager")]
    mara.post(made.location, data={**FORM, "owner": greta})
    assert "Visit them" in text_of(door.role("manager").get("/tasks?owner=me"))
    refused = mara.post(made.location, data={**FORM, "owner": keys[JONAS]})
    assert refused.status_code == 422  # Jonas does not look after Oskelund
    assert "Visit them" in refused.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Say in at most 200 characters"),
        ({"due_on": "never"}, "Choose a day, such as 2026-09-30."),
        ({"due_on": "1900-01-01"}, "Choose a day from 23 August 2026 to 20 November 2028."),
        ({"due_on": "2026-08-22"}, "Choose a day from 23 August 2026"),
        ({"due_on": "2028-11-21"}, "to 20 November 2028."),
        ({"due_on": "9999-12-31"}, "to 20 November 2028."),
        ({"kind": "party"}, "Choose one of the list."),
        ({"account": "quillon-insurance"}, "Choose one of the list."),
    ],
)
def test_what_cannot_be_a_task(door: Door, wrong: dict[str, str], said: str) -> None:
    answer = door.sign_in(MARA).post("/tasks", data={**FORM, "account": "oskelund-foods", **wrong})
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_task_of_another_accounts_alert_cannot_be_made(door: Door) -> None:
    data = {**FORM, "account": "oskelund-foods", "alert": "alert-qui"}
    assert door.sign_in(MARA).post("/tasks", data=data).status_code == 404
    assert door.role("manager").post("/tasks", data=data).status_code == 404


def test_of_an_alert_it_needs_no_words(door: Door) -> None:
    data = {**FORM, "title": "", "account": "oskelund-foods", "alert": "alert-osk"}
    made = door.sign_in(MARA).post("/tasks", data=data)
    assert "Ask why nobody comes any more" in text_of(door.sign_in(MARA).get(made.location))


def test_snoozed_and_woken(door: Door) -> None:
    mara = door.sign_in(MARA)
    assert mara.post(f"{TASK}/snooze", data={"snooze-until": "2026-12-01"}).status_code == 422
    both = text_of(mara.post(f"{TASK}/snooze", data={"snooze-until": "2026-11-20"}))
    assert "Choose a day from tomorrow on" in both
    assert "Give a reason" in both
    said = {"snooze-until": "2026-12-01", "snooze-reason": "After their fair"}
    mara.post(f"{TASK}/snooze", data=said)
    assert "After their fair" in text_of(mara.get("/tasks?tab=snoozed"))
    mara.post(f"{TASK}/waking")
    assert "One task is overdue." in text_of(mara.get("/tasks"))


def test_each_act_stands_in_the_audit_log(door: Door) -> None:
    door.sign_in(MARA).post(f"{TASK}/completion")
    with door.world.database.session(system_scope(NOW, "test")) as session:
        entry = session.query(AuditEntry).filter_by(action="task.complete").one()
    assert (entry.actor, entry.object_key) == (MARA, "task-osk")


def test_as_a_file(door: Door) -> None:
    lines = door.sign_in(MARA).get("/tasks/tasks.csv?tab=overdue").text.splitlines()
    assert lines[1].startswith("Call them,oskelund-foods,Oskelund Foods,call,Mara Quill,2026-11-02")


def test_a_day_that_a_task_has_already_stays_with_it(door: Door) -> None:
    long_ago = date(2025, 1, 2)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(Task).where(Task.key == "task-osk").values(due_on=long_ago))
        session.commit()
    mara = door.sign_in(MARA)
    kept = mara.post(TASK, data={**FORM, "due_on": long_ago.isoformat()})
    assert kept.status_code == 302
    assert mara.post(TASK, data={**FORM, "due_on": "2025-01-03"}).status_code == 422
