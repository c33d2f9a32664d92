"""rules compare a property by more than equality

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

BEFORE = "uq_event_rule_pattern_member_value"
NOW = "uq_event_rule_pattern_member_operator_value"
COLUMNS = ("pattern", "member", "operator", "value")


def upgrade() -> None:
    last = _last_number()
    with _batch() as batch:
        batch.add_column(
            sa.Column("operator", sa.String(length=2), nullable=False, server_default="=")
        )
        batch.drop_constraint(op.f(BEFORE), type_="unique")
        batch.create_unique_constraint(op.f(NOW), list(COLUMNS))
    _count_on_from(last)


def downgrade() -> None:
    """What an older release does not know goes."""
    last = _last_number()
    op.execute(sa.text("DELETE FROM event_rule WHERE operator <> '='"))
    with _batch() as batch:
        batch.drop_constraint(op.f(NOW), type_="unique")
        batch.drop_column("operator")
        batch.create_unique_constraint(op.f(BEFORE), [one for one in COLUMNS if one != "operator"])
    _count_on_from(last)


def _batch():
    return op.batch_alter_table("event_rule", table_kwargs={"sqlite_autoincrement": True})


def _last_number() -> int | None:
    """Of a rule, on SQLite: counted names tell rules by their numbers, so a deleted one's must not
    come back when the table is made anew.
    """
    if op.get_bind().dialect.name != "sqlite":
        return None
    wanted = sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'event_rule'")
    return op.get_bind().scalar(wanted)


def _count_on_from(last: int | None) -> None:
    if last is None:
        return
    for statement in (
        "DELETE FROM sqlite_sequence WHERE name = 'event_rule'",
        "INSERT INTO sqlite_sequence (name, seq) VALUES ('event_rule', :last)",
    ):
        op.get_bind().execute(sa.text(statement), {"last": last} if ":last" in statement else {})
