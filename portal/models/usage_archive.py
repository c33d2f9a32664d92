from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId
from portal.tenancy import AccountOwned


class UsageArchive(AccountOwned, Base):
    """Events of one account and block (28 days, as of `usage_sealed`, but of UTC days of the
    client's time stamp) that count, as columns (usage/archived.py); the log holds them no more.
    `days` is a bitmap of the days (ordinals) of which all that counts was archived: what comes of
    them later counts by a rebuild only. `known` tells which messages these are
    (usage/archive_known.py), None where an older release archived them. `received_to` is when the
    newest of the events came.
    """

    __tablename__ = "usage_archive"
    __table_args__ = (Index("ix_usage_archive_account_id", "account_id", "block"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE")
    )
    block: Mapped[int] = mapped_column(Integer)
    events: Mapped[int]
    received_to: Mapped[datetime]
    days: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    known: Mapped[bytes | None] = mapped_column(LargeBinary)
