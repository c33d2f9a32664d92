"""How fast figures are read, against engines that ask the raw events: exact to the event.

python -m tests.benchmarks.usage.reading [--events 1000000 10000000 …] [--accounts N] [--folder DIR]

For each size: 10,000 accounts by Zipf's law (synthetic.py) as a portal of that age holds them, on
SQLite, and the same events in DuckDB and chDB, sorted by account and time. Printed: milliseconds of
all that the champion's page of 90 days shows, for the largest account and for one in the middle:
first in a process that has not met the account, then with its figures remembered, and after a late
event (each the least of several); and of the portfolio of all accounts, likewise. Answers are
compared one by one, and any difference ends the run.
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

from sqlalchemy import update

from portal.db import Database
from portal.models import UsageAccount, UsageFold
from portal.services.adoption import Overview, read_standing, show_overview
from portal.services.portfolio import list_portfolio
from portal.services.portfolio_snapshots import refresh_snapshots
from portal.tenancy import Scope, system_scope
from tests.benchmarks.usage.engines import Click, Duck, Engine, PageAnswer, PortfolioAnswer
from tests.benchmarks.usage.synthetic import ACCOUNTS, LAST, NOW, histories, sizes
from tests.benchmarks.usage.writing import Writer, write_catalogue
from tests.databases import make_tables

SIZES = [1_000_000, 10_000_000, 100_000_000]
WINDOW = 90
LARGEST, MIDDLE = 1, 5_000
TIMES, ENGINE_TIMES, LATE_TURNS = 15, 3, 5
TOUCHED = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=SIZES)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="only the N largest")
    parser.add_argument("--folder", type=Path, help="kept, and taken as it is where it is filled")
    options = parser.parse_args()
    pages: list[float] = []
    for events in options.events:
        with tempfile.TemporaryDirectory() as scratch:
            folder = options.folder / str(events) if options.folder else Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            pages.append(measure(folder, events, options.accounts))
    if len(pages) > 1:
        print(f"the page from {options.events[0]:,} events on: ", end="")
        print(", ".join(f"{page / pages[0]:.2f}" for page in pages), "times")
    return 0


def measure(folder: Path, events: int, accounts: int) -> float:
    """The page's milliseconds for the largest account."""
    print(f"--- {events:,} events, the {accounts:,} largest of {ACCOUNTS:,} accounts")
    database, engines = built(folder, events, accounts)
    try:
        page = compare_pages(database, engines, min(MIDDLE, accounts))
        compare_portfolios(database, engines)
    finally:
        for engine in engines:
            engine.close()
        database.dispose()
    return page


def built(folder: Path, events: int, accounts: int) -> tuple[Database, list[Engine]]:
    """Made where the folder does not hold it already."""
    done = folder / "done"
    database = Database(f"sqlite:///{folder / 'paceline.db'}")
    began = time.perf_counter()
    duck = engine_or_none(lambda: Duck(folder))
    if not done.exists():
        make(database, duck, events, accounts)
    engines: list[Engine] = [duck] if duck is not None else []
    click = engine_or_none(lambda: Click(folder)) if duck is not None else None
    if click is not None:
        engines.append(click)
        if not done.exists():
            click.load(duck.export())
    done.touch()
    kept = sizes_of(folder, int(sizes(events)[:accounts].sum()))
    print(f"ready in {time.perf_counter() - began:.0f} s; on disk {kept}")
    return database, engines


def make(database: Database, duck: Duck | None, events: int, accounts: int) -> None:
    make_tables(database.url)
    write_catalogue(database)
    writer = Writer(database)
    if duck is not None:
        duck.create()
    for found in histories(events, accounts):
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


def compare_pages(database: Database, engines: list[Engine], middle: int) -> float:
    largest = 0.0
    for title, account in (("largest", LARGEST), ("middle", middle)):
        first = milliseconds(partial(show, Database(database.url), account), 1)
        again = milliseconds(partial(show, database, account), TIMES)
        late = min(after_late_event(database, account) for _ in range(LATE_TURNS))
        print(
            f"page of the {title} account: first {first:.1f} ms, then {again:.1f} ms, "
            f"after a late event {late:.1f} ms"
        )
        largest = largest or again
        mine = page_answer(show(database, account))
        for engine in engines:
            check(engine.name, mine, engine.page(account, WINDOW))
            took = milliseconds(partial(engine.page, account, WINDOW), ENGINE_TIMES)
            print(f"  {engine.name} {took:.0f} ms, {took / again:.0f} times as long, same answers")
    return largest


def after_late_event(database: Database, account: int) -> float:
    """As if a fold had added to a day of the window: that day is read again, and all is added up
    once more.
    """
    book = database.shelf.find(("daybook", account))
    for kept in (book.rows, book.names, book.marks):
        kept.pop(LAST - timedelta(days=10))
    book.sums.clear()
    book.rolled.clear()
    with database.session(scope(), writes=True) as session:
        session.execute(
            update(UsageAccount)
            .where(UsageAccount.account_id == account)
            .values(ended_version=UsageAccount.ended_version + 1)
        )
        session.commit()
    return milliseconds(partial(show, database, account), 1)


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
    first = milliseconds(lambda: portfolio(Database(database.url)), ENGINE_TIMES)
    took = milliseconds(partial(portfolio, database), TIMES)
    touched = min(after_fold(database) for _ in range(LATE_TURNS))
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
    print(
        f"portfolio of {len(rows):,} accounts: first {first:.1f} ms, then {took:.1f} ms, "
        f"after a fold that touched {TOUCHED} of them {touched:.1f} ms"
    )
    for engine in engines:
        answer = engine.portfolio()
        theirs = milliseconds(engine.portfolio, ENGINE_TIMES)
        nothing = (0,) * len(next(iter(mine.values())))
        wrong = [key for key, value in mine.items() if answer.get(key, nothing) != value]
        if wrong:
            key = wrong[0]
            raise SystemExit(f"{engine.name}: {key} {mine[key]} against {answer.get(key)}")
        print(f"  {engine.name} {theirs:.0f} ms, {theirs / took:.0f} times as long, same answers")


def after_fold(database: Database) -> float:
    """As if a fold had added events of today to many accounts."""
    with database.session(scope(), writes=True) as session:
        version = session.execute(
            update(UsageFold).values(version=UsageFold.version + 1).returning(UsageFold.version)
        ).scalar_one()
        session.execute(
            update(UsageAccount).where(UsageAccount.account_id <= TOUCHED).values(version=version)
        )
        session.commit()
    return milliseconds(partial(portfolio, database), 1)


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
