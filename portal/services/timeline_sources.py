"""Where a timeline's entries come from: one statement each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.domain.band_changes import BandDay, lasting_changes
from portal.domain.early_warning import Evidence
from portal.models import (
    Alert,
    AuditEntry,
    HealthDay,
    HealthOverride,
    RenewalOutcome,
    Task,
    User,
    ValueReport,
)
from portal.services.lifecycle import CHANGED
from portal.services.volumes import measure_names, named

MOST_OF_A_KIND = 1000
EVENING = time(23, 59)


class Happening(StrEnum):
    ALERT_OPENED = "alert_opened"
    ALERT_CLOSED = "alert_closed"
    HEALTH_BAND = "health_band"
    TASK_DONE = "task_done"
    REPORT = "report"
    OVERRIDE = "override"
    OUTCOME = "outcome"
    STAGE = "stage"
    TARGET_SET = "target.set"
    TARGET_CHANGED = "target.changed"
    TARGET_REMOVED = "target.removed"


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` is the thing's, for its page. `by` is who did it, empty for nobody. Signals are of
    the evening of their day in the account's zone. `facts` belong to the kind.
    """

    at: datetime
    kind: Happening
    key: str
    by: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Whose:
    id: int
    key: str
    name: str
    zone: ZoneInfo

    def evening(self, day: date) -> datetime:
        return datetime.combine(day, EVENING, self.zone).astimezone(UTC)


def _newest(
    session: Session, whose: Whose, wanted: Any, by: InstrumentedAttribute[Any]
) -> Sequence[Row[Any]]:
    """The account's newest, by a column of the table that is asked."""
    own = wanted.where(by.class_.account_id == whose.id)
    return session.execute(own.order_by(by.desc()).limit(MOST_OF_A_KIND)).all()


def _name(otherwise: Any = "") -> ColumnElement[str]:
    """Of the user who did it."""
    return func.coalesce(User.name, otherwise).label("by")


def _alerts(session: Session, whose: Whose) -> list[Entry]:
    wanted = select(
        Alert.key,
        Alert.rule,
        Alert.gravity,
        Alert.opened_on,
        Alert.closed_on,
        Alert.opening,
        Alert.ended,
        Alert.close_reason,
        _name(),
    ).outerjoin(User, User.id == Alert.closed_by)
    found = []
    rows = _newest(session, whose, wanted, Alert.opened_on)
    told = named(session, [(whose.key, Evidence.read(row.opening)) for row in rows])
    for row, evidence in zip(rows, told, strict=True):
        facts: dict[str, Any] = {"rule": row.rule, "gravity": row.gravity, "evidence": evidence}
        opened = whose.evening(row.opened_on)
        found.append(Entry(opened, Happening.ALERT_OPENED, row.key, "", facts))
        if row.closed_on is not None:
            facts = {"rule": row.rule, "ended": row.ended, "reason": row.close_reason}
            closed = whose.evening(row.closed_on)
            found.append(Entry(closed, Happening.ALERT_CLOSED, row.key, row.by, facts))
    return found


def _bands(session: Session, whose: Whose) -> list[Entry]:
    """Changes of the score's band that were not taken back within days (domain/band_changes.py)."""
    wanted = select(HealthDay.day, HealthDay.band, HealthDay.score).where(HealthDay.band != "")
    newest = _newest(session, whose, wanted, HealthDay.day)
    days = [BandDay(*row) for row in reversed(newest)]
    return [
        Entry(
            whose.evening(one.day),
            Happening.HEALTH_BAND,
            "",
            "",
            {"before": one.before, "after": one.after, "score": one.score},
        )
        for one in lasting_changes(days)
    ]


def _tasks(session: Session, whose: Whose) -> list[Entry]:
    wanted = (
        select(
            Task.key,
            Task.title,
            Task.kind,
            Task.done_at,
            _name(),
            func.coalesce(Alert.rule, "").label("rule"),
        )
        .outerjoin(User, User.id == Task.done_by)
        .outerjoin(Alert, Alert.id == Task.alert_id)
        .where(Task.done_at.is_not(None), Task.dropped.is_(False))
    )
    return [
        Entry(
            row.done_at,
            Happening.TASK_DONE,
            row.key,
            row.by,
            {"title": row.title, "kind": row.kind, "rule": row.rule},
        )
        for row in _newest(session, whose, wanted, Task.done_at)
    ]


def _reports(session: Session, whose: Whose) -> list[Entry]:
    wanted = (
        select(
            ValueReport.key,
            ValueReport.first,
            ValueReport.last,
            ValueReport.version,
            ValueReport.published_at,
            _name(ValueReport.published_by),
        )
        .outerjoin(User, User.email == ValueReport.published_by)
        .where(ValueReport.published_at.is_not(None))
    )
    return [
        Entry(
            row.published_at,
            Happening.REPORT,
            row.key,
            row.by,
            {"first": row.first, "last": row.last, "version": row.version},
        )
        for row in _newest(session, whose, wanted, ValueReport.published_at)
    ]


def _overrides(session: Session, whose: Whose) -> list[Entry]:
    wanted = select(
        HealthOverride.band,
        HealthOverride.reason,
        HealthOverride.until,
        HealthOverride.created_at,
        _name(),
    ).outerjoin(User, User.id == HealthOverride.created_by)
    return [
        Entry(
            row.created_at,
            Happening.OVERRIDE,
            "",
            row.by,
            {"band": row.band, "reason": row.reason, "until": row.until},
        )
        for row in _newest(session, whose, wanted, HealthOverride.created_at)
    ]


def _outcomes(session: Session, whose: Whose) -> list[Entry]:
    wanted = select(
        RenewalOutcome.day,
        RenewalOutcome.outcome,
        RenewalOutcome.note,
        RenewalOutcome.created_at,
    )
    return [
        Entry(
            min(whose.evening(row.day), row.created_at),
            Happening.OUTCOME,
            "",
            "",
            {"day": row.day, "outcome": row.outcome, "note": row.note},
        )
        for row in _newest(session, whose, wanted, RenewalOutcome.day)
    ]


_ACTIONS = {
    CHANGED: Happening.STAGE,
    **{one.value: one for one in Happening if one.value.startswith("target.")},
}


def _audited(session: Session, whose: Whose) -> list[Entry]:
    """What only the audit log keeps: the stage's changes and the targets', with the `name` of the
    business volume that a target is of.
    """
    wanted = (
        select(
            AuditEntry.at,
            AuditEntry.action,
            AuditEntry.object_key,
            AuditEntry.details,
            _name(AuditEntry.actor),
        )
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.action.in_(_ACTIONS))
    )
    rows = _newest(session, whose, wanted, AuditEntry.at)
    names = measure_names(session, ((whose.key, row.details.get("metric", "")) for row in rows))
    return [
        Entry(
            row.at,
            _ACTIONS[row.action],
            row.object_key,
            row.by,
            {**row.details, "name": names.get((whose.key, row.details.get("metric", "")), "")},
        )
        for row in rows
    ]


Source = Callable[[Session, Whose], list[Entry]]
SOURCES: tuple[Source, ...] = (
    _alerts,
    _bands,
    _tasks,
    _reports,
    _overrides,
    _outcomes,
    _audited,
)
