"""Tasks of the vendor's people: kinds, and where a task stands on a day."""

from datetime import date, datetime
from enum import StrEnum

from portal.domain.early_warning import Proposal

LONGEST_TITLE = 200
LONGEST_NOTE = 4000
LONGEST_REASON = 500


class TaskKind(StrEnum):
    CALL = "call"
    TRAINING = "training"
    PRACTICE = "practice"
    OTHER = "other"

    @classmethod
    def of(cls, proposal: Proposal) -> "TaskKind":
        return cls(proposal.value)


class TaskState(StrEnum):
    """Due: today, or within the days that a list calls soon. Later: not yet."""

    OVERDUE = "overdue"
    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"


def task_state(
    due_on: date, snoozed_until: date | None, done_at: datetime | None, today: date
) -> TaskState:
    if done_at is not None:
        return TaskState.DONE
    if snoozed_until is not None and snoozed_until > today:
        return TaskState.SNOOZED
    return TaskState.OVERDUE if due_on < today else TaskState.OPEN
