from sqlalchemy import Double, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class RateBucket(Base):
    """A token bucket. `name` is a purpose and a hashed subject; `at` is seconds since 1970 UTC."""

    __tablename__ = "rate_bucket"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    tokens: Mapped[float] = mapped_column(Double)
    at: Mapped[float] = mapped_column(Double)
