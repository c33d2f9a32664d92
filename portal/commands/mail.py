"""mail receive, mail counts."""

import sys
from datetime import UTC, datetime

import click
from sqlalchemy.exc import SQLAlchemyError

from portal.commands.context import Runtime
from portal.domain.letters import LARGEST
from portal.services.requests.mail_in import MailDoor, count_outcomes, strangers, take_mail

TRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and tries again."""


@click.group()
def mail() -> None:
    """Mails that come in."""


@mail.command("receive")
@click.pass_obj
def mail_receive(runtime: Runtime) -> None:
    """Take one mail from standard input: an answer to a request, or a new question.

    Nobody is written to because of it. Exit codes: 0 taken, or dropped for good; 75 the database or
    the files are out of reach, try again later.
    """
    raw = sys.stdin.buffer.read(LARGEST + 1)
    try:
        door = MailDoor(runtime.database, runtime.settings, lambda: datetime.now(UTC))
        outcome = take_mail(door, raw)
    except (SQLAlchemyError, OSError) as failure:
        click.echo(f"Error: try again later: {type(failure).__name__}", err=True)
        raise click.exceptions.Exit(TRY_LATER) from None
    click.echo(outcome.value)


@mail.command("counts")
@click.pass_obj
def mail_counts(runtime: Runtime) -> None:
    """Say what became of the mails of the last 30 days, and whose were dropped."""
    with runtime.session(writes=False) as session:
        counts, dropped = count_outcomes(session), strangers(session)
    for outcome, number in counts.items():
        click.echo(f"{number:>6}  {outcome}")
    for sender, number in dropped:
        click.echo(f"{number:>6}  dropped, from {sender}")


COMMANDS = (mail,)
