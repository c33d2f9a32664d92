from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, key_column
from portal.tenancy import AccountOwned


class Request(AccountOwned, Base):
    """Something that an account has told the vendor: a need, a bug or a question.

    `kind`, `state`, `visibility`, `severity` and `channel` are values of domain.requests, `effect`
    one of domain.request_grading. `told` holds the kind's own fields (domain.requests.FIELDS) in
    the language `locale`; `text` is all of it, folded as questions are, to be searched.

    `shared_id`: the shared request whose family it belongs to; it moves with it. `joined`: the
    account has only joined that one, so there is no text of its own. `merged_into_id`: another of
    the same account stands for it. Neither link moves anything, so undoing it restores exactly.

    `release`: how often it was released. `version` rises with each change, so that the second of
    two who change it is told. `voters` is the number of its RequestVote rows.
    """

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        ForeignKeyConstraint(
            ["account_id", "merged_into_id"],
            ["request.account_id", "request.id"],
            name="fk_request_merged_into",
        ),
        Index("ix_request_account_id_updated_at", "account_id", "updated_at"),
        Index("ix_request_state_next_due_at", "state", "next_due_at", "id"),
        Index("ix_request_updated_at", "updated_at", "id"),
        Index("ix_request_first_due_at", "first_due_at", "id"),
        # All that the vendor's queue asks of the many, so that none of their texts is read.
        Index(
            "ix_request_queue",
            *("kind", "state", "account_id", "next_due_at", "first_due_at", "created_at"),
            *("assignee_id", "feature_key", "requester_id", "shared_id", "voters", "effect"),
            *("merged_into_id", "joined", "id"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = key_column()
    # What people call it by, such as R-7K2FD; of random letters, so that it counts nothing.
    code: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(16), default="submitted")
    visibility: Mapped[str] = mapped_column(String(12), default="company")
    title: Mapped[str] = mapped_column(String(160))
    told: Mapped[dict[str, str]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(16))
    feature_key: Mapped[str] = mapped_column(String(120), default="")
    severity: Mapped[str] = mapped_column(String(12), default="")
    effect: Mapped[str] = mapped_column(String(12), default="")
    channel: Mapped[str] = mapped_column(String(12), default="portal")
    requester_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL"), index=True
    )
    # Of somebody who cannot sign in (by mail, on behalf), or who has left.
    requester_name: Mapped[str] = mapped_column(String(200), default="")
    # The CSM who handed it in for them.
    by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    assignee_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL"), index=True
    )
    shared_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("shared_request.id", ondelete="SET NULL"), index=True
    )
    joined: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    voters: Mapped[int] = mapped_column(default=0)
    release: Mapped[int] = mapped_column(default=0)
    # Slug of the release note that delivers it.
    release_note: Mapped[str] = mapped_column(String(120), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # The vendor's first message or move; when planned, reproduced or declined; the last release;
    # when the customer closed it, or the time did.
    answered_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    # Service level (domain.service_level): what is due when, and the nearest of the three.
    first_due_at: Mapped[datetime | None]
    update_due_at: Mapped[datetime | None]
    solution_due_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    # Since when it waits for the customer, and how many business minutes it has waited before.
    paused_at: Mapped[datetime | None]
    paused_minutes: Mapped[int] = mapped_column(default=0)
    # The due moment of which its people have been warned.
    warned_for: Mapped[datetime | None]


class RequestEvent(AccountOwned, Base):
    """A step that the customer may read: a state with its reason, a merge, a release note."""

    __tablename__ = "request_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_event_request",
            ondelete="CASCADE",
        ),
        Index("ix_request_event_request_id_at", "request_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(BigInteger)
    # "state", "merged", "split", "joined", "visibility", "released"; "family_merged" and
    # "family_split" where the shared request that it belongs to was merged, or parted again.
    kind: Mapped[str] = mapped_column(String(16))
    from_state: Mapped[str] = mapped_column(String(16), default="")
    to_state: Mapped[str] = mapped_column(String(16), default="")
    reason: Mapped[str] = mapped_column(String(2000), default="")
    at: Mapped[datetime]
    # Whoever did it; empty where a time was over. `side`: vendor, customer or time.
    by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    side: Mapped[str] = mapped_column(String(12))


class RequestGrade(AccountOwned, Base):
    """A part of the grade that a person has set (domain.request_grading.Part), with the reason."""

    __tablename__ = "request_grade"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_grade_request",
            ondelete="CASCADE",
        ),
        {"info": {"vendor_only": True}},
    )

    request_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    part: Mapped[str] = mapped_column(String(8), primary_key=True)
    value: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("portal_user.id", ondelete="SET NULL")
    )
    at: Mapped[datetime]


class RequestTracker(AccountOwned, Base):
    """Where the vendor's own tracker holds it: an address, and what that said last."""

    __tablename__ = "request_tracker"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_tracker_request",
            ondelete="CASCADE",
        ),
        {"info": {"vendor_only": True}},
    )

    request_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    # "github", "gitlab", "jira" or "other".
    system: Mapped[str] = mapped_column(String(8))
    url: Mapped[str] = mapped_column(String(500), index=True)
    state: Mapped[str] = mapped_column(String(60), default="")
    heard_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
