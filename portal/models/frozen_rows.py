"""Triggers that refuse every UPDATE of a table, for both databases. Deleting stays possible: what a
row belongs to may go, and takes it along.

Made with the table and by its migration, like those of the audit log.
"""

from typing import Any

from sqlalchemy import Connection, Table, event


def create_statements(table: str, dialect_name: str) -> tuple[str, ...]:
    refusal = f"a row of {table} never changes"
    if dialect_name != "postgresql":
        return (
            f"""CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table}
                BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
        )
    return (
        f"""CREATE FUNCTION {table}_freeze() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$""",
        f"""CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_freeze()""",
    )


def drop_statements(table: str, dialect_name: str) -> tuple[str, ...]:
    """For the migration down, before the table goes."""
    if dialect_name == "postgresql":
        return (f"DROP FUNCTION IF EXISTS {table}_freeze() CASCADE",)
    return (f"DROP TRIGGER IF EXISTS {table}_frozen",)


def keep_frozen(table: Table) -> None:
    event.listen(table, "after_create", _create)
    event.listen(table, "before_drop", _drop)


def _create(table: Table, connection: Connection, **_more: Any) -> None:
    for statement in create_statements(table.name, connection.dialect.name):
        connection.exec_driver_sql(statement)


def _drop(table: Table, connection: Connection, **_more: Any) -> None:
    for statement in drop_statements(table.name, connection.dialect.name):
        connection.exec_driver_sql(statement)
