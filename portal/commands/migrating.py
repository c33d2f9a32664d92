"""migrate."""

import click

from portal.commands.context import Runtime
from portal.migrate import migrate
from portal.revisions import current


@click.command("migrate")
@click.pass_obj
def migrate_command(runtime: Runtime) -> None:
    """Bring the database to the newest migration."""
    before = current(runtime.database)
    migrate(runtime.database)
    after = current(runtime.database)
    click.echo(f"Database at {after}." if before != after else f"Database already at {after}.")


COMMANDS = (migrate_command,)
