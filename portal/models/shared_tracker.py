from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SharedTracker(Base):
    """Where the vendor's own tracker holds a shared request, as RequestTracker of a request."""

    __tablename__ = "shared_tracker"
    __table_args__ = ({"info": {"vendor_only": True}},)

    shared_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("shared_request.id", ondelete="CASCADE"), primary_key=True
    )
    # "github", "gitlab", "jira" or "other".
    system: Mapped[str] = mapped_column(String(8))
    url: Mapped[str] = mapped_column(String(500), index=True)
    state: Mapped[str] = mapped_column(String(60), default="")
    heard_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
