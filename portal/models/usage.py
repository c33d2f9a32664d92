"""The usage engine's tables: the log of what came in, and what the fold made of it.

Everything but the log (inbox, log, refusals) can be rebuilt from the log. Days are days of the
account's own zone; bitmaps are serialized Roaring bitmaps over the account's person numbers.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId
from portal.tenancy import AccountOwned


class LogColumns:
    """One accepted request. `kind` says how its `body` is to be read (usage/log.py); `messages`
    counts what it holds, bad ones included. `bound_id` is the account that the write key was bound
    to, if any: a system table, so not a key to the account.
    """

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    received_at: Mapped[datetime]
    bound_id: Mapped[int | None] = mapped_column(BigInteger)
    key_id: Mapped[int | None] = mapped_column(BigInteger)
    messages: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8), default="", server_default="")
    body: Mapped[bytes] = mapped_column(LargeBinary)


class UsageInbox(LogColumns, Base):
    """Accepted and durable, not yet folded. `replay`: the log holds these messages already. On
    SQLite only what comes back from quarantine waits here, requests in files (portal/journal.py).
    """

    __tablename__ = "usage_inbox"
    # Numbers of deleted rows must not come back: a fold has claimed them by number.
    __table_args__ = ({"sqlite_autoincrement": True},)

    replay: Mapped[bool] = mapped_column(default=False)


class UsageJournal(Base):
    """How far a part of the journal (portal/journal.py) is folded, in bytes. Kept for a while after
    the part itself is gone, so that a copy of it that is put back counts for nothing.
    """

    __tablename__ = "usage_journal"

    part: Mapped[str] = mapped_column(String(60), primary_key=True)
    folded_to: Mapped[int] = mapped_column(BigInteger)


class UsageQuota(Base):
    """What is left of a write key's quota (domain/quotas.py), and what it held back. On PostgreSQL
    it changes in the commit that keeps the request, on SQLite just before, in a file of its own
    (portal/sqlite.py); a system table, so not a key to the key. `at` is seconds since 1970.
    """

    __tablename__ = "usage_quota"

    key_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    events: Mapped[float] = mapped_column(Double)
    requests: Mapped[float] = mapped_column(Double)
    at: Mapped[float] = mapped_column(Double)
    refused_requests: Mapped[int] = mapped_column(BigInteger)
    refused_events: Mapped[int] = mapped_column(BigInteger)
    refused_at: Mapped[float | None] = mapped_column(Double)


class UsageLog(LogColumns, Base):
    """Folded and kept, so that every rollup can be made again. `version` is the fold's."""

    __tablename__ = "usage_log"
    __table_args__ = (
        Index("ix_usage_log_version", "version"),
        Index("ix_usage_log_received_at", "received_at"),
    )

    version: Mapped[int] = mapped_column(BigInteger)


class UsageFold(Base):
    """One row, id 1. Whoever changes a rollup raises `version` by compare-and-set."""

    __tablename__ = "usage_fold"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    # The newest received_at among the folded requests.
    folded_to: Mapped[datetime | None]
    # Messages without a userId are kept in the log and are no activity.
    anonymous: Mapped[int] = mapped_column(BigInteger, default=0)
    duplicates: Mapped[int] = mapped_column(BigInteger, default=0)
    # Requests that came before are gone from the log (usage/retention.py).
    log_from: Mapped[datetime | None]


class UsageQuarantine(Base):
    """Messages that do not count (yet). Without a `reason` their account is not known: by its key,
    or (empty) only by the user's id. With "late" nobody can tell any more whether they count
    already (usage/sealing.py).
    """

    __tablename__ = "usage_quarantine"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reason: Mapped[str] = mapped_column(String(20), default="", server_default="")
    account_key: Mapped[str] = mapped_column(String(200), default="", index=True)
    external_id: Mapped[str] = mapped_column(String(200), default="", index=True)
    received_at: Mapped[datetime]
    messages: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class UsageRefusal(Base):
    """Messages refused on a UTC day for one reason, with the last of them as a sample."""

    __tablename__ = "usage_refusal"

    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    messages: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[datetime]
    detail: Mapped[str] = mapped_column(String(300))
    sample: Mapped[str] = mapped_column(String(300))
    # The key that sent it; a system table, so not a key to the key.
    key_id: Mapped[int | None] = mapped_column(BigInteger)


