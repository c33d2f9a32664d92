"""Daily usage told as sums counts as the events that it stands for would."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.domain.errors import Invalid, NotFound
from portal.domain.usage_days import MOST_USES, UNNAMED, UsageDay
from portal.models import Account, UsageAccount, UsageName, UsageTold
from portal.services.adoption import account_series
from portal.services.usage_days import DaysReceipt, push_days
from portal.tenancy import system_scope
from portal.usage import retelling, told
from portal.usage.comparison import compare_with_log
from portal.usage.fold import fold_pending
from portal.usage.queries import told_days
from portal.usage.rebuild import rebuild
from portal.usage.sealing import seal
from tests.usage.brute_force import truth_of
from tests.usage.checks import assert_exact
from tests.usage.sample import NAMES, NOW, ZONES, Sample, load_lists, make_sample, send_all
from tests.usage.test_retention import WHOLE, thrown_away

FIRST, ONE_DAY = date(2026, 2, 20), timedelta(days=1)
Key = tuple[str, date, str, str]
# Nobody knows the minutes of a told day (tests/services/adoption/test_told_days.py).
UNKNOWN = frozenset({"time_online_seconds"})


class Teller:
    """Tells at random, and knows what was told last."""

    def __init__(self, database: Database, seed: int = 3) -> None:
        self.database, self.random = database, random.Random(seed)
        self.last: dict[Key, int] = {}

    def tell(self, sums: int = 40, *, counts: Iterable[int] = (0, 1, 1, 2, 5, 9)) -> None:
        for account in ZONES:
            items = {
                (
                    FIRST + timedelta(days=self.random.randrange(55)),
                    f"{account}-{self.random.randrange(12)}",
                    self.random.choice(NAMES),
                ): self.random.choice(tuple(counts))
                for _ in range(sums)
            }
            # Most of the time something is told anew.
            known = [key[1:] for key in self.last if key[0] == account]
            again = self.random.sample(known, min(len(known), sums // 2))
            items.update({key: self.random.choice(tuple(counts)) for key in again})
            push(self.database, account, [UsageDay(*key, count) for key, count in items.items()])
            self.last.update({(account, *key): count for key, count in items.items()})

    def events(self) -> list[dict[str, Any]]:
        """What events would have said the same."""
        return [
            {
                "type": "track",
                "event": name,
                "userId": person,
                "messageId": f"{account} {day} {person} {name} {number}",
                "timestamp": datetime(
                    day.year, day.month, day.day, 12, tzinfo=ZoneInfo(ZONES[account])
                ).isoformat(),
                "context": {"groupId": account},
                "properties": {"channel": "web"},
            }
            for (account, day, person, name), count in self.last.items()
            for number in range(count)
        ]


def push(database: Database, account: str, items: list[UsageDay]) -> DaysReceipt:
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        return push_days(session, account, items)


def truth_with(sample: Sample, told: list[dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    whole = truth_of(replace(sample, events=[*sample.events, *told]))
    return {
        key: {name: value for name, value in figures.items() if is_known(name, value)}
        for key, figures in whole.items()
    }


def is_known(name: str, value: object) -> bool:
    """Sums name no channel: that there was no call, they do not say."""
    return name not in UNKNOWN and not (name == "integration_calls" and value == 0)


def test_sums_and_events_together_are_exact(database: Database) -> None:
    """Whatever rises, falls or is taken back, before and after folds."""
    sample = make_sample(bursts=40)
    load_lists(database, sample)
    teller = Teller(database)
    for piece in range(5):
        teller.tell()
        send_all(database, sample.events[piece::5], 2)
        if piece != 1:
            fold_pending(database, NOW)
    truth = truth_with(sample, teller.events())
    assert_exact(database, truth)
    assert nothing_is_open(database)
    before = names(database)
    rebuild(database, NOW)
    assert_exact(database, truth)
    assert names(database) == before


def test_sums_alone(database: Database) -> None:
    sample = replace(make_sample(bursts=1), events=[])
    load_lists(database, sample)
    teller = Teller(database)
    for _ in range(3):
        teller.tell(80)
        fold_pending(database, NOW)
    assert_exact(database, truth_with(sample, teller.events()))


def test_sums_of_sealed_days_can_be_corrected(database: Database) -> None:
    sample = make_sample(bursts=20)
    load_lists(database, sample)
    teller = Teller(database)
    teller.tell()
    send_all(database, sample.events, 2)
    fold_pending(database, NOW)
    assert seal(database, NOW + timedelta(days=90)).blocks
    teller.tell(counts=(1, 3, 7))
    fold_pending(database, NOW)
    assert_exact(database, truth_with(sample, teller.events()))


def test_days_whose_raw_events_are_gone(database: Database) -> None:
    """Sums of them still rise and fall, and stay when the rest is made again."""
    sample = make_sample(bursts=30)
    thrown_away(database, sample)
    teller = Teller(database)
    teller.tell(counts=(1, 2, 5))
    fold_pending(database, NOW)
    teller.tell(counts=(1, 3, 7))
    rebuild(database, NOW)
    fold_pending(database, NOW)
    assert nothing_is_open(database)
    assert_exact(database, truth_with(sample, teller.events()))
    for account, day, person, name in list(teller.last):
        none = UsageDay(day, person, name, 0)
        # The zones begin their days within a day of one another.
        if day < WHOLE - ONE_DAY:
            with pytest.raises(Invalid, match="taken back"):
                push(database, account, [none])
        elif day > WHOLE + ONE_DAY:
            push(database, account, [none])
            teller.last[account, day, person, name] = 0
    fold_pending(database, NOW)
    assert nothing_is_open(database)
    told = truth_with(sample, teller.events())
    # Who was once seen stays seen.
    assert_exact(
        database,
        {
            key: {name: value for name, value in figures.items() if not name.startswith("activat")}
            for key, figures in told.items()
        },
    )


def test_a_day_in_another_zone_stays_that_day(database: Database) -> None:
    sample = make_sample(bursts=20)
    load_lists(database, sample)
    teller = Teller(database)
    teller.tell()
    fold_pending(database, NOW)
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        account = session.scalars(select(Account).where(Account.key == "acme")).one()
        account.time_zone = "Asia/Tokyo"
        session.commit()
    fold_pending(database, NOW)
    held = {key for key, count in teller.last.items() if count and key[0] == "acme"}
    assert days_told(database, "acme") == {day for _, day, _, _ in held}
    for day in days_told(database, "acme"):
        with database.session(system_scope(NOW, "test")) as session:
            (shown,) = account_series(session, "acme", day, day)
        assert shown.dau == len({person for _, on, person, _ in held if on == day})


def test_told_anew_while_a_fold_counts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    load_lists(database, make_sample(bursts=1))
    day = UsageDay(date(2026, 3, 2), "acme-1", "Order Created", 5)
    push(database, "acme", [day])
    add = told.add_told

    def add_late(*arguments: Any, **more: Any) -> None:
        monkeypatch.setattr(told, "add_told", add)
        add(*arguments, **more)
        push(database, "acme", [replace(day, count=2)])

    monkeypatch.setattr(told, "add_told", add_late)
    fold_pending(database, NOW)
    assert events_of(database, "acme") == 2
    assert nothing_is_open(database)


@pytest.mark.parametrize("later", [0, 1, 9])
def test_told_anew_while_figures_are_made_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, later: int
) -> None:
    """On SQLite nobody can push while another writes; on PostgreSQL they can."""
    load_lists(database, make_sample(bursts=1))
    days = [UsageDay(date(2026, 3, 2), f"acme-{n}", "Order Created", 5) for n in range(2)]
    push(database, "acme", days)
    fold_pending(database, NOW)
    push(database, "acme", [replace(days[0], count=0)])
    read = retelling.read_all_told

    def read_early(*arguments: Any) -> Any:
        rows = read(*arguments)
        if not database.is_sqlite:
            push(database, "acme", [replace(one, count=later) for one in days])
        return rows

    monkeypatch.setattr(retelling, "read_all_told", read_early)
    fold_pending(database, NOW)
    monkeypatch.setattr(retelling, "read_all_told", read)
    push(database, "acme", [replace(one, count=later) for one in days])
    fold_pending(database, NOW)
    assert events_of(database, "acme") == 2 * later
    assert names(database).get("Order Created", 0) == 2 * later
    assert nothing_is_open(database)
    assert compare_with_log(database, NOW).differences == []


def test_what_a_push_says_of_itself(database: Database) -> None:
    load_lists(database, make_sample(bursts=1))
    day = UsageDay(date(2026, 3, 2), "acme-1", UNNAMED, 5, 60_000)
    other = replace(day, user="acme-2")
    assert push(database, "acme", [day, other]) == DaysReceipt(2, 0, 0)
    assert push(database, "acme", [day, replace(other, count=1)]) == DaysReceipt(0, 1, 1)
    assert push(database, "acme", [replace(day, user="new", count=0)]) == DaysReceipt(0, 0, 1)
    assert push(database, "globex", [day]) == DaysReceipt(1, 0, 0)
    with pytest.raises(NotFound):
        push(database, "nobody", [day])


def test_more_than_a_day_can_hold_is_refused_whole(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.services.usage_days.MOST_A_DAY", 2 * MOST_USES)
    load_lists(database, make_sample(bursts=1))
    many = [UsageDay(date(2026, 3, 2), f"acme-{n}", UNNAMED, MOST_USES) for n in range(3)]
    push(database, "acme", many[:2])
    with pytest.raises(Invalid, match="2026-03-02"):
        push(database, "acme", many)
    fold_pending(database, NOW)
    assert events_of(database, "acme") == 2 * MOST_USES


def events_of(database: Database, key: str) -> int:
    with database.session(system_scope(NOW, "test")) as session:
        wanted = select(UsageAccount.events).join(Account).where(Account.key == key)
        return session.scalar(wanted) or 0


def days_told(database: Database, key: str) -> set[date]:
    with database.session(system_scope(NOW, "test")) as session:
        wanted = select(UsageAccount.told).join(Account).where(Account.key == key)
        return set(told_days(session.scalar(wanted)))


def names(database: Database) -> dict[str, int]:
    with database.session(system_scope(NOW, "test")) as session:
        rows = session.execute(select(UsageName.name, UsageName.events))
        return {name: events for name, events in rows if events}


def nothing_is_open(database: Database) -> bool:
    with database.session(system_scope(NOW, "test")) as session:
        wanted = select(func.count(UsageTold.day)).where(UsageTold.settled.is_(False))
        return session.scalar(wanted) == 0
