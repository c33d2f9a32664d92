"""requests: what accounts tell, what all customers share, and what links them

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.row_security import wall

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = portal.db.UtcDateTime(timezone=True)
WALLED = ("request", "request_event", "request_grade", "request_tracker", "request_word")
SHARED = ("request_merge",)


def upgrade() -> None:
    _shared_request()
    _shared_request_text()
    _shared_request_word()
    _request()
    _request_merge()
    _request_event()
    _request_grade()
    _request_tracker()
    _request_word()
    if op.get_bind().dialect.name == "postgresql":
        for name in (*WALLED, *SHARED):
            for statement in wall(name, "account_id", shared=name in SHARED):
                op.execute(statement)


def downgrade() -> None:
    for name in (
        "request_word",
        "request_tracker",
        "request_grade",
        "request_event",
        "request_merge",
        "request",
        "shared_request_word",
        "shared_request_text",
        "shared_request",
    ):
        op.drop_table(name)


def _shared_request() -> None:
    op.create_table(
        "shared_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("feature_key", sa.String(length=120), nullable=False),
        sa.Column("target_on", sa.Date()),
        sa.Column("target_unit", sa.String(length=8), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("release_note", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("merged_into_id", sa.BigInteger()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("released_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["shared_request.id"],
            name=op.f("fk_shared_request_merged_into_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_request")),
        sa.UniqueConstraint("code", name=op.f("uq_shared_request_code")),
        sa.UniqueConstraint("key", name=op.f("uq_shared_request_key")),
    )
    op.create_index("ix_shared_request_merged_into_id", "shared_request", ["merged_into_id"])
    op.create_index(
        "ix_shared_request_state_published_at", "shared_request", ["state", "published_at"]
    )


def _shared_request_text() -> None:
    op.create_table(
        "shared_request_text",
        sa.Column("shared_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shared_id"],
            ["shared_request.id"],
            name=op.f("fk_shared_request_text_shared_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shared_id", "locale", name=op.f("pk_shared_request_text")),
    )


def _shared_request_word() -> None:
    op.create_table(
        "shared_request_word",
        sa.Column("shared_id", sa.BigInteger(), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shared_id"],
            ["shared_request.id"],
            name=op.f("fk_shared_request_word_shared_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shared_id", "word", name=op.f("pk_shared_request_word")),
    )
    op.create_index("ix_shared_request_word_word", "shared_request_word", ["word"])


def _request() -> None:
    op.create_table(
        "request",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("visibility", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("feature_key", sa.String(length=120), nullable=False),
        sa.Column("severity", sa.String(length=12), nullable=False),
        sa.Column("effect", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("requester_id", sa.BigInteger()),
        sa.Column("requester_name", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("assignee_id", sa.BigInteger()),
        sa.Column("shared_id", sa.BigInteger()),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.BigInteger()),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("release_note", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("decided_at", MOMENT),
        sa.Column("released_at", MOMENT),
        sa.Column("settled_at", MOMENT),
        sa.Column("first_due_at", MOMENT),
        sa.Column("update_due_at", MOMENT),
        sa.Column("solution_due_at", MOMENT),
        sa.Column("next_due_at", MOMENT),
        sa.Column("paused_at", MOMENT),
        sa.Column("paused_minutes", sa.Integer(), nullable=False),
        sa.Column("warned_for", MOMENT),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "merged_into_id"],
            ["request.account_id", "request.id"],
            name="fk_request_merged_into",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_request_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"],
            ["portal_user.id"],
            name=op.f("fk_request_assignee_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["portal_user.id"], name=op.f("fk_request_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"],
            ["portal_user.id"],
            name=op.f("fk_request_requester_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["shared_id"],
            ["shared_request.id"],
            name=op.f("fk_request_shared_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_request_account_id_id")),
        sa.UniqueConstraint("code", name=op.f("uq_request_code")),
        sa.UniqueConstraint("key", name=op.f("uq_request_key")),
    )
    op.create_index("ix_request_account_id", "request", ["account_id"])
    op.create_index("ix_request_account_id_updated_at", "request", ["account_id", "updated_at"])
    op.create_index("ix_request_assignee_id", "request", ["assignee_id"])
    op.create_index("ix_request_merged_into_id", "request", ["merged_into_id"])
    op.create_index("ix_request_requester_id", "request", ["requester_id"])
    op.create_index("ix_request_shared_id", "request", ["shared_id"])
    op.create_index("ix_request_state_next_due_at", "request", ["state", "next_due_at", "id"])
    op.create_index("ix_request_updated_at", "request", ["updated_at", "id"])


def _request_merge() -> None:
    op.create_table(
        "request_merge",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("into_id", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("undone_at", MOMENT),
        sa.Column("account_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_merge_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["portal_user.id"], name=op.f("fk_request_merge_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_merge")),
        sa.UniqueConstraint("key", name=op.f("uq_request_merge_key")),
        info={"vendor_only": True},
    )
    op.create_index("ix_request_merge_account_id", "request_merge", ["account_id"])
    op.create_index("ix_request_merge_into_id", "request_merge", ["into_id"])
    op.create_index("ix_request_merge_kind_from_id", "request_merge", ["kind", "from_id"])


def _request_event() -> None:
    op.create_table(
        "request_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=False),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_event_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_event_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["portal_user.id"], name=op.f("fk_request_event_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_event")),
    )
    op.create_index("ix_request_event_account_id", "request_event", ["account_id"])
    op.create_index("ix_request_event_request_id_at", "request_event", ["request_id", "at"])


def _request_grade() -> None:
    op.create_table(
        "request_grade",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_grade_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_grade_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["portal_user.id"], name=op.f("fk_request_grade_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("request_id", "part", name=op.f("pk_request_grade")),
        info={"vendor_only": True},
    )
    op.create_index("ix_request_grade_account_id", "request_grade", ["account_id"])


def _request_tracker() -> None:
    op.create_table(
        "request_tracker",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("system", sa.String(length=8), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("heard_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_tracker_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_tracker_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_tracker")),
        info={"vendor_only": True},
    )
    op.create_index("ix_request_tracker_account_id", "request_tracker", ["account_id"])
    op.create_index("ix_request_tracker_url", "request_tracker", ["url"])


def _request_word() -> None:
    op.create_table(
        "request_word",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_word_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_word_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", "word", name=op.f("pk_request_word")),
    )
    op.create_index("ix_request_word_account_id", "request_word", ["account_id"])
    op.create_index("ix_request_word_word", "request_word", ["word", "account_id"])
