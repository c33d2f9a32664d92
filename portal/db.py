"""Engine, session and column types. One code path for SQLite and PostgreSQL."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    create_engine,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from portal import sqlite
from portal.appending import Appender, Store
from portal.appending_files import FileStore
from portal.appending_rows import RowStore
from portal.domain.errors import DomainError
from portal.domain.shelf import Shelf
from portal.tenancy import GuardedSession, Scope, install_guard

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# What stands in the quotas' file on SQLite; the same table is in the main one.
QUOTA_TABLES = ("usage_quota",)

# Of a PostgreSQL database.
ENCODING = "UTF8"

# 64-bit everywhere; SQLite numbers rows by itself only for INTEGER PRIMARY KEY.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WrongEncoding(DomainError):
    """The database cannot hold every text."""

    status = 503
    code = "wrong-encoding"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
    }


def new_key() -> str:
    """A public name for a row that neither counts nor can be guessed (96 random bits)."""
    return secrets.token_urlsafe(12)


def key_column() -> Any:
    return mapped_column(String(32), unique=True, default=new_key)


class Database:
    """The engine of one address and the sessions on it.

    Accepted requests go through `appender`. On SQLite they lie in the files of the folder `journal`
    and what is left of quotas in a database of its own, `quotas`; on PostgreSQL, where `journal` is
    None, both are tables like any other.
    """

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = url
        self.shelf = Shelf()
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _engine(url, pool_size)
        self.quotas = self.engine
        self.journal: Path | None = None
        if self.is_sqlite:
            event.listen(self.engine, "connect", sqlite.prepare)
            self.quotas = _engine(sqlite.quotas_url(url), pool_size)
            event.listen(self.quotas, "connect", _prepare_quotas)
            self.journal = sqlite.journal_folder(url)
        for engine in {self.engine, self.quotas} if self.is_sqlite else ():
            event.listen(engine, "begin", sqlite.begin)
        self._glancing = self.engine.execution_options(paceline_begins=False)
        self.appender = Appender(self._store())
        self._sessions = sessionmaker(self.engine, class_=GuardedSession, expire_on_commit=False)
        install_guard(self._sessions)

    @contextmanager
    def session(self, scope: Scope, *, writes: bool = False) -> Iterator[Session]:
        """A session bound to one scope for its whole life; rolled back unless committed.

        `writes`: on SQLite the transaction takes the write lock when it begins, so that it
        can't fail half-way because another writer came first.
        """
        with self.open(scope, writes=writes) as session:
            yield session

    def open(self, scope: Scope, *, writes: bool = False) -> Session:
        """Like `session`, for a caller that closes it itself."""
        session = self._sessions(info={"scope": scope, "writes": writes, "database": self})
        if writes and self.is_sqlite:
            session.bind = self.engine.execution_options(paceline_writes=True)
        return session

    @contextmanager
    def system(self, *, writes: bool = True) -> Iterator[Connection]:
        """A Core connection in one transaction over all accounts, for the fold and for
        migrations: they work on rollups of every account at once. Committed at the end.
        """
        engine = self.engine.execution_options(paceline_writes=writes)
        with engine.begin() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql("SELECT set_config('paceline.accounts', '*', true)")
            yield connection

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """Like `system`, for reads that stand each by itself: on SQLite without a transaction."""
        if not self.is_sqlite:
            with self.system(writes=False) as connection:
                yield connection
            return
        with self._glancing.connect() as connection:
            yield connection

    def checkpoint(self) -> bool:
        """Whether what was overwritten has left the log beside the main file, too. PostgreSQL
        keeps its log by its own rules: there is nothing to do here.
        """
        if not self.is_sqlite:
            return True
        with self._glancing.connect() as connection:
            return sqlite.checkpoint(connection)

    def dispose(self) -> None:
        self.appender.close()
        self.engine.dispose()
        self.quotas.dispose()

    def _store(self) -> Store:
        if self.journal is None:
            return RowStore(self.engine)
        return FileStore(self.journal, self.quotas)


def database_of(session: Session) -> Database:
    """The database that a session was opened on: for what lies beside the main file."""
    found: Database = session.info["database"]
    return found


def _engine(url: str, pool_size: int) -> Engine:
    is_sqlite = url.startswith("sqlite")
    options = {} if is_sqlite else {"pool_pre_ping": True}
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=pool_size, json_serializer=_compact, **options
    )
    if not is_sqlite:
        # Before SQLAlchemy's own first look, which fails on texts that come as bytes.
        event.listen(engine, "connect", _check_encoding, insert=True)
    return engine


def _check_encoding(connection: Any, _record: Any) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != ENCODING:
        raise WrongEncoding(
            f"The database's encoding is {encoding}; Paceline needs {ENCODING}. Make another with "
            "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."
        )


def _prepare_quotas(connection: Any, _record: Any) -> None:
    sqlite.prepare_quotas(connection, [Base.metadata.tables[name] for name in QUOTA_TABLES])


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
