"""Alerts, their replay and the daily mail."""

from datetime import timedelta

from sqlalchemy import select

from portal.models import (
    Account,
    Alert,
    AlertReplay,
    Mail,
    Person,
    Task,
)
from portal.services.jobs import enqueue
from tests.jobs import workers
from tests.jobs.scenarios.place import Place, Scenario
from tests.moments import NOON, at
from tests.world import MARA, OSKELUND, build_world


def ask_to_evaluate(place: Place, turn: int) -> None:
    """An account more, whose people have not begun weeks after its go-live."""
    with at(place.database) as session:
        account = Account(
            key=f"oskelund-{turn}",
            name="Oskelund Foods",
            go_live=workers.MONDAY.date() - timedelta(days=40),
            created_at=NOON,
        )
        session.add(account)
        session.flush()
        since = account.go_live
        session.add_all(
            Person(account_id=account.id, external_id=f"u{number}", active_from=since)
            for number in range(5)
        )
        enqueue(session, "alerts.evaluate", {})
        session.commit()


def check_evaluated(place: Place, turn: int) -> None:
    with at(place.database) as session:
        alerts = session.execute(select(Alert.rule, Alert.account_id)).all()
        tasks = session.scalars(select(Task.account_id)).all()
    assert [alert.rule for alert in alerts] == ["onboarding"] * (turn + 1)
    assert sorted(alert.account_id for alert in alerts) == sorted(tasks)
    assert len(set(tasks)) == turn + 1


def ask_for_replay(place: Place, turn: int) -> None:
    with at(place.database) as session:
        key = f"replay-{turn}"
        replay = AlertReplay(
            key=key, rule="silence", parameters={}, days=30, asked_at=NOON, raised={}
        )
        session.add(replay)
        enqueue(session, "alerts.replay", {"key": key})
        session.commit()


def check_replay(place: Place, turn: int) -> None:
    with at(place.database) as session:
        answers = session.scalars(select(AlertReplay.answered_at)).all()
    assert len(answers) == turn + 1
    assert all(answers)


def ask_for_daily_mail(place: Place, turn: int) -> None:
    """Mara's task is overdue on a Monday: one mail a day, however often it is asked for."""
    if turn == 0:
        world = build_world(place.database)
    with at(place.database) as session:
        if turn == 0:
            task = Task(
                account_id=world.accounts[OSKELUND.key],
                owner_id=world.users[MARA][0],
                kind="call",
                title="Call them",
                due_on=NOON.date(),
                created_at=NOON,
            )
            session.add(task)
        enqueue(session, "alerts.daily-mail", {})
        session.commit()


def check_daily_mail(place: Place, _turn: int) -> None:
    with at(place.database) as session:
        assert session.scalars(select(Mail.recipient)).all() == [MARA]


SCENARIOS = {
    "alerts.daily-mail": Scenario(ask_for_daily_mail, check_daily_mail),
    "alerts.replay": Scenario(ask_for_replay, check_replay),
    "alerts.evaluate": Scenario(ask_to_evaluate, check_evaluated),
}
