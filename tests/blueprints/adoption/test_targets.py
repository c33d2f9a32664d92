"""/adoption/targets: set by the vendor's side, seen by the champion; and the peers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.domain.volumes import Pushed
from portal.models import MetricTarget, PeerMedian
from portal.services.adoption import show_adoption
from portal.services.targets import people_of_one_day
from portal.services.volumes import push_volumes
from portal.tenancy import system_scope
from portal.web.adoption.quantities import amount
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, work
from tests.courses import load_course
from tests.hub import write_text
from tests.world import ELIF, INGRID, JONAS, LAST_DAY, MARA, NOW, OSKELUND, PIA, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
DESK = f"/accounts/{OSKELUND.key}/adoption/targets"
DUE = LAST_DAY + timedelta(days=100)


@pytest.fixture
def busy(door: Door) -> Door:
    """Three of Oskelund's six persons worked, a fourth lately."""
    work(door.world.database, OSKELUND, [1, 2, 3], days_back(*range(70)))
    return door


def ask(door: Door, who: str = MARA, **typed: object) -> tuple[int, str]:
    form = {"metric": "login_ratio_30d", "goal": "80", "due": DUE.isoformat(), **typed}
    answer = door.sign_in(who).post(DESK, data=form)
    return answer.status_code, answer.text


def targets(door: Door) -> list[MetricTarget]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return list(session.scalars(select(MetricTarget)))


def test_mara_sets_a_target_and_ingrid_sees_it(busy: Door) -> None:
    assert ask(busy)[0] == 302
    (target,) = targets(busy)
    assert (target.goal, target.start, target.due, target.set_on) == (0.8, 0.5, DUE, LAST_DAY)
    for reader, address in ((INGRID, "/adoption/targets"), (MARA, DESK)):
        page = busy.sign_in(reader).get(address)
        said = text_of(page).replace("\xa0", " ")
        assert "1 of 1 target is reached or on the way." in said
        assert "50 % now, 80 % by 28 February 2027." in said
        assert "Set at 50 % on 20 November 2026 by Mara" in said
    assert "Set a target" not in text_of(busy.sign_in(INGRID).get("/adoption/targets"))


@pytest.mark.parametrize(
    ("metric", "goal", "start", "said"),
    [
        ("wau", "5", 3.0, "Active people, 7 days"),
        ("dau", "4", 3.0, "Active people, one day"),
        ("login_ratio_7d", "90", 0.5, "Login ratio, 7 days"),
        ("integration_calls", "1000", 0.0, "Integration calls"),
    ],
)
def test_targets_of_the_week_the_day_and_the_calls(
    busy: Door, metric: str, goal: str, start: float, said: str
) -> None:
    assert ask(busy, metric=metric, goal=goal)[0] == 302
    (target,) = targets(busy)
    assert (target.metric, target.start) == (metric, start)
    page = busy.sign_in(INGRID).get("/adoption/targets")
    assert said in text_of(page)
    assert f'id="define-{metric}"' in page.text
    timeline = text_of(busy.sign_in(MARA).get(f"/accounts/{OSKELUND.key}/timeline"))
    assert f"{said}: " in timeline


def test_a_target_of_business_volume(busy: Door) -> None:
    items = [
        Pushed(f"{day}", "orders", day, Decimal("2.5"), name_en="Orders", unit="pcs")
        for day in days_back(*range(20))
    ]
    with busy.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        push_volumes(session, OSKELUND.key, items)
    assert "Orders (pcs)" in busy.sign_in(MARA).get(f"{DESK}/new").text
    assert ask(busy, metric="volume:hours")[0] == 422
    assert ask(busy, metric="volume:orders", goal="60.5")[0] == 302
    said = text_of(busy.sign_in(INGRID).get("/adoption/targets"))
    assert "50 now, 60.5 by 28 February 2027." in said.replace("\xa0", " ")
    assert "Orders (pcs)" in said
    (target,) = targets(busy)
    assert 'value="60.5"' in busy.sign_in(MARA).get(f"{DESK}/{target.key}").text
    timeline = text_of(busy.sign_in(MARA).get(f"/accounts/{OSKELUND.key}/timeline"))
    assert "Orders: 60.5 by 28" in timeline.replace("\xa0", " ")


