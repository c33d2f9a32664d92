"""service levels, own words, notices, feed tokens; mails in threads

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.row_security import wall

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = portal.db.UtcDateTime(timezone=True)
WALLED = ()
SHARED = ("feed_token", "notice", "notice_choice")


def upgrade() -> None:
    _canned_reply()
    _service_calendar()
    _state_label()
    _canned_reply_text()
    _service_level()
    _feed_token()
    _notice()
    _notice_choice()
    with op.batch_alter_table("mail") as batch:
        batch.add_column(sa.Column("thread", sa.String(200), nullable=False, server_default=""))
        batch.add_column(
            sa.Column("unsubscribe", sa.String(500), nullable=False, server_default="")
        )
    if op.get_bind().dialect.name == "postgresql":
        for name in (*WALLED, *SHARED):
            for statement in wall(name, "account_id", shared=name in SHARED):
                op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("mail") as batch:
        batch.drop_column("unsubscribe")
        batch.drop_column("thread")
    for name in (
        "notice_choice",
        "notice",
        "feed_token",
        "service_level",
        "canned_reply_text",
        "state_label",
        "service_calendar",
        "canned_reply",
    ):
        op.drop_table(name)


def _canned_reply() -> None:
    op.create_table(
        "canned_reply",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_reply")),
        sa.UniqueConstraint("key", name=op.f("uq_canned_reply_key")),
        sa.UniqueConstraint("name", name=op.f("uq_canned_reply_name")),
    )


def _service_calendar() -> None:
    op.create_table(
        "service_calendar",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("holidays", sa.String(length=16), nullable=False),
        sa.Column("days_off", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_calendar")),
        sa.UniqueConstraint("key", name=op.f("uq_service_calendar_key")),
        sa.UniqueConstraint("name", name=op.f("uq_service_calendar_name")),
    )


def _state_label() -> None:
    op.create_table(
        "state_label",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("kind", "state", "locale", name=op.f("pk_state_label")),
    )


def _canned_reply_text() -> None:
    op.create_table(
        "canned_reply_text",
        sa.Column("reply_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["canned_reply.id"],
            name=op.f("fk_canned_reply_text_reply_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("reply_id", "locale", name=op.f("pk_canned_reply_text")),
    )


def _service_level() -> None:
    op.create_table(
        "service_level",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("tier", sa.String(length=16), nullable=False),
        sa.Column("severity", sa.String(length=12), nullable=False),
        sa.Column("calendar_id", sa.BigInteger(), nullable=False),
        sa.Column("first_minutes", sa.Integer()),
        sa.Column("update_minutes", sa.Integer()),
        sa.Column("solution_minutes", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["service_calendar.id"], name=op.f("fk_service_level_calendar_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_level")),
        sa.UniqueConstraint("key", name=op.f("uq_service_level_key")),
        sa.UniqueConstraint("tier", "severity", name=op.f("uq_service_level_tier_severity")),
    )


def _feed_token() -> None:
    op.create_table(
        "feed_token",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("feed", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("account_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_feed_token_reader",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_feed_token_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_feed_token_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_token")),
        sa.UniqueConstraint("key", name=op.f("uq_feed_token_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_feed_token_secret_hash")),
    )
    op.create_index("ix_feed_token_account_id", "feed_token", ["account_id"])
    op.create_index("ix_feed_token_user_id", "feed_token", ["user_id"])


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT),
        sa.Column("mail", sa.String(length=8), nullable=False),
        sa.Column("mailed_at", MOMENT),
        sa.Column("account_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_notice_reader",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_notice_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_notice_idempotency_key")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index("ix_notice_account_id", "notice", ["account_id"])
    op.create_index("ix_notice_mail_mailed_at", "notice", ["mail", "mailed_at"])
    op.create_index("ix_notice_user_id_read_at", "notice", ["user_id", "read_at", "id"])


def _notice_choice() -> None:
    op.create_table(
        "notice_choice",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("account_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["portal_user.account_id", "portal_user.id"],
            name="fk_notice_choice_reader",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_notice_choice_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["portal_user.id"],
            name=op.f("fk_notice_choice_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_notice_choice")),
    )
    op.create_index("ix_notice_choice_account_id", "notice_choice", ["account_id"])
