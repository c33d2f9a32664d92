"""doctor."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from portal.commands.context import Runtime
from portal.services.readiness import Check, check_readiness
from portal.services.workers import living_workers
from portal.usage.comparison import compare_with_log
from reports.pdf import check_system

SHOWN_DIFFERENCES = 10


@click.command()
@click.option("--figures", is_flag=True, help="Also make every figure again and compare.")
@click.pass_obj
def doctor(runtime: Runtime, *, figures: bool) -> None:
    """Say what is well and what is not; exit 1 where something is not."""
    checks = list(_checks(runtime, figures=figures))
    for check in checks:
        click.echo(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.detail}")
    click.echo(f"Checked at {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.")
    if not all(check.ok for check in checks):
        sys.exit(1)


def _checks(runtime: Runtime, *, figures: bool) -> Iterator[Check]:
    found = check_readiness(runtime.database, runtime.settings.data_dir)
    yield from found
    missing = " ".join(check_system())
    yield Check("reports", ok=not missing, detail=missing or "PDF libraries and fonts")
    if not all(check.ok for check in found if check.name in {"database", "migrations"}):
        return
    yield _workers(runtime)
    if figures:
        yield from _figures(runtime)


def _workers(runtime: Runtime) -> Check:
    with runtime.session(writes=False) as session:
        alive = living_workers(session)
    said = f"{len(alive)} alive" if alive else "none: start one with `paceline worker`"
    return Check("workers", ok=bool(alive), detail=said)


def _figures(runtime: Runtime) -> Iterator[Check]:
    """The stored figures against those made again from the log."""
    found = compare_with_log(runtime.database, datetime.now(UTC))
    if not found.settled:
        yield Check("figures", ok=False, detail="folds kept coming between: try again")
        return
    said = f"{found.checked} rows compared, {found.waiting} messages not folded yet"
    yield Check("figures", ok=not found.differences, detail=said)
    for difference in found.differences[:SHOWN_DIFFERENCES]:
        yield Check("figures", ok=False, detail=difference)


COMMANDS = (doctor,)
