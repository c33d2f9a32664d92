"""raw events are kept for a time; what is under way with the log

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    moment = portal.db.UtcDateTime(timezone=True)
    with op.batch_alter_table("vendor") as batch:
        batch.add_column(sa.Column("raw_days", sa.Integer()))
    with op.batch_alter_table("usage_fold") as batch:
        batch.add_column(sa.Column("log_from", moment))
    with op.batch_alter_table("usage_account") as batch:
        batch.add_column(sa.Column("fixed_until", moment))
    op.create_index("ix_usage_log_received_at", "usage_log", ["received_at"])
    op.create_table(
        "usage_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("ended_at", moment),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger()),
        sa.Column("external_id", sa.String(length=200)),
        sa.Column("substitute", sa.String(length=200)),
        sa.Column("through", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_run")),
    )


def downgrade() -> None:
    op.drop_table("usage_run")
    op.drop_index("ix_usage_log_received_at", "usage_log")
    with op.batch_alter_table("usage_account") as batch:
        batch.drop_column("fixed_until")
    with op.batch_alter_table("usage_fold") as batch:
        batch.drop_column("log_from")
    with op.batch_alter_table("vendor") as batch:
        batch.drop_column("raw_days")