def test_a_target_that_falls_behind_says_how_much_by_when(busy: Door) -> None:
    ask(busy)
    with busy.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        target = session.scalars(select(MetricTarget)).one()
        target.set_on, target.start = LAST_DAY - timedelta(days=50), 0.4
        target.due = LAST_DAY + timedelta(days=50)
        session.commit()
    said = text_of(busy.sign_in(INGRID).get("/adoption/targets")).replace("\xa0", " ")
    assert "0 of 1 target is reached or on the way." in said
    assert "The line is at 60 % today. At this pace it will be 60 % by then." in said


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"goal": ""}, 422, "Give a number, such as 80."),
        ({"goal": "many"}, 422, "Write a number, such as 12.5."),
        ({"goal": "0"}, 422, "Choose a value above 0, 100 % at most."),
        ({"goal": "101"}, 422, "Choose a value above 0"),
        ({"goal": "nan"}, 422, "Choose a value above 0"),
        ({"goal": "1e400"}, 422, "Choose a value above 0"),
        ({"due": ""}, 422, "Choose a day, such as"),
        ({"due": "2026-11-20"}, 422, "Choose a day from 21 November 2026 to 24 November 2031."),
        ({"due": "9999-12-31"}, 422, "Choose a day from 21 November 2026 to 24 November 2031."),
        ({"metric": "age"}, 422, "Choose one of the list."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    busy: Door, typed: dict[str, str], status: int, said: str
) -> None:
    answered, page = ask(busy, **typed)
    assert answered == status
    assert said in page.replace("\xa0", " ")
    assert targets(busy) == []
    kept = {"goal": "80", **typed}["goal"]
    assert f'value="{kept}"' in page or kept in {"", "many", "nan", "1e400", "0", "101"}


def test_value_and_day_that_are_both_wrong_are_both_named(busy: Door) -> None:
    below, past = "Choose a value above 0", "Choose a day from 21 November 2026"
    for goal, said in (("0", below), ("", "Give a number"), ("many", "Write a number")):
        _status, page = ask(busy, goal=goal, due="2026-11-20")
        assert said in page
        assert past in page.replace("\xa0", " ")
    ask(busy)
    wrong = {"goal": "200", "due": "2026-11-20"}
    page = busy.sign_in(MARA).post(f"{DESK}/{targets(busy)[0].key}", data=wrong).text
    assert below in page
    assert past in page.replace("\xa0", " ")
    assert [one.goal for one in targets(busy)] == [0.8]


def test_a_second_target_of_a_figure_is_refused(busy: Door) -> None:
    ask(busy)
    status, page = ask(busy, goal="90")
    assert status == 409
    assert "This figure has a target already" in page


def test_it_is_changed_and_removed(busy: Door) -> None:
    ask(busy)
    key, mara = targets(busy)[0].key, busy.sign_in(MARA)
    form = mara.get(f"{DESK}/{key}").text
    assert 'value="80.0"' in form
    wrong = mara.post(f"{DESK}/{key}", data={"goal": "200", "due": DUE.isoformat()})
    assert wrong.status_code == 422
    assert 'value="200' in wrong.text
    mara.post(f"{DESK}/{key}", data={"goal": "90", "due": DUE.isoformat()})
    assert [one.goal for one in targets(busy)] == [0.9]
    page = mara.get(DESK).text
    assert "data-confirm=" in page
    assert mara.post(f"{DESK}/{key}/removal").status_code == 302
    assert targets(busy) == []


def test_only_the_vendor_s_side_sets_and_only_within_reach(busy: Door) -> None:
    assert ask(busy, INGRID)[0] == 403
    assert ask(busy, PIA)[0] == 403
    assert ask(busy, JONAS)[0] == 404
    ask(busy)
    key = targets(busy)[0].key
    jonas, elsewhere = busy.sign_in(JONAS), f"/accounts/{QUILLON.key}/adoption/targets/{key}"
    assert jonas.get(elsewhere).status_code == 404
    assert jonas.post(f"{elsewhere}/removal").status_code == 404
    assert "80 % by" not in text_of(busy.sign_in(ELIF).get("/adoption/targets"))
    assert busy.sign_in(PIA).get("/adoption/targets").status_code == 403


