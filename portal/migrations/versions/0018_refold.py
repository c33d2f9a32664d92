"""history counted again by new conditions; names that tell the conditions which were met

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHORT, LONG = sa.String(length=200), sa.String(length=500)


def upgrade() -> None:
    op.create_table(
        "usage_refold",
        sa.Column("id", ID, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("remaining", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_refold")),
    )
    with op.batch_alter_table("usage_name") as batch:
        batch.alter_column("name", existing_type=SHORT, type_=LONG, existing_nullable=False)


def downgrade() -> None:
    # Names that tell conditions are of no use any more; the events stay counted in their days.
    name = sa.table("usage_name", sa.column("name"))
    op.get_bind().execute(sa.delete(name).where(sa.func.length(name.c.name) > SHORT.length))
    with op.batch_alter_table("usage_name") as batch:
        batch.alter_column("name", existing_type=LONG, type_=SHORT, existing_nullable=False)
    op.drop_table("usage_refold")
