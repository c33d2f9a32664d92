"""Use of what a course teaches, before and after the first people of an account finished it, or,
where nobody has yet, did a lesson of it. What stands side by side here is associated; it does not
say that one caused the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.cohorts import LEAST_GROUP
from portal.models import (
    Account,
    CourseLesson,
    Enrolment,
    KnowledgeFeature,
    TrainingProgress,
)
from portal.services.adoption import feature_use
from portal.services.training.courses import CourseLine
from portal.tenancy import scope_of

AROUND = 28
"""Days on each side."""
MOST_COURSES = 6


@dataclass(frozen=True, slots=True)
class LaterUse:
    """Uses by the whole account in the four weeks before the first person finished (`learnt_on`,
    a day of the account's zone) and in the four weeks after it; `after` None until those are over.
    `lesson`: a first lesson was done, and the course is not finished by enough people.
    """

    course: CourseLine
    feature: str
    learnt_on: date
    lesson: bool
    before: int
    after: int | None


def later_use(session: Session, account_key: str, courses: Sequence[CourseLine]) -> list[LaterUse]:
    """Of courses that somebody finished or did a lesson of, and that teach a feature of the
    contract; where the account shows people in groups only, those that at least five did.
    """
    account = session.execute(
        select(Account.id, Account.time_zone, Account.people_shown).where(
            Account.key == account_key
        )
    ).one()
    least = 1 if account.people_shown == "named" else LEAST_GROUP
    finished = _first_finishes(session, account.id, least)
    firsts = _first_lessons(session, account.id, least) | finished
    taught = _main_features(session, [one.id for one in courses])
    zone = ZoneInfo(account.time_zone)
    today = scope_of(session).now.astimezone(zone).date()
    chosen = [one for one in courses if one.id in firsts and one.id in taught][:MOST_COURSES]
    found = []
    for course in chosen:
        day = firsts[course.id].astimezone(zone).date()
        one = _around(session, account_key, course, taught[course.id], day, today)
        if one is not None:
            found.append(replace(one, lesson=course.id not in finished))
    return found


def _around(  # noqa: PLR0917 # one course of one account on one day
    session: Session, account_key: str, course: CourseLine, feature: str, day: date, today: date
) -> LaterUse | None:
    before = _uses(session, account_key, feature, day - timedelta(days=1))
    if before is None:
        return None
    last = day + timedelta(days=AROUND)
    after = _uses(session, account_key, feature, last) if last < today else None
    return LaterUse(course, before[0], day, False, before[1], after[1] if after else None)


def _uses(session: Session, account_key: str, feature: str, last: date) -> tuple[str, int] | None:
    """(name, uses) in the days that end on `last`; None for what the account has not bought."""
    locale = scope_of(session).locale
    rows = feature_use(session, account_key, last, AROUND)
    return next(((one.name(locale), one.uses) for one in rows if one.key == feature), None)


def _first_finishes(session: Session, account_id: int, least: int) -> dict[int, datetime]:
    rows: Any = session.execute(
        select(Enrolment.course_id, func.min(Enrolment.finished_at))
        .where(Enrolment.account_id == account_id, Enrolment.finished_at.is_not(None))
        .group_by(Enrolment.course_id)
        .having(func.count(Enrolment.id) >= least)
    )
    return dict(rows.all())


def _first_lessons(session: Session, account_id: int, least: int) -> dict[int, datetime]:
    rows: Any = session.execute(
        select(CourseLesson.course_id, func.min(TrainingProgress.done_at))
        .join(TrainingProgress, TrainingProgress.lesson_id == CourseLesson.id)
        .where(TrainingProgress.account_id == account_id)
        .group_by(CourseLesson.course_id)
        .having(func.count(TrainingProgress.user_id.distinct()) >= least)
    )
    return dict(rows.all())


def _main_features(session: Session, ids: list[int]) -> dict[int, str]:
    rows: Any = session.execute(
        select(KnowledgeFeature.item_id, KnowledgeFeature.feature_key).where(
            KnowledgeFeature.item_id.in_(ids), KnowledgeFeature.position == 0
        )
    )
    return dict(rows.all())
