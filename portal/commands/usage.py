"""account, person, feature, entitlement, quota, term, outcome, volume, usage and event import;
adoption show; fold, rebuild.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from portal.commands.context import Runtime
from portal.services.adoption import show_adoption
from portal.services.imports import (
    ImportReport,
    import_accounts,
    import_entitlements,
    import_features,
    import_outcomes,
    import_people,
    import_quotas,
    import_terms,
    import_usage_days,
    import_volumes,
)
from portal.services.ingest import accept_lines, read_lines
from portal.services.person_data import erase_person, export_person, finish_erasing
from portal.services.rebuilds import RawKept, begin_rebuild, do_rebuild, raw_kept
from portal.usage.fold import fold_pending
from portal.usage.rebuild import rebuild
from portal.usage.steps import FoldReport

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
Importer = Callable[..., ImportReport]
SHOWN_REFUSALS = 10


def importer(noun: str, load: Importer, said: str) -> click.Group:
    """The group of a noun with its `import FILE.csv`."""
    group = click.Group(noun, help=said)

    @group.command("import", help=f"Read {said} from a CSV file: all of it or, on any error, none.")
    @click.argument("file", type=FILE)
    @click.option("--dry-run", is_flag=True, help="Check and count; change nothing.")
    @click.pass_obj
    def read(runtime: Runtime, file: Path, *, dry_run: bool) -> None:
        with runtime.session() as session:
            report = load(session, file.read_bytes(), dry_run=dry_run)
        would = "would be " if dry_run else ""
        click.echo(
            f"{report.rows} rows: {report.added} {would}added, {report.changed} {would}changed, "
            f"{report.unchanged} unchanged."
        )

    return group


person = importer("person", import_people, "persons")


@person.command("export")
@click.argument("account")
@click.argument("external_id")
@click.pass_obj
def person_export(runtime: Runtime, account: str, external_id: str) -> None:
    """Print all that is kept of a person, as lines of JSON."""
    with runtime.session(writes=False) as session:
        for line in export_person(session, account, external_id):
            click.echo(line, nl=False)


@person.command("erase")
@click.argument("account")
@click.argument("external_id")
@click.pass_obj
def person_erase(runtime: Runtime, account: str, external_id: str) -> None:
    """Make a person nobody, in figures and raw events. Figures stay."""
    with runtime.session() as session:
        substitute = erase_person(runtime.database, session, account, external_id)
    finish_erasing(runtime.database, datetime.now(UTC))
    click.echo(f"Erased. Figures stay, under {substitute}.")


@click.group()
def event() -> None:
    """Usage events."""


@event.command("import")
@click.argument("file", type=FILE)
@click.pass_obj
def event_import(runtime: Runtime, file: Path) -> None:
    """Read usage events, one Segment message a line, from FILE.jsonl or FILE.jsonl.gz."""
    accepted = refused = 0
    with file.open("rb") as source, runtime.session() as session, _bar() as bar:
        task = bar.add_task("Events", total=file.stat().st_size)
        for receipt in accept_lines(session, read_lines(source)):
            accepted += receipt.accepted
            refused += receipt.refused
            for one in receipt.refusals[: max(0, SHOWN_REFUSALS - refused + receipt.refused)]:
                click.echo(f"  line {one.position}: {one.detail}", err=True)
            bar.update(task, completed=source.tell())
        bar.update(task, completed=file.stat().st_size)
    report = fold_pending(runtime.database, datetime.now(UTC))
    click.echo(
        f"{accepted:,} accepted, {refused:,} refused. {report.events:,} counted now; "
        f"{report.duplicates:,} had been counted before."
    )


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )


@click.group()
def adoption() -> None:
    """Adoption figures."""


@adoption.command("show")
@click.argument("account")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the window.")
@click.option("--window", default=30, show_default=True, help="Days.")
@click.option("--json", "as_json", is_flag=True, help="The same object as the API's.")
@click.pass_obj
def adoption_show(
    runtime: Runtime, account: str, as_of: datetime | None, window: int, *, as_json: bool
) -> None:
    """Show an account's adoption on a day."""
    with runtime.session(writes=False) as session:
        found = show_adoption(session, account, as_of.date() if as_of else None, window)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return
    for name, value in found.as_json().items():
        if name not in {"series", "data"}:
            click.echo(f"{name:22} {value}")


@click.command()
@click.option("--rebuild", "again", is_flag=True, help="First make every figure from the log.")
@click.pass_obj
def fold(runtime: Runtime, *, again: bool) -> None:
    """Fold what has arrived into the figures."""
    now = datetime.now(UTC)
    if again:
        _say_made(rebuild(runtime.database, now))
    report = fold_pending(runtime.database, now)
    click.echo(f"{report.events} events folded.")


@click.command("rebuild")
@click.option("--account", "account_key", default="", help="Of this account alone.")
@click.pass_obj
def rebuild_figures(runtime: Runtime, account_key: str) -> None:
    """Make the figures again from raw events; the old ones are shown until they are done."""
    with runtime.session() as session:
        run = begin_rebuild(session, account_key)
        session.commit()
    with _bar() as bar:
        task = bar.add_task("Raw events", total=None)
        made = do_rebuild(
            runtime.database,
            lambda: datetime.now(UTC),
            run,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    if made is not None:
        _say_made(made)
    with runtime.session(writes=False) as session:
        _say_late(raw_kept(session))


def _say_late(kept: RawKept) -> None:
    if kept.late and kept.late_stay:
        click.echo(
            f"Too late to be counted: {kept.late:,}. They stay listed, as raw events are gone or "
            "were archived by an earlier release: nobody can tell whether they had counted before."
        )


def _say_made(made: FoldReport) -> None:
    click.echo(f"{made.events:,} events made into figures again.")
    if made.made_from is not None:
        click.echo(
            f"Raw events of days before {made.made_from} are gone: those stayed as they were."
        )


COMMANDS = (
    importer("account", import_accounts, "accounts"),
    person,
    importer("feature", import_features, "features"),
    importer("entitlement", import_entitlements, "entitlements"),
    importer("quota", import_quotas, "quotas of editions and accounts"),
    importer("term", import_terms, "names of modules, industries and regions"),
    importer("outcome", import_outcomes, "outcomes of contracts"),
    importer("volume", import_volumes, "business volume"),
    importer("usage", import_usage_days, "daily usage, told as sums,"),
    event,
    adoption,
    fold,
    rebuild_figures,
)
