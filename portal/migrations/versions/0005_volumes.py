"""business volume: series, items, sums per day

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from portal.row_security import wall

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("volume_series", "volume_item", "volume_day")


def upgrade() -> None:
    op.create_table(
        "volume_series",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_volume_series_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_series")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_volume_series_account_id_key")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_volume_series_account_id_id")),
    )
    op.create_table(
        "volume_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        _of_series("volume_item"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_item")),
        sa.UniqueConstraint("account_id", "item_id", name=op.f("uq_volume_item_account_id_item_id")),
    )
    op.create_index("ix_volume_item_account_id_day", "volume_item", ["account_id", "day", "item_id"])
    op.create_table(
        "volume_day",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        _of_series("volume_day"),
        sa.PrimaryKeyConstraint("account_id", "series_id", "day", name=op.f("pk_volume_day")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for name in TABLES:
            for statement in wall(name, "account_id", shared=False):
                op.execute(statement)


def _of_series(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id", "series_id"],
        ["volume_series.account_id", "volume_series.id"],
        name=op.f(f"fk_{table}_account_id_series_id"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
