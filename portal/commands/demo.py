"""demo."""

from datetime import UTC, datetime

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from portal.commands.context import Runtime
from portal.demo.cast import LOGINS, PASSWORD
from portal.demo.load import is_empty, load_demo


@click.command()
@click.option("--logins", is_flag=True, help="Only print who can sign in.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there are accounts already.")
@click.pass_obj
def demo(runtime: Runtime, *, logins: bool, if_empty: bool) -> None:
    """Load the demo world into an empty database: a vendor, its customers, 14 months of use."""
    if logins:
        _print_logins()
        return
    now = datetime.now(UTC)
    if if_empty and not is_empty(runtime.database, now):
        return
    if runtime.settings.environment == "production":
        click.confirm("This is a production installation. Load invented data into it?", abort=True)
    with Progress(
        TextColumn("Demo world"), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    ) as bar:
        task = bar.add_task("people", total=1.0)
        report = load_demo(
            runtime.database,
            now,
            lambda word, share: bar.update(task, description=word, completed=share),
        )
        runtime.build_search_index()
    click.echo(
        f"{report.accounts} accounts, {report.persons} persons, {report.events:,} usage events."
    )
    if not if_empty:  # `make run` tells the logins when all is ready
        _print_logins()


def _print_logins() -> None:
    """The same table each time; the demo's password is no secret."""
    click.echo(f"Sign in with the password  {PASSWORD}")
    for login in LOGINS:
        click.echo(f"  {login.email:28} {login.role}, {login.company or 'vendor'}")


COMMANDS = (demo,)
