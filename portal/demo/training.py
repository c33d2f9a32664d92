"""Who has taken which course, what a champion asked for, and live sessions behind and ahead."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.demo.acting import Cast
from portal.models import CourseLesson, CourseQuestion, KnowledgeItem
from portal.services.training.assignments import assign_course
from portal.services.training.attempts import Answers, begin_attempt, submit_attempt
from portal.services.training.progress import complete_lesson
from portal.services.training.sessions import (
    SessionText,
    hand_out,
    mark_attendance,
    plan_session,
    say_needs,
)
from portal.tenancy import system_scope

COMPANY = "oskelund-foods"
INGRID, PIA = "ingrid@oskelund.example", "pia@oskelund.example"
HENRIK, MARA = "henrik@oskelund.example", "mara@ferrymark.example"
CHEN, LIN = "chen@heliox.example", "lin@pellan.example"
CHAINS = "approvals-that-flow"
# Who, which course, how many of its lessons, how many days ago, whether they passed its quiz.
TAKEN = (
    (PIA, CHAINS, 99, 12, True),
    (HENRIK, CHAINS, 1, 5, False),
    (INGRID, "figures-people-use", 99, 30, True),
    (CHEN, CHAINS, 99, 21, True),
    (LIN, "figures-people-use", 2, 9, False),
)


def _link(path: str) -> str:
    """Mails of the demo lead nowhere but to this machine."""
    return f"http://127.0.0.1:8000{path}"


def load_training(database: Database, now: datetime) -> None:
    """Nothing where the courses or the people are not there."""
    cast = Cast(database, now)
    with database.session(system_scope(now, "demo")) as session:
        courses = set(session.scalars(select(KnowledgeItem.slug)))
    if INGRID in cast.users and CHAINS in courses:
        _assign(cast, now)
        _hold_sessions(cast, now)
    for email, slug, lessons, days, passes in TAKEN:
        if email in cast.users and slug in courses:
            with cast.at(email, days) as session:
                _take(session, slug, lessons, passes=passes)


def _assign(cast: Cast, now: datetime) -> None:
    people = [cast.users[email].key for email in (PIA, HENRIK)]
    due_on = (now + timedelta(days=10)).date()
    with cast.at(INGRID, 20) as session:
        assign_course(session, CHAINS, people=people, team="", due_on=due_on, link=_link)


def _take(session: Session, slug: str, lessons: int, *, passes: bool) -> None:
    wanted = select(CourseLesson.slug).join(
        KnowledgeItem, KnowledgeItem.id == CourseLesson.course_id
    )
    ordered = wanted.where(KnowledgeItem.slug == slug).order_by(CourseLesson.position)
    for lesson in session.scalars(ordered).all()[:lessons]:
        complete_lesson(session, slug, lesson)
    if passes:
        submit_attempt(session, slug, begin_attempt(session, slug), _right(session, slug))


def _right(session: Session, slug: str) -> Answers:
    rows = session.execute(
        select(
            CourseQuestion.key,
            CourseQuestion.right,
            CourseQuestion.words,
        )
        .join(KnowledgeItem, KnowledgeItem.id == CourseQuestion.course_id)
        .where(KnowledgeItem.slug == slug)
    )
    return {row.key: row.right or str(row.words["en"]["answer"]) for row in rows}


def _hold_sessions(cast: Cast, now: datetime) -> None:
    """One was held six days ago, one comes in nine."""
    account_id = cast.users[PIA].account_id
    morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
    guests = [cast.users[email].key for email in (INGRID, PIA, HENRIK)]
    held = SessionText(
        title="Shorter approval chains, on your own chain",
        note="Bring the chain that waits longest.",
        starts_at=morning - timedelta(days=6),
        minutes=60,
        place="",
        link="https://meet.ferrymark.example/chains",
        trainer="Mara Quill",
    )
    with cast.at(MARA, 20, account_id) as session:
        key = plan_session(session, COMPANY, held, guests, _link)
    with cast.at(PIA, 8) as session:
        say_needs(session, key, "some", "Who stands in for an approver on leave?")
    with cast.at(MARA, 5, account_id) as session:
        for email in (INGRID, PIA):
            mark_attendance(session, key, cast.users[email].key, came=True)
        hand_out(session, key, "https://meet.ferrymark.example/chains/recording", "", _link)
    coming = SessionText(
        title="Dashboards that are read",
        note="Questions and answers for those who build dashboards.",
        starts_at=morning + timedelta(days=9),
        minutes=45,
        place="",
        link="https://meet.ferrymark.example/dashboards",
        trainer="Mara Quill",
    )
    with cast.at(MARA, 2, account_id) as session:
        plan_session(session, COMPANY, coming, guests[:2], _link)