class UsageArrival(Base):
    """What came in a minute by one key (0: files), as the fold counted it. Kept for a day."""

    __tablename__ = "usage_arrival"

    minute: Mapped[datetime] = mapped_column(primary_key=True)
    key_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    requests: Mapped[int] = mapped_column(BigInteger)
    messages: Mapped[int] = mapped_column(BigInteger)
    refused: Mapped[int] = mapped_column(BigInteger)


class UsageMembership(Base):
    """The account that a user's newest `group` call named."""

    __tablename__ = "usage_membership"

    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    account_key: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class UsageName(Base):
    """A name under which events are counted: as it was seen, or telling the conditions that they
    met as well (domain/event_rules.py). `account_id` is the account that brought it first: one
    broken client must not use up everybody's names.
    """

    __tablename__ = "usage_name"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(500), unique=True)
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    events: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class UsageAccount(AccountOwned, Base):
    """What is known of an account's usage as a whole. `time_zone` is the one that its days were
    folded in; `persons` is the next person number; `version` that of the last fold to touch it,
    `ended_version` that of the last to change a day that was over.
    """

    __tablename__ = "usage_account"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    time_zone: Mapped[str] = mapped_column(String(64))
    persons: Mapped[int]
    events: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(BigInteger)
    ended_version: Mapped[int] = mapped_column(BigInteger, server_default="0")
    # Bitmap of the days (ordinals) whose message hashes were dropped. The fold never writes it.
    forgotten: Mapped[bytes | None] = mapped_column(LargeBinary)
    # What was before could not be made again when the zone moved: its days stay as they are.
    fixed_until: Mapped[datetime | None]
    # Bitmap of the days (ordinals) that were told as sums (models/told.py): of these nobody knows
    # the minutes. The fold of events never writes it.
    told: Mapped[bytes | None] = mapped_column(LargeBinary)


class UsagePerson(AccountOwned, Base):
    """A user id seen in the account's events, provisioned or not, with its dense number."""

    __tablename__ = "usage_person"
    __table_args__ = (UniqueConstraint("account_id", "external_id"),)

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    external_id: Mapped[str] = mapped_column(String(200))
    first_at: Mapped[datetime]
    last_day: Mapped[date]


class UsageDay(AccountOwned, Base):
    """One account's day. `slots` holds person number × 1536 + minute since the day began;
    `online_minutes` is DOMAIN's time online of that day; `duration_ms` what clients sent.
    """

    __tablename__ = "usage_day"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    events: Mapped[int]
    calls: Mapped[int]
    duration_ms: Mapped[int] = mapped_column(BigInteger)
    online_minutes: Mapped[int]
    users: Mapped[bytes] = mapped_column(LargeBinary)
    slots: Mapped[bytes] = mapped_column(LargeBinary)
    # Integration → calls.
    integrations: Mapped[dict[str, Any]] = mapped_column(JSON)


class UsageNameDay(AccountOwned, Base):
    """One account's day of one event name. `repeats`: usage/repeats.py; NULL where an older
    release wrote the row.
    """

    __tablename__ = "usage_name_day"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    name_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    events: Mapped[int]
    duration_ms: Mapped[int] = mapped_column(BigInteger)
    users: Mapped[bytes] = mapped_column(LargeBinary)
    repeats: Mapped[bytes | None] = mapped_column(LargeBinary)


class UsageSeen(AccountOwned, Base):
    """Sorted 64-bit hashes of the message ids that count already, by the UTC day of the client's
    time stamp (a retry carries the same). Messages without one share the days before 2000.
    """

    __tablename__ = "usage_seen"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
    # UTC day on which the newest of them came: a retry comes soon after, however old its stamp.
    changed_on: Mapped[date]


class UsageSealed(AccountOwned, Base):
    """Four weeks of one account's `usage_day` and `usage_name_day`, packed (usage/blocks.py).
    `block` is the day's ordinal ÷ 28. A row of those tables counts instead of what is sealed here.
    """

    __tablename__ = "usage_sealed"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    block: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    days: Mapped[bytes] = mapped_column(LargeBinary)
    names: Mapped[bytes] = mapped_column(LargeBinary)
    slots: Mapped[bytes] = mapped_column(LargeBinary)
