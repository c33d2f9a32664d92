"""Reminders of courses."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.audience import CUSTOMERS
from portal.domain.knowledge import PUBLISHED
from portal.models import (
    Course,
    KnowledgeAudience,
    KnowledgeItem,
    KnowledgeVersion,
    Mail,
    TrainingAssignee,
    TrainingAssignment,
    User,
)
from portal.services.jobs import enqueue
from tests.jobs.scenarios.place import Place, Scenario
from tests.moments import NOON, at
from tests.world import PIA, build_world


def add_course(session: Session, slug: str) -> int:
    """Its id."""
    item = KnowledgeItem(
        slug=slug,
        type="course",
        audience="customers",
        state=PUBLISHED,
        audience_accounts=[],
        review_by=NOON.date(),
        published_on=NOON.date(),
        minutes=1,
        changed_in=1,
        guarded_in=0,
        created_at=NOON,
    )
    session.add(item)
    session.flush()
    session.add(
        KnowledgeVersion(
            item_id=item.id,
            locale="en",
            title=slug,
            summary="",
            body="",
            html="",
            text="",
            outline=[],
            comparison=[],
            digest="",
            updated_at=NOON,
        )
    )
    session.add(KnowledgeAudience(item_id=item.id, token=CUSTOMERS))
    session.add(Course(item_id=item.id, updated_at=NOON))
    session.flush()
    return item.id


def ask_to_remind(place: Place, turn: int) -> None:
    """Pia is late with one more course; of each she hears once, however often it is looked at."""
    if turn == 0:
        build_world(place.database)
    with at(place.database) as session:
        pia = session.scalars(select(User).where(User.email == PIA)).one()
        course_id = add_course(session, f"course-{turn}")
        assignment = TrainingAssignment(
            account_id=pia.account_id,
            course_id=course_id,
            due_on=NOON.date() - timedelta(days=1),
            created_at=NOON,
        )
        session.add(assignment)
        session.flush()
        session.add(
            TrainingAssignee(account_id=pia.account_id, assignment_id=assignment.id, user_id=pia.id)
        )
        enqueue(session, "training.remind", {})
        session.commit()


def check_reminded(place: Place, turn: int) -> None:
    with at(place.database) as session:
        assert session.scalar(select(func.count(Mail.id))) == turn + 1
        assert set(session.scalars(select(Mail.recipient))) == {PIA}


SCENARIOS = {"training.remind": Scenario(ask_to_remind, check_reminded)}
