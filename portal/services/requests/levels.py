"""The vendor's service levels and the calendars that they run in: kept, read, tried out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.requests import Severity
from portal.domain.service_level import LONGEST_PROMISE, add_business, parse_calendar, parse_spans
from portal.models import ServiceCalendar, ServiceLevel
from portal.services.audit import record
from portal.services.jobs import enqueue
from portal.services.requests.promises import promise_for, read_promises
from portal.tenancy import scope_of

TIERS = ("strategic", "standard", "small")
SEVERITIES = ("", *(severity.value for severity in Severity))
"""Empty: for requests without one, and for those whose own has no level."""
LONGEST_NAME = 120
MOST_DAYS_OFF = 400
REWIND = "requests.rewind"
"""Job: what is due of the open requests of the accounts of `tier` is worked out anew."""


@dataclass(frozen=True, slots=True)
class CalendarText:
    """What a form says. `hours`: weekday ("0" Monday) → "09:00-12:00, 13:00-17:00"; `days_off`: ISO
    days, one a line.
    """

    name: str
    zone: str
    hours: Mapping[str, str]
    holidays: str = ""
    days_off: str = ""


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """`used`: how many levels run in it."""

    key: str
    name: str
    zone: str
    hours: dict[str, list[list[str]]]
    holidays: str
    days_off: list[str]
    used: int


@dataclass(frozen=True, slots=True)
class LevelText:
    """Business minutes of the calendar (its key), None where nothing is promised."""

    calendar: str
    first: int | None = None
    update: int | None = None
    solution: int | None = None

    @property
    def minutes(self) -> tuple[int | None, int | None, int | None]:
        return self.first, self.update, self.solution


@dataclass(frozen=True, slots=True)
class Dues:
    """When a first word and a solution are due, aware; None where nothing is promised. `update`:
    the next word after one that is given at once.
    """

    first: datetime | None
    update: datetime | None
    solution: datetime | None
    zone: str


def list_calendars(session: Session) -> list[CalendarRow]:
    """By name. One statement."""
    used = (
        select(func.count(ServiceLevel.id))
        .where(ServiceLevel.calendar_id == ServiceCalendar.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ServiceCalendar.key,
            ServiceCalendar.name,
            ServiceCalendar.zone,
            ServiceCalendar.hours,
            ServiceCalendar.holidays,
            ServiceCalendar.days_off,
            used.label("used"),
        ).order_by(func.lower(ServiceCalendar.name))
    )
    return [CalendarRow(*row) for row in rows]


def find_calendar(session: Session, key: str) -> CalendarRow:
    """Raises NotFound."""
    found = next((one for one in list_calendars(session) if one.key == key), None)
    if found is None:
        raise NotFound
    return found


def save_calendar(session: Session, text: CalendarText, key: str = "") -> str:
    """A new one, or that of the key; its key. What runs in it is worked out anew. Commits. Raises
    NotFound and Invalid with a sentence for each member.
    """
    row = ServiceCalendar(key=new_key()) if not key else _calendar(session, key)
    name = " ".join(text.name.split())
    hours = _checked(session, text, name, key)
    row.name, row.zone, row.hours = name, text.zone, hours
    row.holidays, row.days_off = text.holidays, sorted(set(_days(text.days_off)))
    session.add(row)
    session.flush()
    tiers = session.scalars(
        select(ServiceLevel.tier).where(ServiceLevel.calendar_id == row.id).distinct()
    ).all()
    rewind_tiers(session, set(tiers))
    record(session, "service_calendar.save", "service_calendar", row.key, name=name)
    session.commit()
    return row.key


def _checked(
    session: Session, text: CalendarText, name: str, key: str
) -> dict[str, list[list[str]]]:
    """The hours as they are kept."""
    fields = {}
    if not name or len(name) > LONGEST_NAME or "\x00" in name:
        fields["name"] = "Give it a name of at most 120 characters."
    twin = select(ServiceCalendar.key).where(func.lower(ServiceCalendar.name) == name.lower())
    if any(other != key for other in session.scalars(twin)):
        fields["name"] = "Another calendar has this name."
    hours: dict[str, list[list[str]]] = {}
    for weekday, spans in text.hours.items():
        try:
            hours[weekday] = parse_spans(spans)
        except ValueError:
            fields[f"hours_{weekday}"] = "Write spans like 09:00-17:00, in order."
    days = _days(text.days_off)
    if len(days) > MOST_DAYS_OFF:
        fields["days_off"] = "At most 400 days."
    try:
        parse_calendar(text.zone, hours, text.holidays, days)
    except Invalid as refused:
        fields = {**refused.fields, **fields}
    if fields:
        raise Invalid("The calendar cannot be read.", code="bad-calendar", fields=fields)
    return {weekday: spans for weekday, spans in hours.items() if spans}


def _days(text: str) -> list[str]:
    return text.replace(",", " ").split()


def delete_calendar(session: Session, key: str) -> None:
    """Raises NotFound, and Conflict while a level runs in it. Commits."""
    row = _calendar(session, key)
    used = select(ServiceLevel.id).where(ServiceLevel.calendar_id == row.id).limit(1)
    if session.scalar(used) is not None:
        said = "Service levels run in this calendar. Give them another first."
        raise Conflict(said, code="calendar-used")
    session.delete(row)
    record(session, "service_calendar.delete", "service_calendar", key, name=row.name)
    session.commit()


def _calendar(session: Session, key: str) -> ServiceCalendar:
    found = session.scalar(select(ServiceCalendar).where(ServiceCalendar.key == key))
    if found is None:
        raise NotFound
    return found


def list_levels(session: Session) -> dict[tuple[str, str], LevelText]:
    """By tier and severity. One statement."""
    rows = session.execute(
        select(
            ServiceLevel.tier,
            ServiceLevel.severity,
            ServiceCalendar.key,
            ServiceLevel.first_minutes,
            ServiceLevel.update_minutes,
            ServiceLevel.solution_minutes,
        ).join(ServiceCalendar, ServiceCalendar.id == ServiceLevel.calendar_id)
    )
    return {(row[0], row[1]): LevelText(*row[2:]) for row in rows}


def save_levels(session: Session, tier: str, levels: Mapping[str, LevelText]) -> bool:
    """Those of a tier, by severity; one that promises nothing is not kept. Whether anything has
    changed: then what is due is worked out anew. Commits. Raises NotFound (tier) and Invalid.
    """
    if tier not in TIERS:
        raise NotFound
    calendars = {
        row.key: row.id for row in session.execute(select(ServiceCalendar.key, ServiceCalendar.id))
    }
    _check_levels(levels, calendars)
    wanted = {one: level for one, level in levels.items() if any(level.minutes)}
    before = {one: level for (of, one), level in list_levels(session).items() if of == tier}
    if wanted == before:
        return False
    rows = {
        row.severity: row
        for row in session.scalars(select(ServiceLevel).where(ServiceLevel.tier == tier))
    }
    for severity, row in rows.items():
        if severity not in wanted:
            session.delete(row)
    for severity, level in wanted.items():
        row = rows.get(severity) or ServiceLevel(key=new_key(), tier=tier, severity=severity)
        row.calendar_id = calendars[level.calendar]
        row.first_minutes, row.update_minutes, row.solution_minutes = level.minutes
        session.add(row)
    rewind_tiers(session, {tier})
    kept = {severity or "any": list(level.minutes) for severity, level in wanted.items()}
    record(session, "service_level.save", "service_level", tier, levels=kept)
    session.commit()
    return True


def _check_levels(levels: Mapping[str, LevelText], calendars: Mapping[str, int]) -> None:
    fields = {}
    for severity, level in levels.items():
        if severity not in SEVERITIES:
            raise NotFound
        place = severity or "any"
        if any(level.minutes) and level.calendar not in calendars:
            fields[f"{place}_calendar"] = "Choose a calendar."
        for name, minutes in zip(("first", "update", "solution"), level.minutes, strict=True):
            if minutes is not None and not 1 <= minutes <= LONGEST_PROMISE:
                fields[f"{place}_{name}"] = "From one minute to 2,000 hours."
    if fields:
        raise Invalid("The levels cannot be read.", code="bad-level", fields=fields)


def try_out(session: Session, tier: str, severity: str) -> Dues | None:
    """Of a request that is told now; None where nothing is promised."""
    promise = promise_for(read_promises(session), tier, severity)
    if promise is None:
        return None
    now, calendar = scope_of(session).now, promise.calendar

    def due(minutes: int | None) -> datetime | None:
        return None if minutes is None else add_business(calendar, now, minutes)

    return Dues(due(promise.first), due(promise.update), due(promise.solution), calendar.zone)


def rewind_tiers(session: Session, tiers: Iterable[str]) -> None:
    """What is due of their open requests is worked out anew, once the caller's transaction is
    committed.
    """
    for tier in sorted(tiers):
        enqueue(session, REWIND, {"tier": tier}, unique_key=f"{REWIND}:{tier}")
