"""requests: machines' own numbers of what they have sent, so that each counts once

Revision ID: 0054
Revises: 0053
"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.row_security import wall

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_receipt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("side", sa.String(12), nullable=False),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("object_key", sa.String(32), nullable=False),
        sa.Column("at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_receipt_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_receipt")),
        sa.UniqueConstraint(
            "account_id", "side", "about", "external_id", name="uq_request_receipt_external_id"
        ),
    )
    op.create_index("ix_request_receipt_account_id", "request_receipt", ["account_id"])
    op.create_index("ix_request_receipt_object_key", "request_receipt", ["object_key"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall("request_receipt", "account_id", shared=False):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("request_receipt")
