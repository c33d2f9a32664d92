"""A whole database as one archive, in a form that both databases read.

A gzip tar of `manifest.json`, one `<table>.jsonl` a table, rows in the order of their keys, and
under `files/` the pictures of texts and what is attached to requests. What is derived (the search
index, PDFs) is left out: it can be made again.

On SQLite what waits to be folded lies in files of its own. They are read first, then the main one
in one transaction: what was folded in between is in the main one, which tells how far it came, and
is left out here. What waits is restored into the table, from where the fold takes it too.
"""

import io
import json
import os
import tarfile
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Any

from sqlalchemy import Connection, Date, LargeBinary, Table, func, insert, select, text

from portal import journal
from portal.db import Base, Database, UtcDateTime
from portal.domain.errors import Conflict, Invalid
from portal.models import KnowledgeFile, RequestFile, UsageInbox
from portal.revisions import current, newest
from portal.services.file_store import REQUESTS, FileStore
from portal.usage import inbox

FORMAT = "paceline-backup-1"
ROWS_A_STEP = 500
# A page is only kept while it is written: these lapse with the process that holds them. Quotas fill
# up again within a minute. How far files are folded says nothing where the files are not.
LEFT_OUT = frozenset({"worker_beat", "usage_quota", "usage_journal"})
FILLED = "A backup is restored into an empty database only; this one has rows."
INBOX: Table = UsageInbox.__table__  # type: ignore[assignment] # declared FromClause, always a Table
FILE: Table = KnowledgeFile.__table__  # type: ignore[assignment] # as above
ATTACHED: Table = RequestFile.__table__  # type: ignore[assignment] # as above


def write_backup(database: Database, file: Path, files: FileStore | None = None) -> int:
    """Writes the archive beside its place and moves it there whole; returns the number of rows.
    One transaction, so that all tables are of one moment. Pictures come after their rows: one that
    is swept away in between is left out, and no text shows it.
    """
    with NamedTemporaryFile(dir=file.absolute().parent, delete=False) as temporary:
        try:
            with (
                tarfile.open(fileobj=temporary, mode="w:gz") as archive,
                _waiting(database) as more,
            ):
                _add(archive, "manifest.json", json.dumps(_manifest(database)).encode())
                with database.system(writes=False) as connection:
                    _one_moment(connection)
                    rows = sum(_add_table(archive, connection, one, more) for one in _tables())
                    _add_files(archive, connection, files)
            temporary.flush()
            os.fsync(temporary.fileno())
        except BaseException:
            with suppress(OSError):
                Path(temporary.name).unlink()
            raise
    Path(temporary.name).replace(file)
    return rows


def read_backup(database: Database, file: Path, files: FileStore | None = None) -> int:
    """Fills an empty, migrated database from the archive: all of it or nothing. Raises Invalid for
    a file that is no whole archive of ours or of another migration, Conflict where there are rows.
    """
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            _check(json.loads(_member(archive, "manifest.json").read()), database)
            with database.system() as connection:
                _refuse_filled(connection, _tables())
                _refuse_waiting(database)
                rows = sum(_load_table(archive, connection, table) for table in _tables())
                _continue_numbers(connection)
                _load_files(archive, connection, files)
    except (tarfile.TarError, OSError, EOFError, KeyError, ValueError) as damage:
        raise Invalid(f"{file.name} is not a whole Paceline backup: {damage}") from damage
    return rows


def _manifest(database: Database) -> dict[str, str]:
    return {"format": FORMAT, "revision": current(database)}


def _check(manifest: dict[str, str], database: Database) -> None:
    if manifest.get("format") != FORMAT:
        raise Invalid("The archive is not a Paceline backup.")
    if current(database) != newest():
        raise Invalid("The database is not migrated yet. Run `paceline migrate` first.")
    if manifest.get("revision") != newest():
        raise Invalid(
            f"The backup is of migration {manifest.get('revision')}, this Paceline needs "
            f"{newest()}: restore it with the version that wrote it, then migrate."
        )


def _tables() -> list[Table]:
    """Those that others point to come first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def _one_moment(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))


def _add_files(archive: tarfile.TarFile, connection: Connection, files: FileStore | None) -> None:
    for key, store, name in _stored(connection, files):
        content = store.read(key)
        if content is not None:
            _add(archive, name, content)


def _load_files(archive: tarfile.TarFile, connection: Connection, files: FileStore | None) -> None:
    """Only what the rows name: a name in the archive is nobody's path."""
    for key, store, name in _stored(connection, files):
        with suppress(KeyError):
            store.put(key, _member(archive, name).read())


