"""requests for what is kept of a person, and for erasing it

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.row_security import wall

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    moment = portal.db.UtcDateTime(timezone=True)
    op.create_table(
        "person_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("ended_at", moment),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger()),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("failed", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_person_request_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_request")),
        sa.UniqueConstraint("key", name=op.f("uq_person_request_key")),
    )
    op.create_index("ix_person_request_account_id", "person_request", ["account_id"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall("person_request", "account_id", shared=False):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("person_request")
