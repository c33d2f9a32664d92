"""worker."""

import click

from portal.commands.context import Runtime
from portal.priority import give_way
from portal.worker import run as run_worker


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


COMMANDS = (worker,)
