"""Whether this node can serve (for /readyz and `paceline doctor`)."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from portal.db import Database, WrongEncoding
from portal.revisions import current, newest
from portal.services.jobs import queue_state
from portal.tenancy import system_scope

LEAST_FREE_BYTES = 200 * 1024 * 1024
OLDEST_DUE_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    detail: str


def check_readiness(database: Database, data_dir: Path) -> list[Check]:
    """Database, migrations, disk and queue, in this order; later ones are skipped without the
    database. `detail` names no secret and no path.
    """
    first = _database(database)
    if not first.ok:
        return [first, _disk(data_dir)]
    return [first, _migrations(database), _disk(data_dir), _queue(database)]


def _database(database: Database) -> Check:
    try:
        with database.engine.connect() as connection:
            connection.execute(select(1))
    except WrongEncoding as failure:
        return Check("database", ok=False, detail=failure.message)
    except SQLAlchemyError as failure:
        return Check("database", ok=False, detail=type(failure).__name__)
    return Check("database", ok=True, detail=database.engine.dialect.name)


def _migrations(database: Database) -> Check:
    has, wants = current(database), newest()
    if has == wants:
        return Check("migrations", ok=True, detail=has)
    return Check("migrations", ok=False, detail=f"at {has or 'none'}, newest is {wants}")


def _disk(data_dir: Path) -> Check:
    folder = data_dir if data_dir.exists() else data_dir.absolute().parent
    free = shutil.disk_usage(folder).free
    return Check("disk", ok=free >= LEAST_FREE_BYTES, detail=f"{free // 1024**2} MiB free")


def _queue(database: Database) -> Check:
    try:
        with database.session(system_scope(datetime.now(UTC), "readiness")) as session:
            queue = queue_state(session)
    except SQLAlchemyError as failure:
        return Check("queue", ok=False, detail=type(failure).__name__)
    age = int(queue.oldest_due_seconds or 0)
    return Check("queue", ok=age <= OLDEST_DUE_SECONDS, detail=f"oldest due job: {age} s")
