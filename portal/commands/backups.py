"""backup, restore."""

from pathlib import Path

import click

from portal.commands.context import Runtime
from portal.services.backups import read_backup, write_backup
from portal.services.file_store import FileStore


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.pass_obj
def backup(runtime: Runtime, file: Path) -> None:
    """Write the whole database and its pictures to FILE, while the portal runs."""
    try:
        rows = write_backup(runtime.database, file, FileStore(runtime.settings.files))
    except OSError as failure:
        raise click.FileError(str(file), failure.strerror) from failure
    click.echo(f"Wrote {rows:,} rows to {file}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(runtime: Runtime, file: Path) -> None:
    """Fill an empty, migrated database and its pictures from FILE: all of it or nothing."""
    rows = read_backup(runtime.database, file, FileStore(runtime.settings.files))
    click.echo(f"Restored {rows:,} rows. Run `paceline reindex` to search them.")


COMMANDS = (backup, restore)