def _stored(
    connection: Connection, files: FileStore | None
) -> Iterator[tuple[str, FileStore, str]]:
    """Of each file its key, where it lies and its name in the archive."""
    if files is None:
        return
    for key in connection.scalars(select(FILE.c.key).order_by(FILE.c.key)):
        yield key, files, f"files/{key}"
    attached = files.below(REQUESTS)
    for key in connection.scalars(select(ATTACHED.c.stored).order_by(ATTACHED.c.stored)):
        yield key, attached, f"files/{REQUESTS}/{key}"


@contextmanager
def _waiting(database: Database) -> Iterator[IO[bytes]]:
    """What the journal holds now, a line a request: its part, the end of its frame, its row."""
    with TemporaryFile() as lines:
        for name in [] if database.journal is None else journal.parts(database.journal):
            _write_part(lines, database, name)
        yield lines


def _write_part(lines: IO[bytes], database: Database, name: str) -> None:
    with database.system(writes=False) as connection:
        begin = inbox.folded_to(connection.execute).get(name, 0)
    for frame, rows in journal.read(database.journal or Path(), name, begin):
        for row in rows:
            plain = _plain(
                {
                    "received_at": row.received_at,
                    "bound_id": row.bound_id,
                    "key_id": row.key_id,
                    "messages": row.messages,
                    "kind": row.kind,
                    "body": row.body,
                    "replay": False,
                }
            )
            lines.write(json.dumps([name, frame.end, plain], ensure_ascii=False).encode() + b"\n")


def _unfolded(connection: Connection, lines: IO[bytes]) -> Iterator[bytes]:
    """Those of them that the main file does not know as folded, numbered after what waits there."""
    folded_to = inbox.folded_to(connection.execute)
    number = connection.execute(select(func.max(INBOX.c.id))).scalar() or 0
    lines.seek(0)
    for line in lines:
        name, end, row = json.loads(line)
        if end > folded_to.get(name, 0):
            number += 1
            yield json.dumps({"id": number, **row}, ensure_ascii=False).encode() + b"\n"


def _write_rows(lines: IO[bytes], connection: Connection, table: Table) -> int:
    rows = 0
    found = connection.execution_options(yield_per=ROWS_A_STEP).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    for row in found.mappings():
        lines.write(json.dumps(_plain(dict(row)), ensure_ascii=False).encode() + b"\n")
        rows += 1
    return rows


def _add_table(
    archive: tarfile.TarFile, connection: Connection, table: Table, waiting: IO[bytes]
) -> int:
    with TemporaryFile() as lines:
        rows = _write_rows(lines, connection, table)
        for line in _unfolded(connection, waiting) if table is INBOX else ():
            lines.write(line)
            rows += 1
        info = tarfile.TarInfo(f"{table.name}.jsonl")
        info.size = lines.tell()
        lines.seek(0)
        archive.addfile(info, lines)
    return rows


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _member(archive: tarfile.TarFile, name: str) -> Any:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def _refuse_waiting(database: Database) -> None:
    """A journal may outlive the main file that it stood beside."""
    folder = database.journal
    if folder is None:
        return
    if any(any(journal.frames(folder, name, 0)) for name in journal.parts(folder)):
        raise Conflict(FILLED)


def _refuse_filled(connection: Connection, tables: Iterable[Table]) -> None:
    for table in tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise Conflict(FILLED)


def _load_table(archive: tarfile.TarFile, connection: Connection, table: Table) -> int:
    rows = 0
    for some in _chunks(_member(archive, f"{table.name}.jsonl")):
        connection.execute(insert(table), [_typed(table, json.loads(line)) for line in some])
        rows += len(some)
    return rows


def _chunks(lines: Any) -> Iterator[list[bytes]]:
    some: list[bytes] = []
    for line in lines:
        some.append(line)
        if len(some) == ROWS_A_STEP:
            yield some
            some = []
    if some:
        yield some


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _typed_value(table.c[name].type, value) for name, value in row.items()}


def _typed_value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return b64decode(value)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if kind.python_type is Decimal and isinstance(value, str) else value


def _continue_numbers(connection: Connection) -> None:
    """PostgreSQL's sequences do not see numbers that were given; the next one must be new."""
    if connection.dialect.name != "postgresql":
        return
    for table in _tables():
        column = table.autoincrement_column
        if column is None:
            continue
        highest = connection.execute(select(func.max(column))).scalar()
        sequence = connection.execute(
            select(func.pg_get_serial_sequence(table.name, column.name))
        ).scalar()
        if highest is not None and sequence is not None:
            connection.execute(select(func.setval(sequence, highest)))
