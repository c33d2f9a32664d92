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
def portal(cast: World, database_url: str, tmp_path: Path) -> Iterator[PortalProcess]:
    started = PortalProcess(database_url or cast.database.url, tmp_path)
    started.start()
    try:
        yield started
    finally:
        started.kill()
