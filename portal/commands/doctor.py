"""doctor."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from portal.commands.context import Runtime
from portal.journal import torn_parts
from portal.search.meaning_model import MODEL, missing
from portal.services.readiness import Check, check_readiness
from portal.services.search_index import index_state
from portal.services.workers import living_workers
from portal.usage.comparison import Comparison, compare_with_log, sample_of
from reports.pdf import check_system

SHOWN_DIFFERENCES = 10
SAMPLE = 3
# More are not read unless somebody asks for it, however long the log is: half a minute, about.
MOST_READ = 2_000_000


@click.command()
@click.option("--figures", is_flag=True, help="Make every figure again and compare.")
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    help="Compare the whole history of so many accounts, others each day. "
    f"Unless said: of {SAMPLE}, by the newest two million messages.",
)
@click.pass_obj
def doctor(runtime: Runtime, *, figures: bool, sample: int | None) -> None:
    """Say what is well and what is not; exit 1 where something is not."""
    checks = list(_checks(runtime, figures=figures, sample=sample))
    for check in checks:
        click.echo(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.detail}")
    click.echo(f"Checked at {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.")
    if not all(check.ok for check in checks):
        sys.exit(1)


def _checks(runtime: Runtime, *, figures: bool, sample: int | None) -> Iterator[Check]:
    found = check_readiness(runtime.database, runtime.settings.data_dir)
    yield from found
    missing = " ".join(check_system())
    yield Check("reports", ok=not missing, detail=missing or "PDF libraries and fonts")
    if not all(check.ok for check in found if check.name in {"database", "migrations"}):
        return
    yield _workers(runtime)
    yield _index(runtime)
    yield _meaning()
    yield from _torn(runtime)
    if figures:
        yield from _compared(compare_with_log(runtime.database, datetime.now(UTC)), "all accounts")
    else:
        yield from _sample(runtime, sample)


def _workers(runtime: Runtime) -> Check:
    with runtime.session(writes=False) as session:
        alive = living_workers(session)
    said = f"{len(alive)} alive" if alive else "none: start one with `paceline worker`"
    return Check("workers", ok=bool(alive), detail=said)


def _torn(runtime: Runtime) -> Iterator[Check]:
    """What dying processes left half-written, if anything; nothing that was acknowledged."""
    names = torn_parts(runtime.database.journal)
    if names:
        said = f"kept aside, never acknowledged, may be deleted: {', '.join(names)}"
        yield Check("journal", ok=True, detail=said)


def _index(runtime: Runtime) -> Check:
    with runtime.session(writes=False) as session:
        found = index_state(session, runtime.settings.data_dir)
    if found.number is None:
        well = not found.newest
        said = "no texts yet" if well else "none that is sound: `paceline reindex` builds it"
        return Check("search index", ok=well, detail=said)
    said = (
        f"change {found.number} of {found.newest}, {found.texts:,} texts, "
        f"{found.bytes / 1024**2:,.1f} MiB"
    )
    if found.late:
        said += "; behind: `paceline serve` or `worker` follows, `paceline reindex` builds it anew"
    return Check("search index", ok=not found.late, detail=said)


def _meaning() -> Check:
    """Search is whole without it, so that it is well either way."""
    lacking = missing()
    said = f"search goes by words alone: {lacking}" if lacking else f"compared by {MODEL}"
    return Check("meaning", ok=True, detail=said)


def _sample(runtime: Runtime, sample: int | None) -> Iterator[Check]:
    """Some accounts; where nobody asked, by the newest messages alone if there are many."""
    now = datetime.now(UTC)
    with runtime.session(writes=False) as session:
        chosen = sample_of(session, SAMPLE if sample is None else sample, now.date())
    if not chosen:
        return
    most = MOST_READ if sample is None else None
    found = compare_with_log(runtime.database, now, frozenset(chosen), most)
    yield from _compared(found, ", ".join(chosen.values()))


def _compared(found: Comparison, whose: str) -> Iterator[Check]:
    """The stored figures against those made again from raw events."""
    if not found.settled:
        yield Check("figures", ok=False, detail="folds kept coming between: try again")
        return
    said = f"{whose}: {found.checked} rows compared, {found.waiting} messages not folded yet"
    if found.first_day is not None:
        said += f", days from {found.first_day} on"
    yield Check("figures", ok=not found.differences, detail=said)
    for difference in found.differences[:SHOWN_DIFFERENCES]:
        yield Check("figures", ok=False, detail=difference)
    if found.differences:
        yield Check("figures", ok=False, detail=f"to mend it: {_remedy(found)}")


def _remedy(found: Comparison) -> str:
    """First what waits: it may be all that differs."""
    fold = "`paceline fold`, then " if found.waiting else ""
    if len(found.accounts) > SHOWN_DIFFERENCES:
        return f"{fold}`paceline rebuild` (of {len(found.accounts)} accounts)"
    each = (f"`paceline rebuild --account {key}`" for key in found.accounts)
    return fold + ", ".join(each)


COMMANDS = (doctor,)
