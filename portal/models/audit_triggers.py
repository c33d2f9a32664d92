"""Triggers that keep the audit log append-only, for both databases.

They are made with the table (`create_all`) and by the migration, which runs each of
`create_statements(dialect_name)`. SQLite drops them when a batch migration remakes the table:
such a migration makes them again.
"""

from typing import Any

from sqlalchemy import Connection, Table, event

REFUSAL = "audit_entry is append-only"
# "INSERT OR REPLACE" would delete without asking the DELETE trigger.
SQLITE = (
    f"""CREATE TRIGGER audit_entry_refuses_update BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_entry_refuses_delete BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_entry_refuses_replace BEFORE INSERT ON audit_entry
        WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",  # noqa: S608 - our own words only
)
POSTGRESQL = (
    f"""CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER audit_entry_refuses_change BEFORE UPDATE OR DELETE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()""",
    """CREATE TRIGGER audit_entry_refuses_truncate BEFORE TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
)
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS audit_entry_refuses_update",
    "DROP TRIGGER IF EXISTS audit_entry_refuses_delete",
    "DROP TRIGGER IF EXISTS audit_entry_refuses_replace",
)
POSTGRESQL_DROP = ("DROP FUNCTION IF EXISTS audit_entry_refuse() CASCADE",)


def create_statements(dialect_name: str) -> tuple[str, ...]:
    return POSTGRESQL if dialect_name == "postgresql" else SQLITE


def drop_statements(dialect_name: str) -> tuple[str, ...]:
    """For the migration down, before the table goes."""
    return POSTGRESQL_DROP if dialect_name == "postgresql" else SQLITE_DROP


def keep_append_only(table: Table) -> None:
    event.listen(table, "after_create", _create)
    event.listen(table, "before_drop", _drop)


def _create(_table: Table, connection: Connection, **_more: Any) -> None:
    for statement in create_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _drop(_table: Table, connection: Connection, **_more: Any) -> None:
    for statement in drop_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
