"""What a setting would have raised in the past, before anybody switches it on.

It walks the same state machine over the same series as the nights do. Accounts are read in
batches, so that ten thousand fit; few are answered at once, many by a job.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.early_warning import (
    LOOK_BACK,
    PARAMETERS,
    Course,
    Rule,
    RuleSetting,
    read_parameters,
    stored,
    walk,
)
from portal.domain.errors import Invalid, NotFound
from portal.domain.lifecycle import Stage
from portal.domain.segments import Traits, segment_of
from portal.models import Account, AlertReplay
from portal.services.adoption import last_full_day
from portal.services.alerts.settings import make_setting, rule_book
from portal.services.jobs import enqueue
from portal.services.segments import segment_rules
from portal.tenancy import scope_of
from portal.usage.courses import read_courses

JOB = "alerts.replay"
WARM_UP = 30
"""Days walked before the first that is shown: what was going on then did not begin in view."""
SHORTEST, USUAL, LONGEST = 30, 90, 180
FEW = 200
"""So many accounts are answered within the request."""
BATCH = 200
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Raised:
    """An episode; `closed_on` is None while it goes on. Days are the account's own."""

    account_key: str
    account_name: str
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class ReplayView:
    """`per_day`: each day of the replay and how many it would have raised; None before the
    answer. `accounts`: for how many the setting counts.
    """

    key: str
    setting: RuleSetting
    days: int
    answered_at: datetime | None
    accounts: int
    raised: list[Raised]
    per_day: list[tuple[date, int]]

    @property
    def still_open(self) -> int:
        return sum(1 for one in self.raised if one.closed_on is None)


def ask_replay(
    session: Session,
    rule: Rule,
    values: Mapping[str, Any],
    *,
    segment: str = "",
    stage: str = "",
    days: int = USUAL,
) -> str:
    """The key of the replay; answered at once where there are few accounts, else by a job. Raises
    Invalid naming the fields. Commits.
    """
    if not SHORTEST <= days <= LONGEST:
        said = f"From {SHORTEST} to {LONGEST} days."
        raise Invalid(said, code="out-of-bounds", fields={"days": said})
    setting = make_setting(session, rule, on=True, values=values, segment=segment, stage=stage)
    scope = scope_of(session)
    session.execute(delete(AlertReplay).where(AlertReplay.asked_at < scope.now - KEPT))
    replay = AlertReplay(
        key=new_key(),
        rule=rule.value,
        segment=segment,
        stage=stage,
        parameters=stored(setting.parameters),
        days=days,
        asked_at=scope.now,
        asked_by=scope.user_id,
        raised={},
    )
    session.add(replay)
    session.flush()
    if (session.scalar(select(func.count(Account.id))) or 0) <= FEW:
        _keep(session, replay, _answer(session, replay))
    else:
        enqueue(session, JOB, {"key": replay.key}, unique_key=f"replay:{replay.key}")
    session.commit()
    return replay.key


@dataclass(frozen=True, slots=True)
class Answer:
    """`episodes` as the row keeps them."""

    episodes: list[list[Any]]
    accounts: int
    last_day: date


def work_out_replay(session: Session, key: str) -> Answer | None:
    """Reads only: for so many accounts it takes its time, and holds nobody up. None where it is
    answered already, or has gone.
    """
    replay = session.scalar(select(AlertReplay).where(AlertReplay.key == key))
    if replay is None or replay.answered_at is not None:
        return None
    return _answer(session, replay)


def keep_answer(session: Session, key: str, answer: Answer) -> None:
    """Commits."""
    replay = session.scalar(select(AlertReplay).where(AlertReplay.key == key))
    if replay is not None and replay.answered_at is None:
        _keep(session, replay, answer)
    session.commit()


def _answer(session: Session, replay: AlertReplay) -> Answer:
    setting = _setting(replay)
    ends = _concerned(session, setting)
    return Answer(
        _episodes(session, setting, ends, replay.days),
        len(ends),
        max(ends.values(), default=last_full_day("UTC", scope_of(session).now)),
    )


