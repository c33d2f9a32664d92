"""requests: messages, notes, votes, followers, confirmations, files, drafts

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.row_security import wall

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = portal.db.UtcDateTime(timezone=True)
WALLED = (
    "request_draft",
    "internal_note",
    "request_confirmation",
    "request_follow",
    "request_message",
    "request_vote",
    "request_file",
)
SHARED = ()


def upgrade() -> None:
    _request_draft()
    _internal_note()
    _request_confirmation()
    _request_follow()
    _request_message()
    _request_vote()
    _request_file()
    if op.get_bind().dialect.name == "postgresql":
        for name in (*WALLED, *SHARED):
            for statement in wall(name, "account_id", shared=name in SHARED):
                op.execute(statement)


def downgrade() -> None:
    for name in (
        "request_file",
        "request_vote",
        "request_message",
        "request_follow",
        "request_confirmation",
        "internal_note",
        "request_draft",
    ):
        op.drop_table(name)


def _request_draft() -> None:
    op.create_table(
        "request_draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_request_draft_user",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_draft_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_draft")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_request_draft_user_id_kind")),
    )
    op.create_index("ix_request_draft_account_id", "request_draft", ["account_id"])


def _internal_note() -> None:
    op.create_table(
        "internal_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_internal_note_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_internal_note_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["portal_user.id"],
            name=op.f("fk_internal_note_author_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_note")),
        sa.UniqueConstraint("key", name=op.f("uq_internal_note_key")),
        info={"vendor_only": True},
    )
    op.create_index("ix_internal_note_account_id", "internal_note", ["account_id"])
    op.create_index("ix_internal_note_request_id_at", "internal_note", ["request_id", "at"])


def _request_confirmation() -> None:
    op.create_table(
        "request_confirmation",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_confirmation_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_request_confirmation_user",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_confirmation_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "request_id", "release", "user_id", name=op.f("pk_request_confirmation")
        ),
    )
    op.create_index("ix_request_confirmation_account_id", "request_confirmation", ["account_id"])
    op.create_index("ix_request_confirmation_user_id", "request_confirmation", ["user_id"])


def _request_follow() -> None:
    op.create_table(
        "request_follow",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_follow_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_follow_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["portal_user.id"],
            name=op.f("fk_request_follow_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", "user_id", name=op.f("pk_request_follow")),
    )
    op.create_index("ix_request_follow_account_id", "request_follow", ["account_id"])
    op.create_index("ix_request_follow_user_id", "request_follow", ["user_id"])


def _request_message() -> None:
    op.create_table(
        "request_message",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger()),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.String(length=300)),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_message_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_message_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["portal_user.id"],
            name=op.f("fk_request_message_author_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_message")),
        sa.UniqueConstraint("key", name=op.f("uq_request_message_key")),
        sa.UniqueConstraint("mail_id", name=op.f("uq_request_message_mail_id")),
    )
    op.create_index("ix_request_message_account_id", "request_message", ["account_id"])
    op.create_index("ix_request_message_request_id_at", "request_message", ["request_id", "at"])


def _request_vote() -> None:
    op.create_table(
        "request_vote",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_vote_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_request_vote_user",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_vote_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["portal_user.id"], name=op.f("fk_request_vote_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("request_id", "user_id", name=op.f("pk_request_vote")),
    )
    op.create_index("ix_request_vote_account_id", "request_vote", ["account_id"])
    op.create_index("ix_request_vote_user_id", "request_vote", ["user_id"])


def _request_file() -> None:
    op.create_table(
        "request_file",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.BigInteger()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("author_id", sa.BigInteger()),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(length=120), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_file_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_file_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["portal_user.id"],
            name=op.f("fk_request_file_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["request_message.id"],
            name=op.f("fk_request_file_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_file")),
        sa.UniqueConstraint("key", name=op.f("uq_request_file_key")),
    )
    op.create_index("ix_request_file_account_id", "request_file", ["account_id"])
    op.create_index("ix_request_file_author_id", "request_file", ["author_id"])
    op.create_index("ix_request_file_message_id", "request_file", ["message_id"])
    op.create_index("ix_request_file_request_id", "request_file", ["request_id"])
