from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Vendor(Base):
    """The one vendor of this installation. There is at most one row, with id 1."""

    __tablename__ = "vendor"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(120), default="Paceline")
    locale: Mapped[str] = mapped_column(String(16), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    csm_sees_all: Mapped[bool] = mapped_column(default=False)
    # Whether a champion sees their own account's health score.
    share_health: Mapped[bool] = mapped_column(default=False)
    demo: Mapped[bool] = mapped_column(default=False)
    # Raw events are thrown away after so many days; None: kept for good.
    raw_days: Mapped[int | None]