def test_peers_stand_beside_the_own_figures(busy: Door) -> None:
    said = text_of(busy.sign_in(INGRID).get("/adoption/targets"))
    assert "at least five others are needed" in said
    with busy.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        for account in busy.world.accounts.values():
            session.add(
                PeerMedian(
                    account_id=account,
                    metric="login_ratio_30d",
                    day=date(2026, 11, 20),
                    median=0.61 if account == busy.world.accounts[OSKELUND.key] else 0.37,
                    others=5,
                )
            )
        session.commit()
    said = text_of(busy.sign_in(INGRID).get("/adoption/targets")).replace("\xa0", " ")
    assert "61 % at least 5 others" in said
    assert "37 %" not in said


def test_it_is_kept_until_something_changes(busy: Door) -> None:
    ingrid = busy.sign_in(INGRID)
    again = {"If-None-Match": ingrid.get("/adoption/targets").headers["ETag"]}
    assert ingrid.get("/adoption/targets", headers=again).status_code == 304
    ask(busy)
    assert ingrid.get("/adoption/targets", headers=again).status_code == 200


def test_more_targets_of_the_days_ask_no_more(busy: Door) -> None:
    ingrid = busy.sign_in(INGRID)
    ask(busy)
    ingrid.get("/adoption/targets")
    with counted(busy.world.database) as one:
        ingrid.get("/adoption/targets")
    ask(busy, metric="mau", goal="5")
    ask(busy, metric="stickiness")
    with counted(busy.world.database) as three:
        ingrid.get("/adoption/targets")
    assert len(three) == len(one)


def test_the_overview_says_what_to_do_next(busy: Door, tmp_path: Path) -> None:
    for reader, page in ((INGRID, "/adoption"), (MARA, f"/accounts/{OSKELUND.key}/adoption")):
        client = busy.sign_in(reader)
        assert f'data-part="{page}/steps"' in client.get(page).text
        assert client.get(f"{page}/steps").text.strip() == ""
    folder = tmp_path / "content"
    write_text(folder, "reports", "customers", features="[scheduled-reports]")
    load_course(busy.world.database, folder)
    for reader, page in ((INGRID, "/adoption"), (MARA, f"/accounts/{OSKELUND.key}/adoption")):
        part = busy.sign_in(reader).get(f"{page}/steps")
        said = text_of(part)
        assert "What to do next Penguin reports Scheduled reports waits for a first user." in said


def test_the_figure_of_one_day_is_a_workday_s_against_the_same_day_of_the_week(door: Door) -> None:
    """On weekdays four work, at weekends one: a Sunday says nothing of how it goes."""
    run = days_back(*range(70))
    work(door.world.database, OSKELUND, [1], run)
    work(door.world.database, OSKELUND, [2, 3, 4], [day for day in run if day.weekday() < 5])
    sunday = LAST_DAY - timedelta(days=5)
    with door.world.database.session(system_scope(NOW, "test")) as session:
        now, earlier = (
            show_adoption(session, OSKELUND.key, sunday - timedelta(days=back)) for back in (0, 30)
        )
        assert (sunday.weekday(), now.dau) == (6, 1)
        found = people_of_one_day(session, now, earlier)
        assert (found.day, found.people) == (sunday - timedelta(days=2), 4)
        assert (found.before, found.people_before) == (sunday - timedelta(days=30), 4)
        young = replace(now, coverage_days=10), replace(earlier, coverage_days=0)
        assert people_of_one_day(session, *young).people_before is None
    said = text_of(door.sign_in(INGRID).get("/adoption/targets"))
    assert "Friday 20 November, against Friday 23 October" in said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("3708.61", "3,709"),
        ("100", "100"),
        ("60.55", "60.6"),
        ("2.254", "2.25"),
        ("-3708.61", "−3,709"),
        ("0", "0"),
    ],
)
def test_sums_have_no_more_decimals_than_are_read(door: Door, value: str, said: str) -> None:
    with door.app.test_request_context():
        assert amount(Decimal(value)) == said
        assert amount(float(value)) == said
