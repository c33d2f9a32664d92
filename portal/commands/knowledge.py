"""content load, content export, reindex."""

from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from portal.commands.context import Runtime
from portal.domain.content_merge import OURS, THEIRS
from portal.services.content_conflicts import ContentConflict
from portal.services.content_files import export_content, load_content
from portal.services.file_store import FileStore

FOLDER_TO_READ = click.Path(exists=True, file_okay=False, path_type=Path)
FOLDER_TO_WRITE = click.Path(file_okay=False, path_type=Path)
BOTH_CHANGED = 3
"""Exit code: somebody has to decide."""


def _files(runtime: Runtime) -> FileStore:
    return FileStore(runtime.settings.files)


@click.group()
def content() -> None:
    """Texts of the knowledge hub as files."""


@content.command("load")
@click.argument("folder", metavar="DIR", type=FOLDER_TO_READ)
@click.option("--ours", "side", flag_value=OURS, help="Where both have changed, keep the portal's.")
@click.option("--theirs", "side", flag_value=THEIRS, help="Where both have, take the files'.")
@click.pass_obj
def content_load(runtime: Runtime, folder: Path, side: str | None) -> None:
    """Publish the texts of DIR, all or none; what is published already stays as it is.

    Asks nothing. Exit codes: 0 loaded, 1 something is wrong in the files, 2 wrong usage, 3 files
    and portal have both changed since the last load (nothing was loaded).
    """
    try:
        with runtime.session() as session:
            report = load_content(session, folder, side, _files(runtime))
    except ContentConflict as conflict:
        click.echo(f"Error: {conflict.message}", err=True)
        for one in conflict.conflicts:
            click.echo(f"  {one.path}: {', '.join(one.differs)}", err=True)
        raise click.exceptions.Exit(BOTH_CHANGED) from None
    for slug in report.courses:
        click.echo(f"Lessons and quiz of {slug}: changed.")
    if report.added or report.changed:
        # Not in the session above: nobody else could write while the index is built.
        runtime.build_search_index()
    click.echo(f"{report.added} new, {report.changed} changed, {report.unchanged} as they were.")
    for path in report.newer:
        click.echo(f"Note: {path} is newer in the portal and stays: export it.", err=True)
    for warning in report.warnings:
        click.echo(f"Note: {warning}", err=True)


@content.command("export")
@click.argument("folder", metavar="DIR", type=FOLDER_TO_WRITE)
@click.pass_obj
def content_export(runtime: Runtime, folder: Path) -> None:
    """Write every published text to DIR; `content load` reads them back."""
    with runtime.session(writes=False) as session:
        count = export_content(session, folder, _files(runtime))
    click.echo(f"{count} files in {folder}.")


@click.command()
@click.pass_obj
def reindex(runtime: Runtime) -> None:
    """Build the search index anew from the database."""
    with Progress(
        TextColumn("Search index"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    ) as bar:
        task = bar.add_task("", total=1.0)
        count = runtime.build_search_index(lambda share: bar.update(task, completed=share))
        bar.update(task, completed=1.0)
    click.echo(f"{count} texts are searchable.")


COMMANDS = (content, reindex)
