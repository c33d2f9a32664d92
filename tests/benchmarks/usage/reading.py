"""How fast figures are read, against engines that ask the raw events: exact to the event.

python -m tests.benchmarks.usage.reading [--events 1000000 10000000 …] [--folder DIR] [--keep]

For each size: 10,000 accounts by Zipf's law (synthetic.py) as a portal of that age holds them, on
SQLite, and the same events in DuckDB and chDB, sorted by account and time. Printed: milliseconds of
all that the champion's page of 90 days shows for the largest account and for one in the middle
(first, and then the least of several times), and of the
portfolio of all accounts; the answers are compared one by one, and any difference ends the run.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from portal.db import Database
from portal.services.adoption import Overview, read_standing, show_overview
from portal.services.portfolio import list_portfolio
from portal.services.portfolio_snapshots import refresh_snapshots
from portal.tenancy import Scope, system_scope
from tests.benchmarks.usage.engines import Click, Duck, Engine, PageAnswer, PortfolioAnswer
from tests.benchmarks.usage.synthetic import LAST, NOW, histories
from tests.benchmarks.usage.writing import Writer, write_catalogue
from tests.databases import make_tables

SIZES = [1_000_000, 10_000_000, 100_000_000]
WINDOW = 90
LARGEST, MIDDLE = 1, 5_000
TIMES, ENGINE_TIMES = 15, 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path, help="kept, and taken as it is where it is filled")
    options = parser.parse_args()
    pages: list[float] = []
    for events in options.events:
        with tempfile.TemporaryDirectory() as scratch:
            folder = options.folder / str(events) if options.folder else Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            pages.append(measure(folder, events))
    if len(pages) > 1:
        print(f"the page from {options.events[0]:,} events on: ", end="")
        print(", ".join(f"{page / pages[0]:.2f}" for page in pages), "times")
    return 0


def measure(folder: Path, events: int) -> float:
    """The page's milliseconds for the largest account."""
    print(f"--- {events:,} events")
    database, engines = built(folder, events)
    try:
        page = compare_pages(database, engines)
        compare_portfolios(database, engines)
    finally:
        for engine in engines:
            engine.close()
        database.dispose()
    return page


def built(folder: Path, events: int) -> tuple[Database, list[Engine]]:
    """Made where the folder does not hold it already."""
    done = folder / "done"
    database = Database(f"sqlite:///{folder / 'paceline.db'}")
    began = time.perf_counter()
    duck = engine_or_none(lambda: Duck(folder))
    if not done.exists():
        make(database, duck, events)
    engines: list[Engine] = [duck] if duck is not None else []
    click = engine_or_none(lambda: Click(folder)) if duck is not None else None
    if click is not None:
        engines.append(click)
        if not done.exists():
            click.load(duck.export())
    done.touch()
    print(f"ready in {time.perf_counter() - began:.0f} s; on disk {sizes_of(folder, events)}")
    return database, engines


def make(database: Database, duck: Duck | None, events: int) -> None:
    make_tables(database.url)
    write_catalogue(database)
    writer = Writer(database)
    if duck is not None:
        duck.create()
    for found in histories(events):
        writer.add(found)
        if duck is not None:
            duck.add(found)
    writer.finish()
    if duck is not None:
        duck.flush()


def engine_or_none(begin: Callable[[], Any]) -> Any:
    with suppress(ImportError):
        return begin()
    print("an engine to compare with is missing: pip install 'paceline[bench]'")
    return None


def sizes_of(folder: Path, events: int) -> str:
    made = {
        "rollups": [folder / "paceline.db", folder / "paceline.db-wal"],
        "DuckDB": [folder / "events.duckdb"],
        "chDB": [path for path in (folder / "chdb").rglob("*") if path.is_file()],
    }
    sums = {
        name: sum(one.stat().st_size for one in some if one.exists()) for name, some in made.items()
    }
    return ", ".join(
        f"{name} {size / events:.1f} B an event" for name, size in sums.items() if size
    )


