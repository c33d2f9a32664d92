"""The `paceline` command: one group, its commands in portal/commands/."""

import sys

import click

from portal.commands import Commands
from portal.commands.context import Runtime
from portal.config import SettingsError
from portal.domain.errors import DomainError
from portal.services.imports import ImportRefused


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="paceline", prog_name="paceline")
@click.pass_context
def cli(context: click.Context) -> None:
    """Paceline: the customer success portal."""
    context.obj = Runtime()
    context.call_on_close(context.obj.close)


def main() -> None:
    """Refusals are sentences on standard error and exit 1; never a traceback."""
    try:
        cli()
    except SettingsError as wrong:
        click.echo(f"Error: {wrong}", err=True)
        sys.exit(1)
    except DomainError as refusal:
        for line in _lines(refusal):
            click.echo(line, err=True)
        sys.exit(1)


def _lines(refusal: DomainError) -> list[str]:
    """A file with wrong rows has one line for each of them, once."""
    if isinstance(refusal, ImportRefused):
        more = [f"  … and {refusal.more} more"] if refusal.more else []
        return ["Error: nothing was imported.", *(f"  {one}" for one in refusal.errors), *more]
    details = [f"  {member}: {detail}" for member, detail in refusal.fields.items()]
    return [f"Error: {refusal.message}", *details]


if __name__ == "__main__":
    main()
