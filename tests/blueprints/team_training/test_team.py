"""A champion asks people to take a course and sees how far they are."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal.models import Account, AuditEntry, OutboxMessage, Person, TrainingAssignee
from portal.services.training.assignments import remind
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.training.test_learning import COURSE, begin, sent
from tests.courses import RIGHT, SLUG, WRONG, load_course, write_course
from tests.world import ELIF, HENRIK, INGRID, JONAS, MARA, NOW, OSKELUND, PIA

TODAY = datetime.now(UTC).date()


@pytest.fixture
def teaching(door: Door, tmp_path: Path) -> Door:
    write_course(tmp_path, locales=("en", "zh-Hans"))
    load_course(door.world.database, tmp_path)
    return door


def assign(door: Door, **fields: object) -> int:
    data = {"course": SLUG, "team": "", "due_on": "", **fields}
    return door.sign_in(INGRID).post("/training/assignments", data=data).status_code


def told(door: Door) -> list[tuple[str, str]]:
    """(recipient, kind) of the mails that were asked for."""
    with door.world.database.session(system_scope(NOW, "test")) as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [
        (row.payload["recipient"], row.payload["values"]["kind"])
        for row in rows
        if row.payload.get("template") == "course_due"
    ]


def run_reminders(door: Door, days: int) -> None:
    """As the job does it, so many days from now."""
    now = datetime.now(UTC) + timedelta(days=days)
    with door.world.database.session(system_scope(now, "test"), writes=True) as session:
        remind(session, list(door.world.accounts.values()), lambda path: path)


def test_persons_are_asked_told_and_reminded_once_each(teaching: Door) -> None:
    due = TODAY + timedelta(days=10)
    keys = [teaching.world.keys[one] for one in (PIA, HENRIK)]
    assert assign(teaching, people=keys, due_on=due.isoformat()) == 302
    assert told(teaching) == [(PIA, "asked"), (HENRIK, "asked")] or told(teaching) == [
        (HENRIK, "asked"),
        (PIA, "asked"),
    ]
    pia = teaching.sign_in(PIA)
    assert "Your training" in pia.get("/").get_data(as_text=True)
    assert "Assigned to you" in pia.get("/courses").get_data(as_text=True)
    pia.post(begin(pia), data=sent(RIGHT))
    for days in (0, 1, 8, 8, 9, 11, 12, 40):
        run_reminders(teaching, days)
    assert told(teaching)[2:] == [(HENRIK, "soon"), (HENRIK, "late")]
    assert "Your training" not in pia.get("/").get_data(as_text=True)


def test_a_team_is_asked_and_who_joins_it_later(teaching: Door) -> None:
    join(teaching, PIA, "Quality")
    assert assign(teaching, team="Quality") == 302
    assert told(teaching) == [(PIA, "asked")]
    join(teaching, HENRIK, "Quality")
    run_reminders(teaching, 1)
    run_reminders(teaching, 2)
    assert told(teaching) == [(PIA, "asked"), (HENRIK, "asked")]


def join(door: Door, email: str, team: str) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        person = Person(
            account_id=door.world.accounts[OSKELUND.key],
            external_id=email,
            email=email.upper(),
            team=team,
            active_from=NOW.date(),
        )
        session.add(person)
        session.commit()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose somebody"),
        ({"team": "No such team"}, "Choose one of the list."),
        ({"people": ["no-such-key"]}, "Choose somebody"),
        ({"course": "two-levels"}, "Choose one of the list."),
        ({"people": [], "due_on": "2020-01-01"}, "Choose somebody"),
    ],
)
def test_what_cannot_be_is_refused(teaching: Door, fields: dict[str, object], said: str) -> None:
    data = {"course": SLUG, "team": "", "due_on": "", **fields}
    response = teaching.sign_in(INGRID).post("/training/assignments", data=data)
    assert response.status_code == 422
    assert said in response.get_data(as_text=True)


def test_a_day_that_is_over_is_refused(teaching: Door) -> None:
    yesterday = (TODAY - timedelta(days=2)).isoformat()
    assert assign(teaching, people=[teaching.world.keys[PIA]], due_on=yesterday) == 422


def test_nobody_of_another_account_can_be_asked(teaching: Door) -> None:
    assert assign(teaching, people=[teaching.world.keys[ELIF]]) == 422
    with teaching.world.database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(TrainingAssignee)).all() == []


def test_the_matrix_says_how_far_each_is(teaching: Door) -> None:
    pia, henrik = teaching.sign_in(PIA), teaching.sign_in(HENRIK)
    pia.post(begin(pia), data=sent(RIGHT))
    henrik.post(f"{COURSE}/lessons/find/completion")
    assign(teaching, people=[teaching.world.keys[INGRID]])
    page = teaching.sign_in(INGRID).get("/training").get_data(as_text=True)
    for words in ("finished", "under way", "1 of 2", "to do"):
        assert words in page
    vendors = teaching.sign_in(MARA).get(f"/accounts/{OSKELUND.key}/training")
    assert "Pia" in vendors.get_data(as_text=True)
    assert teaching.sign_in(JONAS).get(f"/accounts/{OSKELUND.key}/training").status_code == 404
    csv = teaching.sign_in(INGRID).get("/training.csv").get_data(as_text=True)
    assert f"{PIA},,{SLUG},finished,0/2,100,," in csv
    assert f"{HENRIK},,{SLUG},started,1/2,,," in csv
    assert f"{INGRID},,{SLUG},to-do,0/2,,," in csv


def test_sorting_by_what_is_finished(teaching: Door) -> None:
    pia = teaching.sign_in(PIA)
    pia.post(begin(pia), data=sent(RIGHT))
    ingrid = teaching.sign_in(INGRID)
    up = ingrid.get("/training?sort=finished").get_data(as_text=True)
    down = ingrid.get("/training?sort=finished&dir=desc").get_data(as_text=True)
    assert up.index("Henrik") < up.index("Pia")
    assert down.index("Pia") < down.index("Henrik")


def test_the_matrix_is_narrowed_and_the_file_is_whole(teaching: Door) -> None:
    pia, henrik = teaching.sign_in(PIA), teaching.sign_in(HENRIK)
    pia.post(begin(pia), data=sent(RIGHT))
    henrik.post(f"{COURSE}/lessons/find/completion")
    ingrid = teaching.sign_in(INGRID)
    shown = {
        "state=finished": {"Pia"},
        "state=started": {"Henrik"},
        f"state=started&course={SLUG}": {"Henrik"},
        "state=late": set(),
        "team=no-such": set(),
        "state=x": {"Pia", "Henrik"},
    }
    for asked, names in shown.items():
        page = ingrid.get(f"/training?{asked}").text
        rows = " ".join(re.findall(r'<th scope="row">([^<]*)', page))
        assert {one for one in ("Pia", "Henrik") if one in rows} == names, asked
        assert ("Nobody fits these filters" in page) == (not names), asked
    assert "state=finished&amp;sort=team" in ingrid.get("/training?state=finished").text
    assert {PIA, HENRIK} <= set(re.findall(r"[\w.]+@[\w.]+", ingrid.get("/training.csv").text))


def test_in_groups_nobody_is_named_and_few_are_not_counted(teaching: Door) -> None:
    pia = teaching.sign_in(PIA)
    pia.post(begin(pia), data=sent(RIGHT))
    with teaching.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(
            update(Account).where(Account.key == OSKELUND.key).values(people_shown="groups")
        )
        session.commit()
    for client, address in (
        (teaching.sign_in(INGRID), "/training"),
        (teaching.sign_in(MARA), f"/accounts/{OSKELUND.key}/training"),
    ):
        page = client.get(address).get_data(as_text=True)
        # Who may become an internal trainer is chosen by name; that says nothing of progress.
        page = re.sub(r"<option.*?</option>", "", page)
        assert "Pia" not in page
        assert "finished" not in page.lower().replace("begun</th>", "")
        assert "Pia" not in client.get(f"{address}.csv").get_data(as_text=True)


def test_one_more_attempt_is_given(teaching: Door) -> None:
    pia = teaching.sign_in(PIA)
    for _ in range(2):
        pia.post(begin(pia), data=sent(WRONG))
    key = teaching.world.keys[PIA]
    address = f"/training/people/{key}/courses/{SLUG}/attempt"
    assert teaching.sign_in(ELIF).post(address).status_code == 404
    ingrid, mara = teaching.sign_in(INGRID), teaching.sign_in(MARA)
    assert "No attempt left" in ingrid.get("/training").text
    ingrid.post(address, data={"reason": "  "})
    assert "Say why." in ingrid.get("/training").text
    ingrid.post(address, data={"reason": "She was ill."})
    assert "No attempt left" not in ingrid.get("/training").text
    pia.post(begin(pia), data=sent(WRONG))
    # Whoever looks after the account may give one, too.
    desk = f"/accounts/{OSKELUND.key}/training"
    assert f'action="{desk}/people/{key}/courses/{SLUG}/attempt"' in mara.get(desk).text
    mara.post(f"{desk}/people/{key}/courses/{SLUG}/attempt", data={"reason": "The wait was new."})
    with teaching.world.database.session(system_scope(NOW, "test")) as session:
        wanted = select(AuditEntry.details).where(AuditEntry.action == "quiz.attempt-given")
        reasons = [str(one["reason"]) for one in session.scalars(wanted)]
    assert reasons == ["She was ill.", "The wait was new."]
    pia.post(begin(pia), data=sent(RIGHT))
    assert "See your certificate" in pia.get(COURSE).get_data(as_text=True)


def test_internal_trainers_are_named_seen_by_the_vendor_and_removed(teaching: Door) -> None:
    ingrid, key = teaching.sign_in(INGRID), teaching.world.keys[PIA]
    for topic in ("Approvals", "Approval  chains"):
        ingrid.post("/training/trainers", data={"person": key, "topic": topic})
    vendors = f"/accounts/{OSKELUND.key}/training"
    assert "Approval chains" in teaching.sign_in(MARA).get(vendors).get_data(as_text=True)
    stranger = {"person": teaching.world.keys[ELIF], "topic": "Everything"}
    ingrid.post("/training/trainers", data=stranger)
    assert "Everything" not in ingrid.get("/training").get_data(as_text=True)
    assert teaching.sign_in(ELIF).post(f"/training/trainers/{key}/removal").status_code == 404
    assert ingrid.post(f"/training/trainers/{key}/removal").status_code == 302
    assert "Approval chains" not in ingrid.get("/training").get_data(as_text=True)
