"""requests: how changes are judged

Revision ID: 0056
Revises: 0055
"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.row_security import wall

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

NAME = "request_judgement"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = portal.db.UtcDateTime(timezone=True)
QUESTIONS = ("core", "asker", "urgency", "effort", "risk")
CURRENT = sa.text("current")


def upgrade() -> None:
    op.create_table(
        NAME,
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(12), nullable=False) for name in QUESTIONS),
        *(sa.Column(f"{name}_remark", sa.String(500), nullable=False) for name in QUESTIONS),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        *_links(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_judgement")),
        info={"vendor_only": True},
    )
    op.create_index("ix_request_judgement_account_id", NAME, ["account_id"])
    op.create_index("ix_request_judgement_request_id_at", NAME, ["request_id", "at"])
    op.create_index(
        "ix_request_judgement_current",
        NAME,
        ["request_id"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall(NAME, "account_id", shared=False):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table(NAME)


def _links() -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["account_id", "request_id"],
            ["request.account_id", "request.id"],
            name="fk_request_judgement_request",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_request_judgement_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["portal_user.id"],
            name=op.f("fk_request_judgement_by_id"),
            ondelete="SET NULL",
        ),
    )
