"""Courses that wait for the reader: begun or asked for, and not finished."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.services.training.assignments import own_due
from portal.services.training.courses import CourseLine, list_courses


@dataclass(frozen=True, slots=True)
class WaitingCourse:
    """`asked`: the champion asks for it; `due_on` until when, if a day was named."""

    line: CourseLine
    asked: bool
    due_on: date | None


def waiting_courses(session: Session) -> list[WaitingCourse]:
    """What is due first comes first, then what was begun."""
    due = own_due(session)
    found = [
        WaitingCourse(line, line.id in due, due.get(line.id))
        for line in list_courses(session)
        if line.finished_at is None and (line.started or line.id in due)
    ]
    return sorted(found, key=lambda one: (one.due_on or date.max, not one.asked, one.line.title))
