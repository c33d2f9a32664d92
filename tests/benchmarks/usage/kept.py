"""A portal of some age on SQLite, made once and kept, for the benchmarks that measure at size:

python -m tests.benchmarks.usage.kept --keep FOLDER [--events 1000000 100000000]

FOLDER/<events>/paceline.db then holds all ten thousand accounts of that history (synthetic.py) as
writing.py makes them. reading.py, serving.py and folding.py take FOLDER, and make what is missing.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from portal.db import Database
from portal.migrate import migrate
from tests.benchmarks.usage.synthetic import History, histories
from tests.benchmarks.usage.writing import Writer, write_catalogue
from tests.databases import make_tables

NAME, READY = "paceline.db", "rollups-are-written"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 100_000_000])
    options = parser.parse_args()
    for events in options.events:
        began = time.perf_counter()
        file = keep(options.keep / str(events), events)
        size = file.stat().st_size
        seconds = time.perf_counter() - began
        print(
            f"{events:,} events: {size / 1e6:,.0f} MB, {size / events:.2f} bytes an event, ", end=""
        )
        print(f"{seconds:.0f} s")
    return 0


def keep(folder: Path, events: int, beside: Callable[[History], None] | None = None) -> Path:
    """Makes the database where the folder does not hold it; `beside` is given the events of each
    account in any case. Its file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file, ready = folder / NAME, folder / READY
    writer = None if ready.exists() else _begun(file)
    for found in histories(events) if writer is not None or beside is not None else ():
        if writer is not None:
            writer.add(found)
        if beside is not None:
            beside(found)
    if writer is not None:
        writer.finish()
        ready.touch()
    return file


def kept_copy(folder: Path, events: int, into: Path) -> Database:
    """Of the database, to be changed."""
    file = keep(folder, events)
    database = Database(f"sqlite:///{shutil.copy(file, into / NAME)}")
    migrate(database)
    return database


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
