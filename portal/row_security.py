"""Row level security on PostgreSQL: the second wall behind the session guard.

A transaction says which accounts it reaches in `paceline.accounts` ("*" or "3,14"). One that says
nothing sees no row of any account. The owner of the tables is held too (FORCE); only a superuser
passes, so the portal must not connect as one.
"""

from collections.abc import Iterable

from sqlalchemy import DDL, MetaData, Table, event
from sqlalchemy.schema import ExecutableDDLElement as DDLElement

POLICY = "paceline_accounts"
# SQL may evaluate both sides of OR, so "*" must not reach the cast.
_REACH = (
    "current_setting('paceline.accounts', true) = '*' OR {column} = ANY (string_to_array("
    "nullif(nullif(current_setting('paceline.accounts', true), '*'), ''), ',')::bigint[])"
)


def account_column(table: Table) -> str | None:
    """The column that names the account of a row; None where the rows are of no account."""
    if table.name == "account":
        return "id"
    return "account_id" if "account_id" in table.c else None


def wall(name: str, column: str, *, shared: bool) -> list[str]:
    """The statements that put the wall before a table. `shared`: rows without account are seen."""
    rule = _REACH.format(column=column) + (f" OR {column} IS NULL" if shared else "")
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {POLICY} ON {name} USING ({rule}) WITH CHECK ({rule})",
    ]


def walls(tables: Iterable[Table]) -> list[str]:
    """The statements for all tables that hold rows of accounts."""
    made: list[str] = []
    for table in tables:
        column = account_column(table)
        if column is not None:
            made += wall(table.name, column, shared=bool(table.c[column].nullable))
    return made


def install_row_security(metadata: MetaData) -> None:
    """Tables made by `create_all` get their walls too (tests do that)."""
    for table in metadata.tables.values():
        for statement in walls([table]):
            event.listen(table, "after_create", _executed(statement))


def _executed(statement: str) -> DDLElement:
    ddl: DDLElement = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call] # untyped there
    return ddl.execute_if(dialect="postgresql")