def _keep(session: Session, replay: AlertReplay, answer: Answer) -> None:
    replay.raised = {"episodes": answer.episodes}
    replay.accounts, replay.last_day = answer.accounts, answer.last_day
    replay.answered_at = scope_of(session).now


def _concerned(session: Session, setting: RuleSetting) -> dict[int, date]:
    """Accounts for which this setting would be the closest, with their last full day."""
    book, rules = rule_book(session).with_setting(setting), segment_rules(session)
    now = scope_of(session).now
    wanted = select(
        Account.id,
        Account.time_zone,
        Account.tier,
        Account.industry,
        Account.region,
        Account.stage,
    ).order_by(Account.id)
    ends = {}
    for row in session.execute(wanted.where(Account.stage != Stage.CHURNED)):
        segment = segment_of(rules, Traits(*row[2:]))
        if book.setting(setting.rule, segment, row.stage) is setting:
            ends[row.id] = last_full_day(row.time_zone, now)
    return ends


def _episodes(
    session: Session, setting: RuleSetting, ends: Mapping[int, date], days: int
) -> list[list[Any]]:
    """[account id, first day, last day or None] of those that open within the last `days`."""
    found: list[list[Any]] = []
    waiting = iter(ends)
    while batch := list(islice(waiting, BATCH)):
        length = LOOK_BACK + WARM_UP + days
        courses = read_courses(session, {one: ends[one] for one in batch}, length)
        for account in batch:
            found += [[account, *one] for one in _of_course(setting, courses[account], days)]
    return sorted(found, key=lambda one: (one[1], one[0]))


def _of_course(setting: RuleSetting, course: Course, days: int) -> list[list[str | None]]:
    first = len(course) - days
    found: list[list[str | None]] = []
    for step in walk(setting.rule, setting.parameters, course, LOOK_BACK):
        if step.opens:
            found.append([course.day(step.index).isoformat(), None])
        elif found:
            found[-1][1] = course.day(step.index).isoformat()
    begin = course.day(first).isoformat()
    return [one for one in found if one[0] is not None and one[0] >= begin]


def show_replay(session: Session, key: str) -> ReplayView:
    """Raises NotFound."""
    found = find_replay(session, key)
    if found is None:
        raise NotFound
    return found


def find_replay(session: Session, key: str) -> ReplayView | None:
    """None also where it was kept for its week."""
    replay = session.scalar(select(AlertReplay).where(AlertReplay.key == key))
    if replay is None:
        return None
    raised = _raised(session, replay.raised.get("episodes", []))
    return ReplayView(
        key=replay.key,
        setting=_setting(replay),
        days=replay.days,
        answered_at=replay.answered_at,
        accounts=replay.accounts,
        raised=raised,
        per_day=_per_day(raised, replay),
    )


def _setting(replay: AlertReplay) -> RuleSetting:
    rule = Rule(replay.rule)
    parameters = read_parameters(PARAMETERS[rule], replay.parameters)
    return RuleSetting(rule, True, parameters, replay.segment, replay.stage)


def _raised(session: Session, episodes: Sequence[Any]) -> list[Raised]:
    """Those of accounts that have gone since are left out."""
    ids = {account for account, _opened, _closed in episodes}
    wanted = select(Account.id, Account.key, Account.name).where(Account.id.in_(ids))
    names = {row.id: (row.key, row.name) for row in session.execute(wanted)}
    return [
        Raised(
            *names[account],
            date.fromisoformat(opened),
            date.fromisoformat(closed) if closed else None,
        )
        for account, opened, closed in episodes
        if account in names
    ]


def _per_day(raised: Sequence[Raised], replay: AlertReplay) -> list[tuple[date, int]]:
    if replay.last_day is None:
        return []
    counts = Counter(one.opened_on for one in raised)
    first = replay.last_day - timedelta(days=replay.days - 1)
    run = [first + timedelta(days=place) for place in range(replay.days)]
    return [(day, counts[day]) for day in run]
