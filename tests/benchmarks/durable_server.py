"""PostgreSQL as durable as it comes out of the box: what tests leave out for speed is kept here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgres
from tests.databases import postgres_database

OPTIONS = "-c max_connections=50 -c listen_addresses='' -c unix_socket_directories='{folder}'"


@contextmanager
def durable_server(folder: Path) -> Iterator[str]:
    """The address of an empty database of a server of its own, below the folder."""
    postgres.OPTIONS = OPTIONS
    place = folder / "postgresql"
    place.mkdir()
    folder.chmod(0o755)
    try:
        with postgres_database(postgres.shared_server(place)) as address:
            yield address
    finally:
        postgres.stop_shared_server(place)
