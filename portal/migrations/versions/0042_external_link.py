"""addresses on other hosts, and links of lessons

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD = "uq_knowledge_link_item_id_locale_target_trouble"
_NEW = "uq_knowledge_link_item_id_lesson_locale_target_trouble"


def upgrade() -> None:
    op.create_table(
        "external_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("host", sa.String(length=260), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("since", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("good_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("asked_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("due_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_link")),
        sa.UniqueConstraint("url", name=op.f("uq_external_link_url")),
    )
    op.create_index(op.f("ix_external_link_due_at"), "external_link", ["due_at"])
    op.create_index(op.f("ix_external_link_host_asked_at"), "external_link", ["host", "asked_at"])
    with op.batch_alter_table("knowledge_link") as batch:
        batch.add_column(
            sa.Column("lesson", sa.String(length=120), nullable=False, server_default="")
        )
        batch.drop_constraint(op.f(_OLD), type_="unique")
        batch.create_unique_constraint(
            op.f(_NEW), ["item_id", "lesson", "locale", "target", "trouble"]
        )


def downgrade() -> None:
    # What is wrong is found again every night; of lessons nothing was noted before.
    op.execute("DELETE FROM knowledge_link WHERE lesson <> ''")
    with op.batch_alter_table("knowledge_link") as batch:
        batch.drop_constraint(op.f(_NEW), type_="unique")
        batch.drop_column("lesson")
        batch.create_unique_constraint(op.f(_OLD), ["item_id", "locale", "target", "trouble"])
    op.drop_table("external_link")
