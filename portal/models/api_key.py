from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountShared


class ApiKey(AccountShared, Base):
    """A key for sending events (`write`) or reading the API (`api`).

    Only the SHA-256 of the secret is kept; `hint` is its first eight characters. Bound to one
    account, or to none: then it reaches all.
    """

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(8))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    # At most so many a minute, of a write key; None: no limit.
    events_per_minute: Mapped[int | None]
    requests_per_minute: Mapped[int | None]
