"""working copies of what the languages of a course share

Revision ID: 0061
Revises: 0060
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_draft",
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("shape", sa.JSON(), nullable=False),
        sa.Column("based_on", sa.String(64), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("author_id", sa.BigInteger()),
        sa.Column("saved_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.item_id"],
            name=op.f("fk_course_draft_course_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["portal_user.id"],
            name=op.f("fk_course_draft_author_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_draft")),
    )


def downgrade() -> None:
    """What nobody may read yet goes."""
    op.drop_table("course_draft")
