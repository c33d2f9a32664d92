"""what arrives by which key, who sends what is refused, who brought a name

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_arrival",
        sa.Column("minute", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "key_id", name=op.f("pk_usage_arrival")),
    )
    with op.batch_alter_table("usage_refusal") as batch:
        batch.add_column(sa.Column("key_id", sa.BigInteger()))
    with op.batch_alter_table("usage_name") as batch:
        batch.add_column(sa.Column("account_id", sa.BigInteger()))


def downgrade() -> None:
    with op.batch_alter_table("usage_name") as batch:
        batch.drop_column("account_id")
    with op.batch_alter_table("usage_refusal") as batch:
        batch.drop_column("key_id")
    op.drop_table("usage_arrival")
