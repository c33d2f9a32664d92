from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class UsageRun(Base):
    """Long work with the log, and how far it has come: "rebuild" (in messages) or "erase" (in
    requests). While a person is being erased, messages of `external_id` in the account that were
    folded up to `through` are its `substitute`'s, rewritten already or not; at the end the id goes
    from here too. A system table, so no keys to the account.
    """

    __tablename__ = "usage_run"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    external_id: Mapped[str | None] = mapped_column(String(200))
    substitute: Mapped[str | None] = mapped_column(String(200))
    through: Mapped[int | None] = mapped_column(BigInteger)
