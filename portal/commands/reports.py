"""report build."""

from datetime import datetime
from pathlib import Path

import click

from portal.commands.context import Runtime
from portal.locales import LOCALES
from portal.services.report_files import pdf_of
from portal.services.value_reports import preview_report

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def report() -> None:
    """Value reports."""


@report.command("build")
@click.argument("account")
@click.option("--from", "first", type=DAY, required=True, help="First day, such as 2026-07-01.")
@click.option("--to", "last", type=DAY, required=True, help="Last day, included.")
@click.option("--locale", type=click.Choice(LOCALES), default="en", show_default=True)
@click.option(
    "--pdf",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    help="Where the PDF goes.",
)
@click.pass_obj
def build(  # noqa: PLR0917 # one parameter an option
    runtime: Runtime, account: str, first: datetime, last: datetime, locale: str, file: Path
) -> None:
    """Build the PDF of an account and a period: the published report, else today's figures."""
    with runtime.session(writes=False) as session:
        snapshot = preview_report(session, account, first.date(), last.date())
    made = pdf_of(snapshot, locale, runtime.settings.data_dir)
    try:
        file.write_bytes(made)
    except OSError as failure:
        raise click.FileError(str(file), failure.strerror) from failure
    click.echo(f"Wrote {file} ({len(made) // 1024} kB).")


COMMANDS = (report,)
