"""A portal of some age on SQLite, made once and kept, for the benchmarks that measure at size:

python -m tests.benchmarks.usage.kept --keep FOLDER [--events 1000000 100000000] [--accounts N]

FOLDER/<events>/paceline.db then holds the ten thousand accounts of that history (synthetic.py) as
writing.py makes them, FOLDER/<events>-of-<N>/paceline.db the N largest of these. A hundred million
events of all accounts take some ten minutes of a core.
"""

import argparse
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from portal.db import Database
from tests.benchmarks.usage.synthetic import ACCOUNTS, History, histories
from tests.benchmarks.usage.writing import Writer, write_catalogue
from tests.databases import make_tables

NAME, READY = "paceline.db", "rollups-are-written"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 100_000_000])
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="only the N largest")
    options = parser.parse_args()
    for events in options.events:
        began = time.perf_counter()
        file = keep(folder_of(options.keep, events, options.accounts), events, options.accounts)
        size = file.stat().st_size
        seconds = time.perf_counter() - began
        print(
            f"{events:,} events: {size / 1e6:,.0f} MB, {size / events:.2f} bytes an event, ", end=""
        )
        print(f"{seconds:.0f} s")
    return 0


def folder_of(kept: Path, events: int, accounts: int) -> Path:
    return kept / (f"{events}" if accounts == ACCOUNTS else f"{events}-of-{accounts}")


def keep(
    folder: Path,
    events: int,
    accounts: int = ACCOUNTS,
    beside: Callable[[History], None] | None = None,
) -> Path:
    """Makes the database where the folder does not hold it; `beside` is given the events of each
    account in any case. Its file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file, ready = folder / NAME, folder / READY
    writer = None if ready.exists() else _begun(file)
    wanted = accounts if writer is not None or beside is not None else 0
    for found in islice(histories(events), wanted):
        if writer is not None:
            writer.add(found)
        if beside is not None:
            beside(found)
    if writer is not None:
        writer.finish()
        ready.touch()
    return file


def _begun(file: Path) -> Writer:
    for left in file.parent.glob(f"{NAME}*"):
        left.unlink()
    url = f"sqlite:///{file}"
    make_tables(url)
    database = Database(url)
    write_catalogue(database)
    return Writer(database)


if __name__ == "__main__":
    sys.exit(main())
