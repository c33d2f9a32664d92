from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from portal.db import Database
from portal.domain.early_warning import Rule
from portal.domain.lifecycle import Stage
from portal.models import Account, Alert, Task
from portal.services.alerts import due_accounts, evaluate_accounts
from tests.blueprints.usage import counted
from tests.services.alerts.nights import (
    EVERYBODY,
    after,
    alerts,
    busy,
    day,
    night,
    only,
    tasks,
    tune,
)
from tests.world import MARA, OSKELUND, QUILLON, World, build_world


@pytest.fixture
def cast(database: Database) -> World:
    """People of Oskelund work for two weeks, then nobody does. Quillon was never heard of."""
    world = build_world(database)
    only(database, Rule.SILENCE, persons=5)
    busy(database, range(14))
    return world


# The last event is on Sunday, day 13; the fifth workday without one is the Friday.
SILENT = 18


def test_an_alert_opens_once_with_a_task_for_the_lead(cast: World) -> None:
    database = cast.database
    assert night(database, SILENT - 1) == 0
    assert night(database, SILENT) == 1
    assert [night(database, SILENT + more) for more in (1, 2, 3)] == [0, 0, 0]
    (alert,) = alerts(database)
    assert (alert.account_id, alert.rule) == (cast.accounts[OSKELUND.key], Rule.SILENCE)
    assert (alert.opened_on, alert.last_seen_on) == (day(SILENT), day(SILENT + 3))
    assert (alert.opening["numbers"], alert.latest["numbers"]) == (
        {"workdays": 5, "days": 5, "provisioned": 6},
        {"workdays": 6, "days": 8, "provisioned": 6},
    )
    # Six persons once a day: on five days of the week, on all seven, on its first two.
    assert alert.opening["measure"] == "week_events"
    assert [value for _day, value in alert.opening["points"]][-3:] == [30, 42, 12]
    (task,) = tasks(database)
    assert (task.owner_id, task.alert_id, task.kind) == (cast.users[MARA][0], alert.id, "call")
    assert task.due_on == day(SILENT + 3)  # the Monday after


def test_a_second_look_at_the_same_day_changes_nothing(cast: World) -> None:
    night(cast.database, SILENT)
    with cast.database.session(after(SILENT)) as session:
        assert due_accounts(session) == []
    with cast.database.session(after(SILENT), writes=True) as session:
        assert evaluate_accounts(session, list(cast.accounts.values())) == 0
    assert len(alerts(cast.database)) == 1


def test_it_closes_itself_and_takes_an_untouched_task_along(cast: World) -> None:
    database = cast.database
    night(database, SILENT)
    busy(database, [SILENT + 2, SILENT + 3])
    night(database, SILENT + 2)
    assert alerts(database)[0].closed_on is None
    night(database, SILENT + 3)
    (alert,) = alerts(database)
    assert (alert.closed_on, alert.over_on, alert.ended) == (
        day(SILENT + 3),
        day(SILENT + 3),
        "recovered",
    )
    (task,) = tasks(database)
    assert task.dropped
    assert task.done_at is not None


def test_a_task_that_somebody_touched_stays(cast: World) -> None:
    database = cast.database
    night(database, SILENT)
    with database.session(after(SILENT), writes=True) as session:
        session.execute(update(Task).values(touched_at=after(SILENT).now))
        session.commit()
    busy(database, range(SILENT + 1, SILENT + 5))
    night(database, SILENT + 4)
    assert alerts(database)[0].closed_on is not None
    assert tasks(database)[0].done_at is None


def test_late_events_close_what_should_not_have_opened(cast: World) -> None:
    database = cast.database
    night(database, SILENT)
    busy(database, [SILENT - 2])
    night(database, SILENT)
    (alert,) = alerts(database)
    assert (alert.ended, alert.over_on) == ("late", day(SILENT))
    assert tasks(database)[0].dropped


def test_late_events_take_back_what_was_opened_days_ago(cast: World) -> None:
    database = cast.database
    for more in range(4):
        night(database, SILENT + more)
    busy(database, [SILENT - 2], persons=[1])
    night(database, SILENT + 3)
    (alert,) = alerts(database)
    assert (alert.ended, alert.over_on) == ("late", day(SILENT + 3))
    assert tasks(database)[0].dropped
    # From the Wednesday on it is silent for five workdays again by the Wednesday after.
    assert [night(database, SILENT + more) for more in (4, 5)] == [0, 1]


def test_late_events_that_come_with_the_next_day_do_so_too(cast: World) -> None:
    night(cast.database, SILENT)
    busy(cast.database, [SILENT - 2], persons=[1])
    night(cast.database, SILENT + 3)
    assert [one.ended for one in alerts(cast.database)] == ["late"]


