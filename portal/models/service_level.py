from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column


class ServiceCalendar(Base):
    """When the vendor works: an IANA zone, hours by weekday, and the days off.

    `hours`: weekday "0" (Monday) to "6" → [["09:00", "12:00"], …], local times. `holidays` is a
    calendar of domain.early_warning.workdays, or empty; `days_off` are ISO days beside it.
    """

    __tablename__ = "service_calendar"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    name: Mapped[str] = mapped_column(String(120), unique=True)
    zone: Mapped[str] = mapped_column(String(64))
    hours: Mapped[dict[str, list[list[str]]]] = mapped_column(JSON)
    holidays: Mapped[str] = mapped_column(String(16), default="")
    days_off: Mapped[list[str]] = mapped_column(JSON, default=list)


class ServiceLevel(Base):
    """What is promised to accounts of a tier for requests of a severity, in business minutes of
    the calendar; empty where nothing is. Severity "" stands for requests without one.
    """

    __tablename__ = "service_level"
    __table_args__ = (UniqueConstraint("tier", "severity"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    tier: Mapped[str] = mapped_column(String(16))
    severity: Mapped[str] = mapped_column(String(12), default="")
    calendar_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("service_calendar.id"))
    first_minutes: Mapped[int | None]
    update_minutes: Mapped[int | None]
    solution_minutes: Mapped[int | None]
