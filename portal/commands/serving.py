"""serve, worker, migrate."""

import os
import shutil
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from prometheus_client import values

from portal.commands.context import Runtime
from portal.migrate import current, migrate, newest
from portal.priority import give_way
from portal.worker import run as run_worker


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


@click.command()
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
@click.pass_obj
def worker(runtime: Runtime, *, once: bool) -> None:
    """Do the jobs: fold usage, send mails, keep the timetable. Web processes of the same machine go
    first.
    """
    if not once:
        give_way()
    run_worker(runtime.settings, once=once)


@click.command("migrate")
@click.pass_obj
def migrate_command(runtime: Runtime) -> None:
    """Bring the database to the newest migration."""
    before = current(runtime.database)
    migrate(runtime.database)
    after = current(runtime.database)
    click.echo(f"Database at {after}." if before != after else f"Database already at {after}.")


COMMANDS = (serve, worker, migrate_command)
