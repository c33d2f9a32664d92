"""Business volume pushed in any order and any number of times, against sums by hand."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.domain.errors import Invalid, NotFound
from portal.domain.volumes import MOST, MOST_SERIES, Pushed
from portal.models import VolumeItem
from portal.services.volumes import (
    PushRefused,
    list_items,
    push_volumes,
    volume_revision,
    volume_series,
)
from portal.tenancy import system_scope
from tests.world import LAST_DAY, NOW, OSKELUND, QUILLON, World, build_world

KEY = OSKELUND.key


@pytest.fixture
def cast(database: Database) -> World:
    return build_world(database)


def opened(world: World, *, writes: bool = True) -> Session:
    return world.database.open(system_scope(NOW, "test"), writes=writes)


def item(number: int, value: str, *, back: int = 0, series: str = "orders") -> Pushed:
    return Pushed(f"item-{number}", series, LAST_DAY - timedelta(days=back), Decimal(value))


def test_sums_are_those_of_a_brute_force_whatever_the_order(cast: World) -> None:
    chance = Random(7)  # a test's
    items = [
        Pushed(
            f"i{number}",
            chance.choice(("orders", "hours", "tickets")),
            LAST_DAY - timedelta(days=chance.randrange(70)),
            Decimal(chance.randrange(-(10**9), 10**12)) / 10**6,
        )
        for number in range(400)
    ]
    expected: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for one in items:
        expected[one.series, one.day] += one.value
    sent = items + chance.sample(items, 200)
    chance.shuffle(sent)
    accepted = 0
    with opened(cast) as session:
        while sent:
            size = chance.randrange(1, 60)
            part, sent = sent[:size], sent[size:]
            accepted += push_volumes(session, KEY, part).accepted
        first = LAST_DAY - timedelta(days=29)
        series = volume_series(session, KEY, first, LAST_DAY)
        assert volume_series(session, QUILLON.key, first, LAST_DAY) == []
    assert accepted == len(items)
    assert [one.key for one in series] == ["hours", "orders", "tickets"]
    for found in series:
        assert len(found.days) == 30
        assert all(value == expected[found.key, day] for day, value in found.days)
        before = [first - timedelta(days=back) for back in range(1, 31)]
        assert found.total_before == sum(expected[found.key, day] for day in before)


def test_the_same_again_counts_once_and_something_else_is_refused(cast: World) -> None:
    with opened(cast) as session:
        receipt = push_volumes(session, KEY, [item(1, "5"), item(1, "5"), item(2, "-2")])
        assert (receipt.accepted, receipt.duplicates) == (2, 1)
        assert volume_series(session, KEY, LAST_DAY, LAST_DAY)[0].total == 3
        revision = volume_revision(session, KEY)
        assert push_volumes(session, KEY, [item(1, "5.000000")]).duplicates == 1
        assert volume_revision(session, KEY) == revision
    for other in (item(1, "6"), item(1, "5", back=1), item(1, "5", series="hours")):
        with opened(cast) as session, pytest.raises(PushRefused) as refusal:
            push_volumes(session, KEY, [item(3, "1"), other])
        assert list(refusal.value.fields) == ["items[1].id"]
    with opened(cast) as session:
        assert volume_series(session, KEY, LAST_DAY, LAST_DAY)[0].total == 3
        assert session.scalar(select(func.count(VolumeItem.id))) == 2


def test_an_id_is_another_one_in_another_account(cast: World) -> None:
    with opened(cast) as session:
        push_volumes(session, KEY, [item(1, "5")])
        assert push_volumes(session, QUILLON.key, [item(1, "7")]).accepted == 1


def test_nothing_is_known_of_before_the_first_item(cast: World) -> None:
    with opened(cast) as session:
        push_volumes(session, KEY, [item(1, "5", back=3)])
        week = volume_series(session, KEY, LAST_DAY - timedelta(days=6), LAST_DAY)[0]
        assert (week.total, week.total_before, week.change) == (Decimal(5), None, None)
        last = volume_series(session, KEY, LAST_DAY - timedelta(days=2), LAST_DAY)[0]
        assert (last.total, last.total_before, last.change) == (Decimal(0), Decimal(5), -1.0)


def test_a_series_says_which_of_the_days_it_knows(cast: World) -> None:
    with opened(cast) as session:
        push_volumes(session, KEY, [item(1, "5", back=3), item(2, "7", back=1)])
        first, end = LAST_DAY - timedelta(days=3), LAST_DAY - timedelta(days=1)
        week = volume_series(session, KEY, LAST_DAY - timedelta(days=6), LAST_DAY)[0]
        assert (week.since, week.latest) == (first, end)
        assert (week.coverage_days, week.told_days) == (4, 2)
        today = volume_series(session, KEY, LAST_DAY, LAST_DAY)[0]
        assert (today.since, today.latest) == (first, end)
        assert (today.coverage_days, today.told_days) == (1, 0)
        before = volume_series(session, KEY, first - timedelta(days=9), first - timedelta(days=4))
        assert (before[0].coverage_days, before[0].told_days) == (0, 0)


def test_names_are_those_that_were_said_last(cast: World) -> None:
    with opened(cast) as session:
        push_volumes(session, KEY, [Pushed("a", "x", LAST_DAY, Decimal(1), "Orders", "订单", "")])
        push_volumes(session, KEY, [Pushed("b", "x", LAST_DAY, Decimal(1), "Sales")])
        series = volume_series(session, KEY, LAST_DAY, LAST_DAY)[0]
    assert (series.name("en"), series.name("zh-Hans")) == ("Sales", "订单")


def test_what_would_not_fit_is_refused_and_nothing_kept(cast: World) -> None:
    too_many = [item(number, "1", series=f"s{number}") for number in range(MOST_SERIES + 1)]
    too_much = [item(number, str(MOST)) for number in range(10)]
    for items in (too_many, too_much):
        with opened(cast) as session, pytest.raises(Invalid):
            push_volumes(session, KEY, items)
    with opened(cast) as session:
        push_volumes(session, KEY, too_much[:9])
        assert volume_series(session, KEY, LAST_DAY, LAST_DAY)[0].total == 9 * MOST
        with pytest.raises(NotFound):
            push_volumes(session, "no-such", [])


def test_pages_lead_through_all_items_once(cast: World) -> None:
    items = [item(number, "1", back=number // 7) for number in range(60)]
    seen, mark = [], None
    with opened(cast) as session:
        push_volumes(session, KEY, items)
        while True:
            page = list_items(session, KEY, after=mark, size=8)
            seen += [(one.day, one.id) for one in page.items]
            mark = page.following
            if mark is None:
                break
        some = list_items(session, KEY, series="orders", first=LAST_DAY, last=LAST_DAY)
    assert sorted(seen) == sorted((one.day, one.id) for one in items)
    assert [day for day, _ in seen] == sorted((day for day, _ in seen), reverse=True)
    assert len(some.items) == 7


def test_pushes_at_the_same_moment_lose_nothing(cast: World) -> None:
    """Each of four pushes the same new series and some of the same items."""
    start = Barrier(4)

    def push(runner: int) -> None:
        start.wait()
        for number in range(10):
            with opened(cast) as session:
                push_volumes(session, KEY, [item(number, "1"), item(100 * runner + number, "1")])

    runners = [Thread(target=push, args=(runner,)) for runner in range(1, 5)]
    for one in runners:
        one.start()
    for one in runners:
        one.join()
    with opened(cast) as session:
        assert volume_series(session, KEY, LAST_DAY, LAST_DAY)[0].total == 50
