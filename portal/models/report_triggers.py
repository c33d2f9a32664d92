"""Triggers that freeze a value report once it is published, for both databases.

Made with the table and by the migration, like those of the audit log. Deleting stays possible:
an account that is erased takes its reports along.
"""

from typing import Any

from sqlalchemy import Connection, Table, event

REFUSAL = "a published value report never changes"
FROZEN = ("first", "last", "version", "notes", "published_at", "snapshot")
_COLUMNS = ", ".join(f'"{name}"' for name in FROZEN)
SQLITE = (
    f"""CREATE TRIGGER value_report_frozen BEFORE UPDATE OF {_COLUMNS} ON value_report
        WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION value_report_freeze() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    f"""CREATE TRIGGER value_report_frozen BEFORE UPDATE OF {_COLUMNS} ON value_report
        FOR EACH ROW WHEN (OLD.published_at IS NOT NULL)
        EXECUTE FUNCTION value_report_freeze()""",
)


def create_statements(dialect_name: str) -> tuple[str, ...]:
    return POSTGRESQL if dialect_name == "postgresql" else SQLITE


def drop_statements(dialect_name: str) -> tuple[str, ...]:
    """For the migration down, before the table goes."""
    if dialect_name == "postgresql":
        return ("DROP FUNCTION IF EXISTS value_report_freeze() CASCADE",)
    return ("DROP TRIGGER IF EXISTS value_report_frozen",)


def keep_frozen(table: Table) -> None:
    event.listen(table, "after_create", _create)
    event.listen(table, "before_drop", _drop)


def _create(_table: Table, connection: Connection, **_more: Any) -> None:
    for statement in create_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _drop(_table: Table, connection: Connection, **_more: Any) -> None:
    for statement in drop_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
