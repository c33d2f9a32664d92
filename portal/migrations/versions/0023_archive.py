"""raw events of old days archived as columns

Going back drops them; figures stay, as of days that cannot be made again.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.row_security import wall

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "usage_archive",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("received_to", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("days", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_usage_archive_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_archive")),
    )
    op.create_index("ix_usage_archive_account_id", "usage_archive", ["account_id", "block"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall("usage_archive", "account_id", shared=False):
            op.execute(statement)


def downgrade() -> None:
    newest = "(SELECT max(received_to) FROM usage_archive)"
    op.execute(
        f"UPDATE usage_fold SET log_from = {newest} "  # noqa: S608 # nothing of it comes from outside
        f"WHERE {newest} IS NOT NULL AND (log_from IS NULL OR log_from < {newest})"
    )
    op.drop_table("usage_archive")
