from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Vendor


@dataclass(frozen=True, slots=True)
class VendorView:
    """The vendor as pages show it. `demo`: the figures are invented."""

    name: str
    locale: str
    time_zone: str
    demo: bool


def show_vendor(session: Session) -> VendorView:
    row = session.execute(
        select(Vendor.name, Vendor.locale, Vendor.time_zone, Vendor.demo).where(Vendor.id == 1)
    ).one_or_none()
    return VendorView(*row) if row else VendorView("Paceline", "en", "UTC", demo=False)
