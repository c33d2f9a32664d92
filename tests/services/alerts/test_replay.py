"""A replay tells what the nights raised: evaluated one by one, in the database."""

from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.early_warning import Rule
from portal.domain.errors import Invalid, NotFound
from portal.models import Account, Job
from portal.services.alerts.replay import (
    JOB,
    WARM_UP,
    ask_replay,
    keep_answer,
    show_replay,
    work_out_replay,
)
from tests.services.alerts.nights import EVERYBODY, after, alerts, busy, day, night, only, tune
from tests.world import OSKELUND, QUILLON, World, build_world

DAYS = 30
LAST = WARM_UP + DAYS - 1


@pytest.fixture
def cast(database: Database) -> World:
    return build_world(database)


def replayed(
    world: World, rule: Rule, values: dict[str, Any], **place: str
) -> list[tuple[str, date, date | None]]:
    with world.database.session(after(LAST), writes=True) as session:
        key = ask_replay(session, rule, values, days=DAYS, **place)
        view = show_replay(session, key)
    assert [count for _day, count in view.per_day if count] or not view.raised
    assert len(view.per_day) == DAYS
    assert sum(count for _day, count in view.per_day) == len(view.raised)
    return [(one.account_key, one.opened_on, one.closed_on) for one in view.raised]


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (Rule.SILENCE, {"workdays": 2, "persons": 1, "calm": 1}),
        (Rule.SUDDEN_DROP, {"fall": 0.2, "persons": 1, "calm": 1}),
    ],
)
def test_as_the_nights_one_by_one(cast: World, rule: Rule, values: dict[str, Any]) -> None:
    chance = Random(f"nights of {rule}")
    for company in (OSKELUND, QUILLON):
        quiet = set()
        for _gap in range(4):
            start = chance.randrange(5, LAST)
            quiet |= set(range(start, start + chance.randrange(3, 9)))
        for person in EVERYBODY:
            days = [one for one in range(-60, LAST + 1) if one not in quiet]
            busy(cast.database, [one for one in days if chance.random() < 0.3], [person], company)
    only(cast.database, rule, **values)
    for count in range(LAST + 1):
        night(cast.database, count)
    keys = {number: key for key, number in cast.accounts.items()}
    raised = [
        (keys[one.account_id], one.opened_on, one.over_on)
        for one in alerts(cast.database)
        if one.opened_on > day(LAST - DAYS)
    ]
    assert raised
    by_day = sorted(raised, key=lambda one: (one[1], cast.accounts[one[0]]))
    assert replayed(cast, rule, values) == by_day


def test_only_accounts_for_which_the_setting_would_count(cast: World) -> None:
    busy(cast.database, range(20))
    busy(cast.database, range(20), company=QUILLON)
    values = {"persons": 1, "calm": 1}
    # The last event was on a Saturday: the tenth workday without one is the second Friday after.
    assert replayed(cast, Rule.SILENCE, {**values, "workdays": 10}) == [
        (OSKELUND.key, day(32), None),
        (QUILLON.key, day(32), None),
    ]
    tune(cast.database, Rule.SILENCE, on=False, segment="strategic")
    rest = replayed(cast, Rule.SILENCE, {**values, "workdays": 10})
    assert [account for account, *_days in rest] == [QUILLON.key]
    own = replayed(cast, Rule.SILENCE, {**values, "workdays": 10}, segment="strategic")
    assert [account for account, *_days in own] == [OSKELUND.key]


def test_a_replay_switches_nothing_on(cast: World) -> None:
    only(cast.database, Rule.SUDDEN_DROP)
    busy(cast.database, range(20))
    replayed(cast, Rule.SILENCE, {"persons": 1})
    assert night(cast.database, LAST) == 0


def test_many_accounts_are_answered_by_a_job(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.services.alerts.replay.FEW", 1)
    busy(cast.database, range(20))
    with cast.database.session(after(LAST), writes=True) as session:
        key = ask_replay(session, Rule.SILENCE, {"workdays": 10}, days=DAYS)
        assert show_replay(session, key).answered_at is None
        (job,) = session.scalars(select(Job).where(Job.name == JOB))
        assert job.payload == {"key": key}
    with cast.database.session(after(LAST)) as session:
        answer = work_out_replay(session, key)
    assert answer is not None
    with cast.database.session(after(LAST), writes=True) as session:
        keep_answer(session, key, answer)
        view = show_replay(session, key)
        assert [one.account_key for one in view.raised] == [OSKELUND.key]
        assert work_out_replay(session, key) is None
        session.delete(session.scalars(select(Account).where(Account.key == OSKELUND.key)).one())
        session.flush()
        assert show_replay(session, key).raised == []


def test_what_cannot_be_asked(cast: World) -> None:
    with cast.database.session(after(LAST), writes=True) as session:
        with pytest.raises(Invalid, match="out of bounds") as refusal:
            ask_replay(session, Rule.SILENCE, {"workdays": 1, "persons": "many"})
        assert set(refusal.value.fields) == {"workdays", "persons"}
        for wrong in ({"days": 10}, {"segment": "nobody"}, {"stage": "nowhere"}):
            with pytest.raises(Invalid):
                ask_replay(session, Rule.SILENCE, {}, **wrong)
        with pytest.raises(NotFound):
            show_replay(session, "no-such-key")
