"""user create, key create."""

import sys

import click

from portal.commands.context import Runtime
from portal.domain.permissions import Role
from portal.domain.quotas import Quota
from portal.services.api_keys import create_key
from portal.services.users import create_user

ROLES = [role.value for role in Role if role is not Role.VISITOR]


@click.group()
def user() -> None:
    """People who sign in."""


@user.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--account", "account_key", help="Key of the account; for customer roles.")
@click.option("--name", default="", help="Full name.")
@click.option(
    "--password-stdin", is_flag=True, required=True, help="Read the password from standard input."
)
@click.pass_obj
def user_create(  # noqa: PLR0917 # one parameter an option
    runtime: Runtime,
    email: str,
    role: str,
    account_key: str | None,
    name: str,
    password_stdin: bool,  # noqa: FBT001 # click hands it over by name
) -> None:
    """Create somebody who can sign in; the password comes from standard input."""
    del password_stdin
    password = sys.stdin.readline().rstrip("\n")
    with runtime.session() as session:
        create_user(
            session,
            email=email,
            role=Role(role),
            account_key=account_key,
            password=password,
            name=name,
        )
    click.echo(f"Created {email} as {role}.")


@click.group()
def key() -> None:
    """Keys of machines."""


@key.command("create")
@click.argument("name")
@click.option("--kind", type=click.Choice(["write", "api"]), required=True)
@click.option("--account", "account_key", help="Bind the key to one account.")
@click.option("--events", type=int, help="Events a minute, at most, for a write key.")
@click.option("--requests", type=int, help="Requests a minute, at most, likewise.")
@click.pass_obj
def key_create(  # noqa: PLR0917 # one parameter an option
    runtime: Runtime,
    name: str,
    kind: str,
    account_key: str | None,
    events: int | None,
    requests: int | None,
) -> None:
    """Create a key and print it, this once."""
    quota = Quota(events, requests)
    with runtime.session() as session:
        made = create_key(session, name=name, kind=kind, account_key=account_key, quota=quota)
    click.echo(made.secret)


COMMANDS = (user, key)
