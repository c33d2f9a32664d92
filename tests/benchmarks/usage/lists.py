"""The portfolio of ten thousand accounts: a night of health scores, and the pages that list all.

python -m tests.benchmarks.usage.lists [--folder DIR] [--night 2000] [--turns 15]

The database is that of kept.py with a million events (`--folder` keeps it), with contracts, sums of
money and success managers made up. Printed: accounts scored a second (CPU and clock), of those that
never had a score, of a usual night and again after late business volume, which makes the newest day
anew; then CPU milliseconds of each page, the least and the median of several: as it is (its figures
remembered), and with nothing remembered.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from flask.testing import FlaskClient
from sqlalchemy import select, update

from portal.db import Database
from portal.domain.shelf import Shelf
from portal.migrate import migrate
from portal.models import Account, AccountAssignment, User, VolumeDay, VolumeSeries
from portal.services.health.due import due_accounts
from portal.services.health.scoring import BATCH, score_accounts
from portal.services.portfolio_snapshots import refresh_snapshots
from portal.services.sessions import begin_session
from portal.services.sign_in import new_uniquifier
from portal.tenancy import system_scope
from portal.web import clock
from tests.benchmarks.usage.kept import folder_of, keep
from tests.benchmarks.usage.serving import application
from tests.benchmarks.usage.synthetic import ACCOUNTS, LAST, NOW

EVENTS = 1_000_000
TIERS = ("strategic", "standard", "small")
MANAGERS = 40
PAGES = ("/accounts", "/accounts?page=80&sort=health", "/accounts?view=map", "/portfolio")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="kept, and taken as it is where it is filled")
    parser.add_argument("--night", type=int, default=2_000, help="accounts scored for the figure")
    parser.add_argument("--turns", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        kept = keep(folder_of(options.folder or Path(scratch) / "kept", EVENTS, ACCOUNTS), EVENTS)
        database = Database(f"sqlite:///{shutil.copy(kept, scratch)}")
        migrate(database)
        sign_contracts(database)
        nights(database, options.night)
        pages(database, Path(scratch), options.turns)
        database.dispose()
    return 0


def sign_contracts(database: Database) -> None:
    source = Random(1)  # made-up contracts, the same each time
    with database.session(system_scope(NOW, "lists"), writes=True) as session:
        managers = [a_user(f"manager-{number}", "csm") for number in range(MANAGERS)]
        session.add_all([*managers, a_user("greta", "manager")])
        session.flush()
        for account in session.scalars(select(Account)):
            account.tier = TIERS[source.randrange(3)]
            account.seats = source.randrange(2, 400)
            account.contract_start = LAST - timedelta(days=400)
            account.contract_end = LAST + timedelta(days=source.randrange(-20, 400))
            account.arr, account.currency = Decimal(account.seats * 120), "EUR"
            session.add(
                AccountAssignment(
                    account_id=account.id, user_id=source.choice(managers).id, lead=True
                )
            )
        session.commit()
    refresh_snapshots(database, NOW)


def a_user(name: str, role: str) -> User:
    return User(
        email=f"{name}@example.com",
        name=name,
        role=role,
        account_id=None,
        fs_uniquifier=new_uniquifier(),
        created_at=NOW,
    )


def nights(database: Database, some: int) -> None:
    with database.session(system_scope(NOW, "lists")) as session:
        due = due_accounts(session)
    told("first scores", len(due[:some]), lambda: score(database, due[:some], NOW))
    score(database, due[some:], NOW)
    tomorrow = NOW + timedelta(days=1)
    told("a usual night", some, lambda: score(database, due[:some], tomorrow))
    push_late(database, due[:some])
    with database.session(system_scope(tomorrow, "lists")) as session:
        again = [one for one in due_accounts(session) if one in set(due[:some])]
    told("the newest day again", len(again), lambda: score(database, again, tomorrow))
    score(database, due[some:], tomorrow)


def score(database: Database, ids: Sequence[int], now: datetime) -> None:
    for begin in range(0, len(ids), BATCH):
        some = ids[begin : begin + BATCH]
        with database.session(system_scope(now, "lists"), writes=True) as session:
            score_accounts(session, some)


def told(what: str, accounts: int, act: Callable[[], object]) -> None:
    cpu, began = time.process_time(), time.perf_counter()
    act()
    cpu, seconds = time.process_time() - cpu, time.perf_counter() - began
    print(
        f"{what}: {accounts / cpu:,.0f} accounts a CPU second, {accounts / seconds:,.0f} a second"
    )


def push_late(database: Database, ids: Sequence[int]) -> None:
    with database.session(system_scope(NOW, "lists"), writes=True) as session:
        for account in ids:
            series = VolumeSeries(account_id=account, key="orders", revision=1, ended_revision=1)
            session.add(series)
            session.flush()
            session.add(
                VolumeDay(
                    account_id=account,
                    series_id=series.id,
                    day=LAST - timedelta(days=3),
                    total=Decimal(7),
                )
            )
        session.commit()


def pages(database: Database, folder: Path, turns: int) -> None:
    later = NOW + timedelta(days=1)
    clock.moment = lambda: later
    refresh_snapshots(database, later)
    client = signed_in(database, folder, later)
    for path in PAGES:
        client.get(path)
        warm = [cpu_of(client, path) for _turn in range(turns)]
        cold = []
        for _turn in range(max(turns // 5, 1)):
            database.shelf = Shelf()
            touch(database, later)
            cold.append(cpu_of(client, path))
        print(
            f"{path}: {min(warm):.0f} ms, median {statistics.median(warm):.0f}; "
            f"nothing remembered {min(cold):.0f}"
        )


def touch(database: Database, now: datetime) -> None:
    with database.session(system_scope(now, "lists"), writes=True) as session:
        first = select(Account.id).order_by(Account.id).limit(1).scalar_subquery()
        session.execute(
            update(Account).where(Account.id == first).values(revision=Account.revision + 1)
        )
        session.commit()


def cpu_of(client: FlaskClient, path: str) -> float:
    began = time.process_time()
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return (time.process_time() - began) * 1000


def signed_in(database: Database, folder: Path, now: datetime) -> FlaskClient:
    client = application(database, folder).test_client()
    with database.session(system_scope(now, "lists"), writes=True) as session:
        greta = session.scalars(select(User).where(User.role == "manager")).one()
        secret = begin_session(session, greta.id, address="127.0.0.1", browser="benchmark")
        session.commit()
        uniquifier = greta.fs_uniquifier
    with client.session_transaction() as cookie:
        cookie.update({"secret": secret, "_user_id": uniquifier, "_fresh": True})
    return client


if __name__ == "__main__":
    sys.exit(main())
