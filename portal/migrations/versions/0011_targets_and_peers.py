"""targets of accounts, medians of their peers

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from portal.row_security import wall

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("metric_target", "peer_median")


def upgrade() -> None:
    op.create_table(
        "metric_target",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("goal", sa.Float(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("start", sa.Float(), nullable=True),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _of_account("metric_target"),
        sa.ForeignKeyConstraint(
            ["set_by"],
            ["portal_user.id"],
            name=op.f("fk_metric_target_set_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_target")),
        sa.UniqueConstraint("key", name=op.f("uq_metric_target_key")),
        sa.UniqueConstraint(
            "account_id", "metric", name=op.f("uq_metric_target_account_id_metric")
        ),
    )
    op.create_table(
        "peer_median",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("median", sa.Float(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        _of_account("peer_median"),
        sa.PrimaryKeyConstraint("account_id", "metric", name=op.f("pk_peer_median")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for name in TABLES:
            for statement in wall(name, "account_id", shared=False):
                op.execute(statement)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id"), ondelete="CASCADE"
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