def compare_pages(database: Database, engines: list[Engine]) -> float:
    largest = 0.0
    for title, account in (("largest", LARGEST), ("middle", MIDDLE)):
        first = milliseconds(partial(show, Database(database.url), account), 1)
        again = milliseconds(partial(show, database, account), TIMES)
        print(f"page of the {title} account: first {first:.1f} ms, then {again:.1f} ms")
        largest = largest or again
        mine = page_answer(show(database, account))
        for engine in engines:
            check(engine.name, mine, engine.page(account, WINDOW))
            took = milliseconds(partial(engine.page, account, WINDOW), ENGINE_TIMES)
            print(f"  {engine.name} {took:.0f} ms, {took / again:.0f} times as long, same answers")
    return largest


def scope() -> Scope:
    return system_scope(NOW, "benchmark")


def show(database: Database, account: int) -> Overview:
    with database.session(scope()) as session:
        standing = read_standing(session, f"account-{account}")
        return show_overview(session, standing, LAST - timedelta(days=WINDOW - 1), LAST)


def page_answer(found: Overview) -> PageAnswer:
    weekdays = [0] * 7
    for back in range(WINDOW):
        weekdays[(LAST - timedelta(days=back)).weekday()] += 1
    return PageAnswer(
        days=[
            (
                *(one.dau, one.wau, one.mau, one.events),
                *(one.integration_calls or 0, (one.time_online_seconds or 0) // 60),
            )
            for one in found.now.series
        ],
        uses=uses_of(found.now.features),
        uses_before=uses_of(found.before.features),
        active=found.active,
        activated=found.now.activated,
        heat={
            (weekday, hour): round(cell * weekdays[weekday])
            for weekday, row in enumerate(found.heat.cells)
            for hour, cell in enumerate(row)
            if cell
        },
        integrations=dict(found.calls.names),
    )


def uses_of(features: list[Any]) -> dict[int, tuple[int, int]]:
    return {int(one.key.split("-")[1]): (one.uses, one.persons) for one in features if one.uses}


def check(name: str, mine: PageAnswer, theirs: PageAnswer) -> None:
    """Of the names the engines count all, the page the features."""
    for part in ("days", "active", "activated", "heat", "integrations"):
        if getattr(mine, part) != getattr(theirs, part):
            raise SystemExit(
                f"{name} {part}: {getattr(mine, part)} against {getattr(theirs, part)}"
            )
    for part in ("uses", "uses_before"):
        known = getattr(theirs, part)
        if any(known.get(key) != value for key, value in getattr(mine, part).items()):
            raise SystemExit(f"{name} {part}: {getattr(mine, part)} against {known}")


def compare_portfolios(database: Database, engines: list[Engine]) -> None:
    began = time.perf_counter()
    made = refresh_snapshots(database, NOW)
    print(f"{made:,} snapshots made in {time.perf_counter() - began:.1f} s")
    took = milliseconds(partial(portfolio, database), TIMES)
    rows = portfolio(database)
    mine: PortfolioAnswer = {
        int(row.key.split("-")[1]): (
            row.mau,
            row.mau_provisioned,
            row.mau_before,
            *row.spark,
        )
        for row in rows
    }
    print(f"portfolio of {len(rows):,} accounts: {took:.1f} ms")
    for engine in engines:
        answer = engine.portfolio()
        theirs = milliseconds(engine.portfolio, ENGINE_TIMES)
        nothing = (0,) * len(next(iter(mine.values())))
        wrong = [key for key, value in mine.items() if answer.get(key, nothing) != value]
        if wrong:
            key = wrong[0]
            raise SystemExit(f"{engine.name}: {key} {mine[key]} against {answer.get(key)}")
        print(f"  {engine.name} {theirs:.0f} ms, {theirs / took:.0f} times as long, same answers")


def portfolio(database: Database) -> list[Any]:
    with database.session(scope()) as session:
        return list(list_portfolio(session))


def milliseconds(ask: Callable[[], object], times: int) -> float:
    """The least: what else the machine does only adds to it."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        found.append((time.perf_counter() - began) * 1000)
    return min(found)


if __name__ == "__main__":
    sys.exit(main())
