"""Figures of the loop, counted anew by brute force from the rows themselves."""

import random
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.requests import Kind
from portal.models import Request, RequestEvent, ServiceCalendar, ServiceLevel
from portal.services.requests.figures import FigureBook, read_figures
from portal.tenancy import system_scope
from tests.blueprints.usage import counted
from tests.services.requests.town import PAUL, Town
from tests.world import ELIF, INGRID, NOW, OSKELUND, QUILLON, World, build_world

HOURS = {str(day): [["09:00", "12:00"], ["13:00", "17:00"]] for day in range(5)}
ENDS = ("confirmed", "unconfirmed", "declined", "released", "planned", "submitted")


@pytest.fixture
def town(database: Database) -> Town:
    world = build_world(database)
    dice = random.Random(20261122)  # the same rows each time
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(calendar := ServiceCalendar(name="Week", zone="UTC", hours=HOURS, days_off=[]))
        session.flush()
        session.add(ServiceLevel(tier=OSKELUND.tier, calendar_id=calendar.id, first_minutes=60))
        for number in range(160):
            _add(session, world, dice, number)
        session.commit()
    return Town(world, NOW)


def _add(session: Any, world: World, dice: random.Random, number: int) -> None:
    """A request of some days ago, with steps some of which have been taken."""
    state, created = dice.choice(ENDS), NOW - timedelta(minutes=dice.randrange(600_000))

    def after(moment: datetime) -> datetime | None:
        later = moment + timedelta(minutes=dice.randrange(1, 60_000))
        return later if later < NOW and dice.random() < 0.8 else None

    answered = after(created)
    decided = answered and after(answered)
    released = decided and after(decided)
    settled = released and after(released)
    request = Request(
        account_id=world.accounts[dice.choice((OSKELUND, QUILLON)).key],
        code=f"R-{number:05}",
        kind=dice.choice(list(Kind)).value,
        state=state,
        visibility=dice.choice(("company", "company", "private")),
        title="x",
        told={},
        text="",
        locale="en",
        joined=dice.random() < 0.1,
        created_at=created,
        updated_at=created,
        answered_at=answered,
        decided_at=decided,
        released_at=released,
        settled_at=settled,
    )
    session.add(request)
    session.flush()
    for _step in range(dice.randrange(4)):
        session.add(
            RequestEvent(
                account_id=request.account_id,
                request_id=request.id,
                kind=dice.choice(("state", "state", "merged")),
                from_state=dice.choice(("released", "unconfirmed", "declined", "planned")),
                to_state=dice.choice(("confirmed", "unconfirmed", "reopened", "declined")),
                at=created + (NOW - created) * dice.random(),
                side="customer",
            )
        )


def rows(town: Town, model: Any) -> list[Any]:
    with town.world.database.session(system_scope(NOW, "test")) as session:
        found = list(session.scalars(select(model)))
        session.expunge_all()
        return found


def business_hours(start: datetime, end: datetime) -> float:
    """Minute by minute would be slow: quarter by quarter within the four edges of a day."""
    total = timedelta()
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < end:
        for opens, closes in ((9, 12), (13, 17)):
            begin, finish = day + timedelta(hours=opens), day + timedelta(hours=closes)
            if day.weekday() < 5:
                total += max(min(finish, end) - max(begin, start), timedelta())
        day += timedelta(days=1)
    return total // timedelta(minutes=1) / 60


def check(town: Town, book: FigureBook, accounts: set[int], *, private: bool) -> None:
    since = NOW - timedelta(days=book.days)
    seen = {
        one.id: one
        for one in rows(town, Request)
        if one.account_id in accounts and (private or one.visibility == "company")
    }
    for kind in (None, *Kind):
        mine = [one for one in seen.values() if kind is None or one.kind == kind.value]
        told = [one for one in mine if not one.joined]
        figures = book.all if kind is None else book.by_kind[kind]
        answered = [one for one in told if one.answered_at and one.answered_at >= since]
        hours = [(one.answered_at - one.created_at).total_seconds() / 3600 for one in answered]
        worked = [
            business_hours(one.created_at, one.answered_at)
            for one in answered
            if one.account_id == town.world.accounts[OSKELUND.key]
        ]
        same(figures.answer_hours, hours)
        same(figures.answer_business_hours, worked)
        for middle, end, some in (
            (figures.decision_days, "decided_at", told),
            (figures.release_days, "released_at", told),
            (figures.confirmation_days, "settled_at", [o for o in told if o.state == "confirmed"]),
        ):
            ends = [(getattr(one, end), one.created_at) for one in some]
            days = [(a - b).total_seconds() / 86400 for a, b in ends if a and a >= since]
            same(middle, days)
        events = [
            (one.from_state, one.to_state)
            for one in rows(town, RequestEvent)
            if one.kind == "state" and one.at >= since and one.request_id in {o.id for o in mine}
        ]
        states = [to for _from, to in events]
        assert figures.confirmed == states.count("confirmed")
        assert figures.unconfirmed == states.count("unconfirmed")
        assert figures.reopened == sum(
            events.count((before, "reopened")) for before in ("released", "unconfirmed")
        )


def same(middle: Any, values: list[float]) -> None:
    assert middle.n == len(values)
    assert middle.value == (pytest.approx(median(values)) if values else None)


def test_all_accounts_as_counted_anew(town: Town) -> None:
    both = {town.world.accounts[one.key] for one in (OSKELUND, QUILLON)}
    for days in (30, 90, 365):
        book = town.call(PAUL, read_figures, days)
        check(town, book, both, private=True)
        assert [key for key, _name, _figures in book.by_account] == [OSKELUND.key, QUILLON.key]
        parts = [figures.answer_hours.n for _key, _name, figures in book.by_account]
        assert sum(parts) == book.all.answer_hours.n > 0


def test_a_customer_s_are_of_what_the_company_reads(town: Town) -> None:
    for email, company in ((INGRID, OSKELUND), (ELIF, QUILLON)):
        book = town.call(email, read_figures, 365)
        check(town, book, {town.world.accounts[company.key]}, private=False)
        assert [key for key, _name, _figures in book.by_account] == [company.key]


def test_months_hold_what_was_closed_in_them(town: Town) -> None:
    book = town.call(PAUL, read_figures, 30)
    assert [one.first.isoformat() for one in book.months][:: len(book.months) - 1] == [
        "2025-12-01",
        "2026-11-01",
    ]
    begin = datetime(2025, 12, 1, tzinfo=UTC)
    states = ("confirmed", "unconfirmed", "declined")
    events = [one for one in rows(town, RequestEvent) if one.kind == "state" and one.at >= begin]
    for state in states:
        told = [one.at.month for one in events if one.to_state == state]
        for month in book.months:
            assert getattr(month, state) == told.count(month.first.month)


def test_three_statements_however_many_accounts(town: Town) -> None:
    with town.session(PAUL) as session, counted(town.world.database) as statements:
        read_figures(session, 365)
    assert len([one for one in statements if "FROM " in one]) == 3
