from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Invalid
from portal.locales import LOCALES
from portal.models import Vendor
from portal.services.audit import record

LONGEST_NAME = 120
# Clients come back with what they could not send for some weeks.
LEAST_RAW_DAYS, MOST_RAW_DAYS = 14, 3650


@dataclass(frozen=True, slots=True)
class VendorView:
    """The vendor as pages show it. `demo`: the figures are invented; `raw_days`: raw events are
    kept so long, None for good.
    """

    name: str
    locale: str
    time_zone: str
    demo: bool
    csm_sees_all: bool = False
    raw_days: int | None = None
    share_health: bool = False


NO_VENDOR = VendorView("Paceline", "en", "UTC", demo=False)
"""Before anybody has given a name."""


def show_vendor(session: Session) -> VendorView:
    row = session.execute(
        select(
            Vendor.name,
            Vendor.locale,
            Vendor.time_zone,
            Vendor.demo,
            Vendor.csm_sees_all,
            Vendor.raw_days,
            Vendor.share_health,
        ).where(Vendor.id == 1)
    ).one_or_none()
    return VendorView(*row) if row else NO_VENDOR


def save_vendor(
    session: Session,
    *,
    name: str,
    locale: str,
    time_zone: str,
    csm_sees_all: bool,
    raw_days: int | None = None,
    share_health: bool = False,
) -> None:
    """Keeps the vendor's own settings. Raises Invalid. Commits."""
    clean = " ".join(name.split())
    _check(clean, locale, time_zone, raw_days)
    row = session.get(Vendor, 1)
    if row is None:
        row = Vendor(id=1)
        session.add(row)
    row.name, row.locale, row.time_zone = clean, locale, time_zone
    row.csm_sees_all, row.share_health, row.raw_days = csm_sees_all, share_health, raw_days
    record(
        session,
        "vendor.save",
        "vendor",
        "1",
        name=clean,
        csm_sees_all=csm_sees_all,
        raw_days=raw_days,
        share_health=share_health,
    )
    session.commit()


def _check(name: str, locale: str, time_zone: str, raw_days: int | None) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise _refusal("name", f"Give a name of at most {LONGEST_NAME} characters.")
    if locale not in LOCALES:
        raise _refusal("locale", "Unknown language.")
    if time_zone not in available_timezones():
        raise _refusal("time_zone", "Unknown time zone.")
    if raw_days is not None and not LEAST_RAW_DAYS <= raw_days <= MOST_RAW_DAYS:
        said = f"Give a number of days from {LEAST_RAW_DAYS} to {MOST_RAW_DAYS}, or none."
        raise _refusal("raw_days", said)


def _refusal(field: str, said: str) -> Invalid:
    return Invalid(said, code=f"bad-{field.replace('_', '-')}", fields={field: said})
