"""Many rows at once: read by their keys, and written whether they are there already or not.

Thousands of keys or values travel as a few parameters (arrays on PostgreSQL, JSON on SQLite) or
through the driver's own executemany (SQLite, writing). Statements are made once a process.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

import psycopg
from psycopg.pq import Format
from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    Dialect,
    LargeBinary,
    Row,
    Select,
    Table,
    Text,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.usage.arrays import AsGiven, Packed, PackedDumper, packed

# Rows a statement: so many that its own cost does not count, a few megabytes of parameters.
ROWS = 5_000
SQLITE = "sqlite"


def read_rows_of(
    session: Session, table: Any, key: Sequence[str], columns: Sequence[str], keys: Iterable[Any]
) -> Iterator[Row[Any]]:
    """`columns` of the rows of a table for whose `key` columns one of `keys` stands: tuples, or
    bare values where `key` is one column. No key may be given twice.
    """
    rest = iter(keys)
    dialect = session.get_bind().dialect.name
    statement = _selection(table, tuple(key), tuple(columns), dialect)
    while some := [one if isinstance(one, tuple) else (one,) for one in islice(rest, ROWS)]:
        if dialect == SQLITE:
            values: dict[str, Any] = {"keys": json.dumps(some, default=date.isoformat)}
        else:
            _know_arrays(session)
            given = zip(key, zip(*some, strict=True), strict=True)
            values = {name: packed(table.c[name].type, column) for name, column in given}
        with binary_results(session):
            found = session.execute(statement, values)
        yield from found


@contextmanager
def binary_results(session: Session) -> Iterator[None]:
    """What is asked for meanwhile comes as PostgreSQL keeps it, where it would write each number
    and byte as text for the driver to read; elsewhere as ever.
    """
    driver: Any = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        yield
        return
    usual = driver.cursor_factory
    driver.cursor_factory = _BinaryCursor
    try:
        yield
    finally:
        driver.cursor_factory = usual


class _BinaryCursor(psycopg.Cursor[Any]):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.format = Format.BINARY


def listed(session: Session, numbers: Sequence[int]) -> Select[Any]:
    """A selection of just these, which travel as one parameter."""
    if session.get_bind().dialect.name == SQLITE:
        given = func.json_each(literal(json.dumps(numbers), Text))
        return select(given.table_valued("value").c.value)
    _know_arrays(session)
    array = literal(packed(BigInteger(), numbers), AsGiven())
    return select(func.unnest(array).column_valued("number"))


@lru_cache(maxsize=64)
def _selection(
    table: Table, key: tuple[str, ...], columns: tuple[str, ...], dialect: str
) -> Select[Any]:
    if dialect == SQLITE:
        listed: Any = func.json_each(bindparam("keys", type_=Text)).table_valued("value")
        given = [func.json_extract(listed.c.value, f"$[{place}]") for place in range(len(key))]
    else:
        arrays = [bindparam(name, type_=AsGiven()) for name in key]
        listed = func.unnest(*arrays).table_valued(*key)
        listed = listed.render_derived(name="listed")
        given = [listed.c[name] for name in key]
    matches = [table.c[name] == value for name, value in zip(key, given, strict=True)]
    return select(*(table.c[name] for name in columns)).where(*matches).select_from(listed, table)


def _know_arrays(session: Session) -> None:
    """On the driver's connection, which keeps it."""
    driver = session.connection().connection.driver_connection
    driver.adapters.register_dumper(Packed, PackedDumper)  # type: ignore[union-attr] # psycopg's


def save_rows(session: Session, table: Any, columns: Mapping[str, Sequence[Any]]) -> None:
    """Writes rows given as columns of equal length; those with the same primary key are replaced
    in these columns. No primary key may be given twice. JSON columns are given as they are.
    """
    _write(session, table, columns, replaces=True)


def add_rows(session: Session, table: Any, columns: Mapping[str, Sequence[Any]]) -> None:
    """The same for rows that nobody has written yet: the server need not look for them first.
    Raises IntegrityError where one is there.
    """
    _write(session, table, columns, replaces=False)


def _write(
    session: Session, table: Any, columns: Mapping[str, Sequence[Any]], *, replaces: bool
) -> None:
    connection = session.connection()
    on_sqlite = connection.dialect.name == SQLITE
    ready = {
        name: _prepared(table.c[name].type, values, connection.dialect)
        for name, values in columns.items()
    }
    if on_sqlite:
        rows = list(zip(*ready.values(), strict=True))
        connection.exec_driver_sql(_sqlite_insert(table, tuple(columns), replaces=replaces), rows)
        return
    _know_arrays(session)
    # Until the transaction ends: the server looks up the account of each new row by its key, where
    # it would read a small table from end to end for each.
    session.execute(select(func.set_config("enable_seqscan", "off", True)))
    statement = _postgresql_insert(table, tuple(columns), replaces=replaces)
    kinds = {name: _sent(table.c[name].type) for name in columns}
    for start in range(0, len(next(iter(ready.values()))), ROWS):
        some = {
            name: packed(kinds[name], values[start : start + ROWS])
            for name, values in ready.items()
        }
        connection.exec_driver_sql(statement, some)


def _sent(kind: Any) -> Any:
    """As which type: JSON travels as text."""
    return Text() if isinstance(kind, JSON) else kind


def _prepared(kind: Any, values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    """As the driver takes them: bytes as they are, and on PostgreSQL dates and moments too."""
    if isinstance(kind, JSON):
        return [_compact(value) for value in values]
    if isinstance(kind, LargeBinary) or dialect.name != SQLITE:
        return values
    if isinstance(kind, Date):
        return [value.isoformat() if value else None for value in values]
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    return [process(value) for value in values] if process else values


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "{}"


@lru_cache(maxsize=64)
def _postgresql_insert(table: Table, names: tuple[str, ...], *, replaces: bool) -> str:
    """By arrays, in the driver's binary form: SQLAlchemy would go through each of their elements
    once more. They are listed side by side: in FROM the server would set all of them aside first.
    """
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy says nothing of it
    types = [table.c[name].type.compile(dialect) for name in names]
    values = [
        f"unnest(%({name})b::TEXT[])::JSON" if kind == "JSON" else f"unnest(%({name})b::{kind}[])"
        for name, kind in zip(names, types, strict=True)
    ]
    # Names and types are the models' own.
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(values)}"
    if not replaces:
        return statement
    keys = [column.name for column in table.primary_key]
    changed = [f"{name} = excluded.{name}" for name in names if name not in keys]
    return f"{statement} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(changed)}"


@lru_cache(maxsize=64)
def _sqlite_insert(table: Table, names: tuple[str, ...], *, replaces: bool) -> str:
    statement = sqlite.insert(table).values({name: bindparam(name) for name in names})
    if replaces:
        keys = [column.name for column in table.primary_key]
        changed = {name: statement.excluded[name] for name in names if name not in keys}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    dialect = sqlite.dialect(paramstyle="qmark")
    return str(statement.compile(dialect=dialect))
