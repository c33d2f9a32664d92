"""who has read which text, and whether it helped

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime
from portal.row_security import wall

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)
READING, VERDICT = "knowledge_reading", "knowledge_verdict"


def upgrade() -> None:
    _table(
        READING,
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
    )
    op.create_index(op.f("ix_knowledge_reading_last_at"), READING, ["last_at"])
    _table(
        VERDICT,
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
    )
    op.create_index(op.f("ix_knowledge_verdict_given_at"), VERDICT, ["given_at"])


def downgrade() -> None:
    op.drop_table(VERDICT)
    op.drop_table(READING)


def _table(name: str, *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("account_id", "item_id", "user_id", name=op.f(f"pk_{name}")),
        _reference(name, ["account_id"], "account", ["id"]),
        _reference(name, ["item_id"], "knowledge_item", ["id"]),
        _reference(name, ["account_id", "user_id"], "portal_user", ["account_id", "id"]),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in wall(name, "account_id", shared=False):
            op.execute(statement)


def _reference(name: str, columns: list[str], other: str, theirs: list[str]) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        columns,
        [f"{other}.{one}" for one in theirs],
        name=op.f(f"fk_{name}_{'_'.join(columns)}"),
        ondelete="CASCADE",
    )
