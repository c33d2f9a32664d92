"""What is promised to which tier for which severity, with the calendar that it runs in."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.service_level import BusinessCalendar, parse_calendar
from portal.models import ServiceCalendar, ServiceLevel


@dataclass(frozen=True, slots=True)
class Promise:
    """Business minutes of the calendar, None for none."""

    calendar: BusinessCalendar
    first: int | None
    update: int | None
    solution: int | None


Promises = Mapping[tuple[str, str], Promise]
"""By tier and severity; severity "" stands for requests without one."""


def read_promises(session: Session) -> Promises:
    """All of them. One statement."""
    rows = session.execute(
        select(
            ServiceLevel.tier,
            ServiceLevel.severity,
            ServiceLevel.first_minutes,
            ServiceLevel.update_minutes,
            ServiceLevel.solution_minutes,
            ServiceCalendar.key,
            ServiceCalendar.zone,
            ServiceCalendar.hours,
            ServiceCalendar.holidays,
            ServiceCalendar.days_off,
        ).join(ServiceCalendar, ServiceCalendar.id == ServiceLevel.calendar_id)
    ).all()
    calendars = {
        row.key: parse_calendar(row.zone, row.hours, row.holidays, row.days_off) for row in rows
    }
    return {
        (row.tier, row.severity): Promise(
            calendars[row.key], row.first_minutes, row.update_minutes, row.solution_minutes
        )
        for row in rows
    }


def promise_for(promises: Promises, tier: str, severity: str) -> Promise | None:
    """That of the tier for the severity, else that of the tier without one."""
    return promises.get((tier, severity)) or promises.get((tier, ""))
