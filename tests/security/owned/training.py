"""What somebody of the account has done of a course that both accounts may read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import (
    Certificate,
    Course,
    CourseLesson,
    CourseQuestion,
    Enrolment,
    KnowledgeAudience,
    KnowledgeItem,
    KnowledgeVersion,
    LessonText,
    QuizAttempt,
    SessionGuest,
    TrainingAssignment,
    TrainingProgress,
    TrainingSession,
)
from tests.security.owned.owner import Owner
from tests.world import NOW

# 16 letters of the alphabet of numbers, by the account's short name.
CODES = {"osk": "0SK0-0000-0000-0001", "qui": "0Q00-0000-0000-0002"}


def add_training(session: Session, owner: Owner) -> dict[str, str]:
    course, lesson = _course(session)
    who = {"account_id": owner.account_id, "user_id": owner.champion_id}
    session.add(TrainingProgress(**who, lesson_id=lesson, done_at=NOW))
    session.add(Enrolment(**who, course_id=course, started_at=NOW, seen_at=NOW))
    attempt = QuizAttempt(
        **who,
        key=f"attempt-{owner.short}",
        course_id=course,
        number=1,
        revision=1,
        seed="seed",
        locale="en",
        answers={},
        results={},
        decisions={},
        started_at=NOW,
    )
    session.add(attempt)
    session.flush()
    certificate = Certificate(
        **who,
        code=CODES[owner.short],
        course_id=course,
        attempt_id=attempt.id,
        name="Somebody",
        account_name=owner.account_key,
        titles={"en": "Course"},
        issued_on=NOW.date(),
    )
    session.add(certificate)
    session.add_all([_review(who, owner, course), _assignment(owner, course)])
    session.flush()
    return {
        "attempt": attempt.key,
        "certificate": certificate.code,
        "review": f"review-{owner.short}",
        "assignment": f"assignment-{owner.short}",
        "live session": _live_session(session, who, owner),
    }


def _live_session(session: Session, who: dict[str, int], owner: Owner) -> str:
    made = TrainingSession(
        key=f"live-{owner.short}",
        account_id=owner.account_id,
        title="Live",
        starts_at=NOW,
        minutes=60,
        time_zone="UTC",
        code="CODE11",
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    session.add(SessionGuest(**who, session_id=made.id, invited_at=NOW))
    session.flush()
    return made.key


def _assignment(owner: Owner, course: int) -> TrainingAssignment:
    return TrainingAssignment(
        key=f"assignment-{owner.short}",
        account_id=owner.account_id,
        course_id=course,
        created_at=NOW,
    )


def _review(who: dict[str, int], owner: Owner, course: int) -> QuizAttempt:
    return QuizAttempt(
        **who,
        key=f"review-{owner.short}",
        course_id=course,
        number=2,
        revision=1,
        state="review",
        seed="seed",
        locale="en",
        answers={},
        results={},
        decisions={},
        started_at=NOW,
        submitted_at=NOW,
    )


def _course(session: Session) -> tuple[int, int]:
    """(course, lesson), made for the first account."""
    found = session.execute(select(CourseLesson.course_id, CourseLesson.id)).one_or_none()
    if found is not None:
        return found.course_id, found.id
    item = KnowledgeItem(
        slug="a-course",
        type="course",
        state="published",
        audience="customers",
        audience_accounts=[],
        audience_segments=[],
        review_by=NOW.date(),
        published_on=NOW.date(),
        minutes=3,
        changed_in=1,
        guarded_in=0,
        created_at=NOW,
    )
    session.add(item)
    session.flush()
    _words(session, item.id)
    lesson = CourseLesson(course_id=item.id, slug="first", position=1, minutes=3)
    session.add_all([Course(item_id=item.id, updated_at=NOW), lesson])
    session.flush()
    text = LessonText(
        lesson_id=lesson.id, locale="en", title="One", body="x", html="", updated_at=NOW
    )
    words = {"ask": "?", "options": ["a", "b"], "answer": "", "why": "."}
    question = CourseQuestion(
        course_id=item.id,
        key="one",
        position=1,
        kind="single",
        options=2,
        right=["a"],
        words={"en": words},
    )
    session.add_all([text, question])
    session.flush()
    return item.id, lesson.id


def _words(session: Session, item_id: int) -> None:
    session.add_all(
        [KnowledgeAudience(item_id=item_id, token=one) for one in ("customers", "vendor")]
    )
    session.add(
        KnowledgeVersion(
            item_id=item_id,
            locale="en",
            title="Course",
            summary="A course.",
            body="x",
            html="<p>x</p>",
            text="x",
            outline=[],
            comparison=[],
            digest="",
            updated_at=NOW,
        )
    )


def _text(lesson_id: int) -> LessonText:
    return LessonText(
        lesson_id=lesson_id, locale="en", title="One", body="x", html="", updated_at=NOW
    )


def _question(course_id: int) -> CourseQuestion:
    words = {"ask": "?", "options": ["a", "b"], "answer": "", "why": "."}
    return CourseQuestion(
        course_id=course_id,
        key="one",
        position=1,
        kind="single",
        options=2,
        right=["a"],
        words={"en": words},
    )
