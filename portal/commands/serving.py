"""serve, worker, migrate, doctor."""

import sys
from datetime import UTC, datetime

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from portal.commands.context import Runtime
from portal.migrate import current, migrate, newest
from portal.services.readiness import Check, check_readiness
from portal.worker import run as run_worker
from reports.pdf import check_system


@click.command()
@click.option("--workers", default=2, show_default=True, help="Processes that answer requests.")
@click.pass_obj
def serve(runtime: Runtime, workers: int) -> None:
    """Answer web requests (granian)."""
    settings = runtime.settings
    if current(runtime.database) != newest():
        raise click.ClickException("The database is not up to date: run `paceline migrate` first.")
    runtime.database.dispose()
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


@click.command()
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
@click.pass_obj
def worker(runtime: Runtime, *, once: bool) -> None:
    """Do the jobs: fold usage, send mails, keep the timetable."""
    run_worker(runtime.settings, once=once)


@click.command("migrate")
@click.pass_obj
def migrate_command(runtime: Runtime) -> None:
    """Bring the database to the newest migration."""
    before = current(runtime.database)
    migrate(runtime.database)
    after = current(runtime.database)
    click.echo(f"Database at {after}." if before != after else f"Database already at {after}.")


@click.command()
@click.pass_obj
def doctor(runtime: Runtime) -> None:
    """Say what is well and what is not; exit 1 where something is not."""
    checks = check_readiness(runtime.database, runtime.settings.data_dir)
    trouble = check_system()
    said = " ".join(trouble) or "PDF libraries and fonts"
    checks.append(Check("reports", ok=not trouble, detail=said))
    for check in checks:
        click.echo(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.detail}")
    click.echo(f"Checked at {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.")
    if not all(check.ok for check in checks):
        sys.exit(1)


COMMANDS = (serve, worker, migrate_command, doctor)
