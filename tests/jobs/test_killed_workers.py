"""Real worker processes: none takes another's job, and a killed one leaves each effect once.

Every kind of job has a scenario here. Its worker is killed just before each of its commits in
turn (relay, claim, every commit of the handler, the end), then another finishes the work.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from portal.config import Settings
from portal.db import Database
from portal.domain.event_rules import make_rule
from portal.jobs.attempt import DIED
from portal.jobs.registry import known_kinds
from portal.models import (
    Account,
    AccountSnapshot,
    Alert,
    AlertReplay,
    AuditEntry,
    EventRule,
    Feature,
    HealthDay,
    Mail,
    PeerMedian,
    Person,
    RateBucket,
    Task,
    UsageAccount,
    UsageDay,
    UsageLog,
    UsageRun,
    Vendor,
)
from portal.search import Engine
from portal.services.catalogue.rules import add_rule, list_rules, remove_rule
from portal.services.ingest import accept_lines
from portal.services.jobs import dead_letters, enqueue
from portal.services.knowledge_texts import publish
from portal.services.mail import queue_mail
from portal.services.person_data import erase_person
from portal.services.search import FOLDER
from portal.usage.comparison import compare_with_log
from portal.usage.event_rules import read_resolver
from portal.usage.fold import fold_pending
from portal.usage.log_rows import PACK, read_log_rows
from portal.usage.queries import EARLIEST, read_account_days, read_name_days
from portal.usage.reading import unpack
from portal.usage.refold import refold_state
from portal.worker import utc_now
from tests.jobs import workers
from tests.moments import NOON, at
from tests.smtp import Post, smtp_server
from tests.world import MARA, OSKELUND, build_world

pytestmark = pytest.mark.processes
EVENTS = 40


@dataclass(frozen=True)
class Scenario:
    """Both are told the turn, from 0: turns follow each other in one place."""

    ask: Callable[["Place", int], None]
    check: Callable[["Place", int], None]


@dataclass(frozen=True)
class Place:
    database: Database
    post: Post
    data_dir: Path

    @property
    def settings(self) -> Settings:
        return workers.settings_for(self.database.url, self.post.url, str(self.data_dir))


def ask_for_mail(place: Place, turn: int) -> None:
    with at(place.database) as session:
        queue_mail(
            session,
            recipient="ingrid@oskelund.example",
            locale="en",
            template="password_reset",
            values={"name": "", "link": "https://success.example/r", "minutes": 60},
            idempotency_key=f"reset:{turn}",
        )
        session.commit()


def check_mail(place: Place, turn: int) -> None:
    with at(place.database) as session:
        mails = session.scalars(select(Mail)).all()
        assert len(mails) == turn + 1
        assert all(mail.sent_at for mail in mails)
    # SMTP has no exactly-once: a kill between its yes and our note doubles, recognisably.
    arrived = Counter(str(message["Message-ID"]) for message in place.post.accepted)
    assert len(arrived) == turn + 1
    assert max(arrived.values()) <= 2


def ask_for_fold(place: Place, turn: int) -> None:
    line = (
        '{{"type":"track","event":"Route planned","userId":"u1","messageId":"m{}-{}",'
        '"timestamp":"2026-03-02T09:{:02}:00Z","context":{{"groupId":"oskelund"}}}}'
    )
    lines = [line.format(turn, number, number).encode() for number in range(EVENTS)]
    with at(place.database) as session:
        if turn == 0:
            session.add(Account(key="oskelund", name="Oskelund Foods", created_at=NOON))
            session.commit()
        assert sum(receipt.accepted for receipt in accept_lines(session, lines)) == EVENTS
        enqueue(session, "usage.fold", {})
        session.commit()


def check_fold(place: Place, turn: int) -> None:
    with at(place.database) as session:
        assert session.scalars(select(UsageAccount.events)).all() == [EVENTS * (turn + 1)]


def ask_to_seal(place: Place, turn: int) -> None:
    """Late events of the same day each turn: what is sealed is laid open and sealed again."""
    ask_for_fold(place, turn)
    finish(place)
    with at(place.database) as session:
        enqueue(session, "usage.seal", {})
        session.commit()


def check_sealed(place: Place, turn: int) -> None:
    with at(place.database) as session:
        assert session.scalars(select(UsageDay.events)).all() == []
        found = read_account_days(session, None, date(2026, 1, 1), date(2026, 12, 31))
    assert [row.events for row in found] == [EVENTS * (turn + 1)]


def ask_to_pack(place: Place, turn: int) -> None:
    ask_for_fold(place, turn)
    finish(place)
    with at(place.database) as session:
        enqueue(session, "usage.compact", {})
        session.commit()


def check_packed(place: Place, turn: int) -> None:
    with at(place.database) as session:
        assert set(session.scalars(select(UsageLog.kind))) == {PACK}
        found = [row.messages for some in read_log_rows(session, 0, 2**40) for row in some]
    assert found == [EVENTS] * (turn + 1)
    assert compare_with_log(place.database, NOON).differences == []


def ask_to_retain(place: Place, turn: int) -> None:
    ask_for_fold(place, turn)
    finish(place)
    with at(place.database) as session:
        session.merge(Vendor(id=1, raw_days=14))
        enqueue(session, "usage.retain", {})
        session.commit()


def check_retained(place: Place, turn: int) -> None:
    """The rows are of a day in March 2026; nobody joined anything."""
    with at(place.database) as session:
        assert session.scalars(select(UsageLog.messages)).all() == [0]
        assert session.scalars(select(UsageDay.events)).all() == [EVENTS * (turn + 1)]
    assert compare_with_log(place.database, NOON).differences == []


def ask_to_erase(place: Place, turn: int) -> None:
    ask_for_fold(place, turn)
    finish(place)
    with at(place.database) as session:
        erase_person(place.database, session, "oskelund", "u1")


def check_erased(place: Place, turn: int) -> None:
    with at(place.database) as session:
        ended = session.execute(select(UsageRun.ended_at, UsageRun.external_id)).all()
        rows = [row for some in read_log_rows(session, 0, 2**40) for row in some]
    assert [(at_ is not None, person) for at_, person in ended] == [(True, None)] * (turn + 1)
    assert not any(b"u1" in bytes(raw) for row in rows for raw in unpack(row)[1])
    assert compare_with_log(place.database, NOON).differences == []


def ask_to_clean(place: Place, turn: int) -> None:
    with at(place.database) as session:
        session.add(RateBucket(name=f"old {turn}", tokens=1.0, at=0.0))
        session.add(RateBucket(name=f"new {turn}", tokens=1.0, at=9e9))
        enqueue(session, "house.clean", {})
        session.commit()


def check_cleaned(place: Place, turn: int) -> None:
    with at(place.database) as session:
        left = set(session.scalars(select(RateBucket.name)))
    assert left == {f"new {number}" for number in range(turn + 1)}


def ask_to_follow_a_zone(place: Place, turn: int) -> None:
    if turn == 0:
        ask_for_fold(place, 0)
        finish(place)
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


def ask_to_index(place: Place, _turn: int) -> None:
    with at(place.database) as session:
        publish(session, {})
        session.commit()


def check_index(place: Place, turn: int) -> None:
    assert Engine(place.data_dir / FOLDER).change_number == turn + 1


def ask_to_evaluate(place: Place, turn: int) -> None:
    """An account more, whose people have not begun weeks after its go-live."""
    with at(place.database) as session:
        account = Account(
            key=f"oskelund-{turn}",
            name="Oskelund Foods",
            # Workers read the real clock.
            go_live=utc_now().date() - timedelta(days=40),
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
    """Mara's task is overdue. On a weekend by the workers' real clock no mail is due."""
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
        mails = session.scalars(select(Mail.recipient)).all()
    # A turn may fall on both sides of midnight.
    assert len(mails) <= 2
    assert set(mails) <= {MARA}


def ask_to_score(place: Place, turn: int) -> None:
    with at(place.database) as session:
        session.add(Account(key=f"account-{turn}", name="Oskelund Foods", created_at=NOON))
        enqueue(session, "health.score", {})
        session.commit()


def check_scored(place: Place, turn: int) -> None:
    with at(place.database) as session:
        scored = session.scalars(select(HealthDay.account_id)).all()
    assert len(scored) == turn + 1


def ask_to_compare(place: Place, turn: int) -> None:
    """Six accounts of one segment with usage."""
    if turn == 0:
        for number in range(6):
            _account_with_event(place, f"peer-{number}")
    with at(place.database) as session:
        session.execute(delete(PeerMedian))
        enqueue(session, "adoption.peers", {})
        session.commit()


def _account_with_event(place: Place, key: str) -> None:
    line = (
        f'{{"type":"track","event":"Route planned","userId":"u1","messageId":"{key}",'
        f'"timestamp":"2026-03-02T09:00:00Z","context":{{"groupId":"{key}"}}}}'
    )
    with at(place.database) as session:
        account = Account(key=key, name=key, created_at=NOON)
        session.add(account)
        session.flush()
        session.add(Person(account_id=account.id, external_id="u1", active_from=NOON.date()))
        session.commit()
        assert sum(receipt.accepted for receipt in accept_lines(session, [line.encode()])) == 1
    fold_pending(place.database, NOON)


def check_compared(place: Place, _turn: int) -> None:
    with at(place.database) as session:
        rows = session.execute(select(PeerMedian.account_id, PeerMedian.metric)).all()
    ratios = [row.account_id for row in rows if row.metric == "login_ratio_30d"]
    assert len(ratios) == len(set(ratios)) == 6


def ask_for_snapshots(place: Place, turn: int) -> None:
    """An account more, with somebody set up."""
    with at(place.database) as session:
        account = Account(key=f"oskelund-{turn}", name="Oskelund Foods", created_at=NOON)
        session.add(account)
        session.flush()
        since = utc_now().date() - timedelta(days=40)
        session.add(Person(account_id=account.id, external_id="u1", active_from=since))
        enqueue(session, "portfolio.refresh", {})
        session.commit()


def check_snapshots(place: Place, turn: int) -> None:
    with at(place.database) as session:
        made = session.scalars(select(AccountSnapshot.provisioned)).all()
    assert made == [1] * (turn + 1)


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


SCENARIOS = {
    "adoption.peers": Scenario(ask_to_compare, check_compared),
    "alerts.daily-mail": Scenario(ask_for_daily_mail, check_daily_mail),
    "alerts.replay": Scenario(ask_for_replay, check_replay),
    "health.score": Scenario(ask_to_score, check_scored),
    "alerts.evaluate": Scenario(ask_to_evaluate, check_evaluated),
    "mail.send": Scenario(ask_for_mail, check_mail),
    "portfolio.refresh": Scenario(ask_for_snapshots, check_snapshots),
    "usage.fold": Scenario(ask_for_fold, check_fold),
    "usage.refold": Scenario(ask_to_count_again, check_counted_again),
    "usage.seal": Scenario(ask_to_seal, check_sealed),
    "usage.compact": Scenario(ask_to_pack, check_packed),
    "usage.erase": Scenario(ask_to_erase, check_erased),
    "usage.retain": Scenario(ask_to_retain, check_retained),
    "usage.follow-zones": Scenario(ask_to_follow_a_zone, check_zone),
    "search.reindex": Scenario(ask_to_index, check_index),
    "house.clean": Scenario(ask_to_clean, check_cleaned),
}


def test_every_kind_of_job_has_its_scenario() -> None:
    assert set(SCENARIOS) == set(known_kinds())


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[Place]:
    with smtp_server() as post:
        yield Place(database, post, tmp_path)


def killed_at(place: Place, number: int) -> bool:
    """Kills a worker before its commit of that number; False where it has no such commit."""
    hears, says = workers.PROCESSES.Pipe(duplex=False)
    process = workers.start(workers.stop_before_commit, place.settings, number, says)
    says.close()
    word = hears.recv()
    process.kill()
    process.join()
    hears.close()
    return bool(word == workers.REACHED)


def finish(place: Place) -> None:
    process = workers.start(workers.work_until_empty, place.settings)
    process.join()
    assert process.exitcode == 0


@pytest.mark.parametrize("kind", SCENARIOS)
def test_killed_before_any_commit_the_effect_is_there_once(place: Place, kind: str) -> None:
    scenario = SCENARIOS[kind]
    for turn in count():
        scenario.ask(place, turn)
        killed = killed_at(place, turn)
        finish(place)
        scenario.check(place, turn)
        if not killed:
            break
    # At least the claim and the end were tried, and every commit in between.
    assert turn >= 2
    with at(place.database) as session:
        assert dead_letters(session) == []


def test_a_job_that_kills_its_worker_each_time_is_given_up(place: Place) -> None:
    ask_to_clean(place, 0)
    attempts = known_kinds()["house.clean"].attempts
    assert all(killed_at(place, 1) for _ in range(attempts))
    assert killed_at(place, 2) is False
    with at(place.database) as session:
        assert [letter.error for letter in dead_letters(session)] == [DIED]


def test_two_workers_never_take_one_job(database: Database) -> None:
    numbers = range(200)
    with at(database) as session:
        for number in numbers:
            enqueue(session, "count", {"n": number})
        session.commit()
    together = workers.PROCESSES.Barrier(2)
    both = [workers.start(workers.count_until_empty, database.url, together) for _ in range(2)]
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    with at(database) as session:
        done = session.scalars(select(AuditEntry.object_key)).all()
        busy = set(session.scalars(select(AuditEntry.details["worker"].as_string())))
        assert dead_letters(session) == []
    assert sorted(map(int, done)) == list(numbers)
    assert len(busy) == 2
