"""mails that came in, each once

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sender", sa.String(254), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mail")),
        sa.UniqueConstraint("digest", name=op.f("uq_incoming_mail_digest")),
    )
    op.create_index("ix_incoming_mail_sender_at", "incoming_mail", ["sender", "at"])
    op.create_index(op.f("ix_incoming_mail_at"), "incoming_mail", ["at"])


def downgrade() -> None:
    op.drop_table("incoming_mail")
