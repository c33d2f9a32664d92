"""What a person does about an alert. Each act stands in the audit log and commits."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.tasks import LONGEST_REASON
from portal.models import Alert, Task
from portal.services.alerts.evaluation import Ended
from portal.services.alerts.listing import reader_today
from portal.services.audit import record
from portal.tenancy import scope_of

LONGEST_SNOOZE = timedelta(days=180)


def snooze_alert(session: Session, key: str, until: date, reason: str) -> None:
    """It stays out of the lists before that day. Raises NotFound, Conflict (closed), Invalid
    (until, reason).
    """
    alert = _open(session, key)
    alert.snoozed_until = check_snooze(session, until)
    alert.snooze_reason = check_reason(reason)
    alert.snoozed_by = scope_of(session).user_id
    _note(session, "alert.snooze", alert, until=until.isoformat(), reason=alert.snooze_reason)


def wake_alert(session: Session, key: str) -> None:
    """Back into the lists at once. Raises NotFound, Conflict (closed)."""
    alert = _open(session, key)
    alert.snoozed_until, alert.snoozed_by, alert.snooze_reason = None, None, ""
    _note(session, "alert.wake", alert)


def close_alert(session: Session, key: str, reason: str) -> None:
    """By hand; its open tasks that nobody has touched end with it. The rule fires again only
    after it was quiet. Raises NotFound, Conflict (closed), Invalid (reason).
    """
    alert = _open(session, key)
    scope = scope_of(session)
    alert.close_reason = check_reason(reason)
    alert.closed_on, alert.closed_by, alert.ended = reader_today(session), scope.user_id, Ended.HAND
    untouched = select(Task).where(
        Task.alert_id == alert.id, Task.done_at.is_(None), Task.touched_at.is_(None)
    )
    for task in session.scalars(untouched):
        task.done_at, task.done_by, task.dropped = scope.now, scope.user_id, True
    _note(session, "alert.close", alert, reason=alert.close_reason)


def snooze_range(today: date) -> tuple[date, date]:
    """The first and the last day on which something that sleeps may be back."""
    return today + timedelta(days=1), today + LONGEST_SNOOZE


def check_snooze(session: Session, until: date) -> date:
    first, last = snooze_range(reader_today(session))
    if not first <= until <= last:
        said = "Choose a day from tomorrow on, at most 180 days ahead."
        raise Invalid(said, code="bad-snooze", fields={"until": said})
    return until


def check_reason(reason: str) -> str:
    said = reason.strip()
    if not 1 <= len(said) <= LONGEST_REASON:
        words = "Give a reason of at most 500 characters."
        raise Invalid(words, code="no-reason", fields={"reason": words})
    return said


def _open(session: Session, key: str) -> Alert:
    alert = session.scalar(select(Alert).where(Alert.key == key))
    if alert is None:
        raise NotFound
    if alert.closed_on is not None:
        raise Conflict("This alert is closed already.", code="alert-closed")
    return alert


def _note(session: Session, action: str, alert: Alert, **details: str) -> None:
    record(session, action, "alert", alert.key, account_id=alert.account_id, **details)
    session.commit()
