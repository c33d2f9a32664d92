from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.db import Database
from tests.processes.portal_process import PortalProcess
from tests.world import World, build_world


@pytest.fixture
def cast(database: Database) -> World:
    """The cast of tests/world.py in the database of the running portal, on both engines."""
    return build_world(database)


@pytest.fixture
def web_processes() -> int:
    """One answers as two do, and is there in half the time."""
    return 1


@pytest.fixture
def portal(
    cast: World, database_url: str, tmp_path: Path, web_processes: int
) -> Iterator[PortalProcess]:
    started = PortalProcess(database_url or cast.database.url, tmp_path, web_processes)
    started.start()
    try:
        yield started
    finally:
        started.kill()
