"""The fold, and what is done with its days afterwards."""

from datetime import date, timedelta

from sqlalchemy import select, update

from portal.domain.event_rules import make_rule
from portal.models import (
    Account,
    EventRule,
    Feature,
    Mail,
    Notice,
    UsageAccount,
    UsageDay,
)
from portal.services.catalogue.rules import add_rule, list_rules, remove_rule
from portal.services.ingest import accept_lines
from portal.services.jobs import enqueue
from portal.usage.event_rules import read_resolver
from portal.usage.floods import FLOODED, announce_floods
from portal.usage.fold import fold_pending
from portal.usage.queries import EARLIEST, read_account_days, read_name_days
from portal.usage.refold import refold_state
from tests.jobs import workers
from tests.jobs.scenarios.place import Place, Scenario
from tests.moments import NOON, at
from tests.world import ADMIN, OSKELUND, build_world

EVENTS = 40
DAY = date(2026, 3, 2)


def ask_for_fold(place: Place, turn: int) -> None:
    send_events(place, turn)
    with at(place.database) as session:
        enqueue(session, "usage.fold", {})
        session.commit()


def fold_events(place: Place, turn: int, day: date = DAY) -> None:
    """What has been folded when the job at hand is asked for."""
    send_events(place, turn, day)
    fold_pending(place.database, workers.MONDAY)


def send_events(place: Place, turn: int, day: date = DAY) -> None:
    line = (
        '{{"type":"track","event":"Route planned","userId":"u1","messageId":"m{}-{}",'
        '"timestamp":"{}T09:{:02}:00Z","context":{{"groupId":"oskelund"}}}}'
    )
    lines = [line.format(turn, number, day, number).encode() for number in range(EVENTS)]
    with at(place.database) as session:
        if turn == 0:
            session.add(Account(key="oskelund", name="Oskelund Foods", created_at=NOON))
            session.commit()
        assert sum(receipt.accepted for receipt in accept_lines(session, lines)) == EVENTS


def check_fold(place: Place, turn: int) -> None:
    with at(place.database) as session:
        assert session.scalars(select(UsageAccount.events)).all() == [EVENTS * (turn + 1)]


def ask_to_seal(place: Place, turn: int) -> None:
    """Late events of the same day each turn: what is sealed is laid open and sealed again."""
    fold_events(place, turn)
    with at(place.database) as session:
        enqueue(session, "usage.seal", {})
        session.commit()


def check_sealed(place: Place, turn: int) -> None:
    with at(place.database) as session:
        assert session.scalars(select(UsageDay.events)).all() == []
        found = read_account_days(session, None, date(2026, 1, 1), date(2026, 12, 31))
    assert [row.events for row in found] == [EVENTS * (turn + 1)]


def ask_to_follow_a_zone(place: Place, turn: int) -> None:
    if turn == 0:
        fold_events(place, 0)
    with at(place.database) as session:
        zone = "Asia/Taipei" if turn % 2 else "America/New_York"
        session.execute(update(Account).values(time_zone=zone))
        enqueue(session, "usage.follow-zones", {})
        session.commit()


def check_zone(place: Place, _turn: int) -> None:
    with at(place.database) as session:
        (zone,) = session.scalars(select(Account.time_zone)).all()
        (known,) = session.execute(select(UsageAccount.time_zone, UsageAccount.events)).all()
    assert tuple(known) == (zone, EVENTS)


def ask_to_count_again(place: Place, turn: int) -> None:
    """A new condition each turn, which half of the events meet."""
    if turn == 0:
        line = (
            '{{"type":"track","event":"Route planned","userId":"u{1}","messageId":"{0}-{1}",'
            '"timestamp":"2026-03-02T09:00:00Z","context":{{"groupId":"route-{0}"}},'
            '"properties":{{"half":"{2}"}}}}'
        )
        with at(place.database) as session:
            for company in range(3):
                key = f"route-{company}"
                session.add(Account(key=key, name=key, created_at=NOON))
            session.add(Feature(key="routes", name_en="Routes"))
            session.commit()
            texts = [line.format(at, of, of % 2).encode() for at in range(3) for of in range(10)]
            assert sum(one.accepted for one in accept_lines(session, texts)) == len(texts)
        fold_pending(place.database, NOON)
    with at(place.database) as session:
        if turn:
            (old,) = list_rules(session, "routes")
            remove_rule(session, old.key)
        add_rule(session, "routes", make_rule("Route*", "half", str(turn % 2)))


def check_counted_again(place: Place, _turn: int) -> None:
    with at(place.database) as session:
        assert all(session.scalars(select(EventRule.ready)))
        assert refold_state(session) is None
        resolver = read_resolver(session)
        days = read_name_days(session, None, EARLIEST, NOON.date())
        counted = [row for row in days if resolver.feature_of(row.name) is not None]
    assert [row.events for row in counted] == [5, 5, 5]
    assert len({row.account for row in counted}) == 3


def ask_of_flood(place: Place, turn: int) -> None:
    """Each turn is another day."""
    if turn == 0:
        build_world(place.database)
    with at(place.database) as session:
        account_id = session.scalars(select(Account.id).where(Account.key == OSKELUND.key)).one()
        announce_floods(session, [account_id], NOON + timedelta(days=turn))
        announce_floods(session, [account_id], NOON + timedelta(days=turn, minutes=1))
        session.commit()


def check_flood(place: Place, turn: int) -> None:
    """The administrator is told once a day, under the bell and by mail."""
    with at(place.database) as session:
        assert session.scalars(select(Notice.kind)).all() == ["flooded"] * (turn + 1)
        assert list(session.scalars(select(Mail.recipient))) == [ADMIN] * (turn + 1)


SCENARIOS = {
    FLOODED: Scenario(ask_of_flood, check_flood),
    "usage.fold": Scenario(ask_for_fold, check_fold),
    "usage.refold": Scenario(ask_to_count_again, check_counted_again),
    "usage.seal": Scenario(ask_to_seal, check_sealed),
    "usage.follow-zones": Scenario(ask_to_follow_a_zone, check_zone),
}