def test_an_alert_that_would_only_have_opened_later_stays(cast: World) -> None:
    """An event of Monday: silent by the Monday after, which is over by now."""
    night(cast.database, SILENT)
    night(cast.database, SILENT + 3)
    busy(cast.database, [SILENT - 4], persons=[1])
    night(cast.database, SILENT + 3)
    (alert,) = alerts(cast.database)
    assert alert.over_on is None


def test_what_was_opened_before_the_days_looked_at_again_stays(cast: World) -> None:
    """Its own days are as they were, whatever comes late since."""
    night(cast.database, SILENT)
    night(cast.database, SILENT + 36)
    busy(cast.database, [SILENT + 20], persons=[1])
    night(cast.database, SILENT + 36)
    assert "late" not in {one.ended for one in alerts(cast.database)}


def test_events_of_today_have_no_finished_day_looked_at_again(cast: World) -> None:
    night(cast.database, SILENT)
    busy(cast.database, [SILENT + 1])
    night(cast.database, SILENT)
    assert alerts(cast.database)[0].closed_on is None
    with cast.database.session(after(SILENT)) as session:
        assert due_accounts(session) == []


def test_nights_without_a_worker_are_made_up_for(cast: World) -> None:
    database = cast.database
    night(database, 15)
    busy(database, range(25, 40))
    night(database, 39)
    (alert,) = alerts(database)
    assert (alert.opened_on, alert.over_on) == (day(SILENT), day(26))


def test_closed_by_hand_it_stays_closed_as_long_as_the_episode_lasts(cast: World) -> None:
    database = cast.database
    night(database, SILENT)
    with database.session(after(SILENT), writes=True) as session:
        session.execute(update(Alert).values(closed_on=day(SILENT), ended="hand"))
        session.commit()
    assert sum(night(database, SILENT + more) for more in range(1, 15)) == 0
    busy(database, range(SILENT + 15, SILENT + 20))
    assert sum(night(database, SILENT + more) for more in range(15, 30)) == 1
    first, second = alerts(database)
    assert (first.ended, first.over_on) == ("hand", day(SILENT + 16))
    assert second.over_on is None


def test_a_rule_that_is_switched_off_closes_its_alerts(cast: World) -> None:
    database = cast.database
    night(database, SILENT)
    tune(database, Rule.SILENCE, on=False)
    night(database, SILENT + 1)
    assert alerts(database)[0].ended == "off"


def test_a_churned_account_is_left_alone(cast: World) -> None:
    with cast.database.session(after(0), writes=True) as session:
        session.execute(update(Account).values(stage=Stage.CHURNED))
        session.commit()
    assert night(cast.database, SILENT) == 0


def test_the_closest_setting_counts(cast: World) -> None:
    """Oskelund is strategic: its segment's own bar is nine workdays."""
    tune(cast.database, Rule.SILENCE, workdays=9, segment="strategic")
    assert sum(night(cast.database, count) for count in range(SILENT, SILENT + 5)) == 0
    assert night(cast.database, SILENT + 6) == 1


def test_of_each_rule_one_episode_goes_on_at_most(cast: World) -> None:
    night(cast.database, SILENT)
    (alert,) = alerts(cast.database)
    second = Alert(
        account_id=alert.account_id,
        rule=alert.rule,
        gravity="high",
        opened_on=alert.opened_on,
        last_seen_on=alert.opened_on,
        created_at=alert.created_at,
        reference=0,
        opening={},
        latest={},
    )
    with cast.database.session(after(0), writes=True) as session:
        session.add(second)
        with pytest.raises(IntegrityError):
            session.commit()


def test_twice_as_many_accounts_take_no_more_questions(cast: World) -> None:
    database = cast.database
    oskelund, quillon = (cast.accounts[one.key] for one in (OSKELUND, QUILLON))
    night(database, 15)
    with counted(database) as one, database.session(after(16), writes=True) as session:
        evaluate_accounts(session, [oskelund])
    with counted(database) as two, database.session(after(17), writes=True) as session:
        evaluate_accounts(session, [oskelund, quillon])
    assert len(two) <= len(one) + 2  # the second account was not looked at on day 16
    assert len(one) < 30


def test_history_is_looked_at_from_its_beginning(cast: World) -> None:
    busy(cast.database, range(25, 41), persons=EVERYBODY)
    assert night(cast.database, 40, history=40) == 1
    (alert,) = alerts(cast.database)
    assert alert.opened_on == day(SILENT)
    assert alert.over_on == day(26)
    assert tasks(cast.database)[0].due_on == day(SILENT) + timedelta(days=3)
