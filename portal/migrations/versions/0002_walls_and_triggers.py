"""row level security and triggers

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from portal.models import audit_triggers, report_triggers
from portal.row_security import POLICY, wall

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _walled() -> list[tuple[str, str, bool]]:
    """Every table with rows of accounts: name, column of the account, rows without one or not."""
    found = []
    inspector = sa.inspect(op.get_bind())
    for name in sorted(inspector.get_table_names()):
        columns = {column["name"]: column for column in inspector.get_columns(name)}
        if name == "account":
            found.append((name, "id", False))
        elif "account_id" in columns:
            found.append((name, "account_id", bool(columns["account_id"]["nullable"])))
    return found


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        for name, column, shared in _walled():
            for statement in wall(name, column, shared=shared):
                op.execute(statement)
    for module in (audit_triggers, report_triggers):
        for statement in module.create_statements(dialect):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for module in (audit_triggers, report_triggers):
        for statement in module.drop_statements(dialect):
            op.get_bind().exec_driver_sql(statement)
    if dialect == "postgresql":
        for name, _column, _shared in _walled():
            op.execute(f"DROP POLICY IF EXISTS {POLICY} ON {name}")
            op.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY")
