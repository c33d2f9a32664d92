"""serve. Its web processes are forked from it: whatever is imported here, each of them holds."""

import os
import shutil
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from prometheus_client import values

from portal.commands.context import Runtime
from portal.revisions import current, newest


@click.command()
@click.option("--workers", default=2, show_default=True, help="Processes that answer requests.")
@click.pass_obj
def serve(runtime: Runtime, workers: int) -> None:
    """Answer web requests (granian)."""
    settings = runtime.settings
    if current(runtime.database) != newest():
        raise click.ClickException("The database is not up to date: run `paceline migrate` first.")
    runtime.database.dispose()
    _count_together(settings.data_dir / "metrics" / str(settings.port))
    Granian(
        "portal.wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        backlog=1024,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()


def _count_together(folder: Path) -> None:
    """The processes of one `serve` keep their counters in files, so that /metrics adds them up."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder.absolute())
    # The library chose how to count when it was imported, before the folder was known.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call] # untyped there


COMMANDS = (serve,)
