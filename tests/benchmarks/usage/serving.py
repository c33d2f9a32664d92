"""The adoption page as readers get it, from the real server, while events come in and are folded.

python -m tests.benchmarks.usage.serving [--events 1000000] [--folder DIR] [--seconds 15]
    [--throughput]

The database is that of reading.py (`--folder` takes one as it is), on SQLite. Twenty champions,
five of them of the largest account, read the page of ninety days; each looks at it for a second on
average (exponential) before the next: quicker than anybody reads, and far from a queue. A sender
(load.py) posts a thousand events a second; another process folds every five seconds, as a worker
does and with a worker's priority, and as some events are late pages of days that are over change
with it. Printed: statements a page; p50 and p95 of the page as it is, of one made anew each time
(each asks for other days), and of one that is held already (304; by the server's own log too, as
the clients want the same cores); CPU per request beside Flask's hello page on the same server,
which says how many a saturated core serves; memory; and pages of the other accounts while the
largest sends 95 of 100 events.
"""

import argparse
import http.client
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from sqlalchemy import event, select

from portal.app import create_app
from portal.config import Settings
from portal.db import Database
from portal.migrate import migrate
from portal.models import User
from portal.services.sessions import begin_session
from portal.services.sign_in import new_uniquifier
from portal.tenancy import system_scope
from tests.benchmarks.usage.load import sending
from tests.benchmarks.usage.reading import WINDOW
from tests.benchmarks.usage.server_times import ServerTimes
from tests.benchmarks.usage.synthetic import ACCOUNTS, LAST, NOW, histories
from tests.benchmarks.usage.throughput import Page, compare_with_hello, in_turn
from tests.benchmarks.usage.writing import Writer, write_catalogue
from tests.databases import make_tables
from tests.processes.intake import write_key
from tests.processes.portal_process import PortalProcess

READERS, OF_THE_LARGEST = 20, 5
LOOKING = 1.0
HEAVY = 0.95
Address = Callable[[], str]
COOKIE = "paceline"
OTHER_DAYS = 30
SEARCHES = 30


def address(back: int = 0, days: int = WINDOW) -> str:
    last = LAST - timedelta(days=back)
    return f"/adoption?from={last - timedelta(days=days - 1)}&to={last}"


def any_address() -> str:
    """Of some nine hundred: hardly any comes twice."""
    less, back = (random.randrange(OTHER_DAYS) for _ in range(2))
    return address(back, WINDOW - less)


@dataclass
class Times:
    """Milliseconds by status."""

    of: dict[int, list[float]] = field(default_factory=dict)

    def add(self, status: int, seconds: float) -> None:
        self.of.setdefault(status, []).append(seconds * 1000)

    def most(self, status: int = 200) -> float:
        """The 95th percentile."""
        times = sorted(self.of.get(status, [0.0]))
        return times[len(times) * 95 // 100]

    def __str__(self) -> str:
        told = []
        for status, times in sorted(self.of.items()):
            times.sort()
            half, most = times[len(times) // 2], times[len(times) * 95 // 100]
            told.append(f"{status}: {len(times):,} × p50 {half:.1f}, p95 {most:.1f} ms")
        return "; ".join(told)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="made by reading.py")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--throughput", action="store_true", help="that alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder / str(options.events) if options.folder else Path(scratch)
        database = filled(folder, options.events)
        cookies = readers(database, folder)
        print(f"--- {options.events:,} events, {READERS} readers")
        if options.throughput:
            with serving(database, folder) as (portal, secret):
                tell_throughput(portal, database.url, secret, cookies)
        else:
            tell_statements(database, folder, cookies[0])
            serve(database, folder, cookies, options.seconds)
        database.dispose()
    return 0


def filled(folder: Path, events: int) -> Database:
    address = f"sqlite:///{folder / 'paceline.db'}"
    database = Database(address)
    if (folder / "done").exists():
        migrate(database)
        return database
    make_tables(address)
    write_catalogue(database)
    writer = Writer(database)
    for found in histories(events):
        writer.add(found)
    writer.finish()
    return database


def application(database: Database, folder: Path) -> Flask:
    return create_app(
        Settings.model_validate({"environment": "test", "data_dir": folder}), database
    )


def readers(database: Database, folder: Path) -> list[str]:
    """The cookies of champions who have signed in."""
    app = application(database, folder)
    made = []
    for number in range(READERS):
        account = 1 if number < OF_THE_LARGEST else number * (ACCOUNTS // READERS)
        uniquifier, secret = champion(database, f"reader-{number}@example.com", account)
        client = app.test_client()
        with client.session_transaction() as session:
            session.update({"secret": secret, "_user_id": uniquifier, "_fresh": True})
        cookie = client.get_cookie(COOKIE)
        assert cookie is not None
        made.append(f"{COOKIE}={cookie.value}")
    return made


def champion(database: Database, email: str, account: int) -> tuple[str, str]:
    now = datetime.now(UTC)
    with database.session(system_scope(now, "benchmark"), writes=True) as session:
        user = session.scalar(select(User).where(User.email == email))
        if user is None:
            user = User(
                email=email,
                name="Ingrid Dahle",
                role="champion",
                account_id=account,
                fs_uniquifier=new_uniquifier(),
                created_at=NOW,
            )
            session.add(user)
            session.flush()
        secret = begin_session(session, user.id, address="127.0.0.1", browser="benchmark")
        session.commit()
        return user.fs_uniquifier, secret


def tell_statements(database: Database, folder: Path, cookie: str) -> None:
    """In this process: the first page of an account, one that is remembered, and one held."""
    client = application(database, folder).test_client()
    key, _, value = cookie.partition("=")
    client.set_cookie(key, value)
    sent: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    counts, tag = [], ""
    for held in (False, False, True):
        sent.clear()
        answer = client.get(address(), headers={"If-None-Match": tag} if held else {})
        counts.append(f"{answer.status_code} {len(sent)}")
        tag = answer.headers["ETag"]
    print(f"statements, BEGIN too (first page, remembered, held): {', '.join(counts)}")


def serve(database: Database, folder: Path, cookies: list[str], seconds: float) -> None:
    with serving(database, folder) as (portal, secret):
        tell_first(portal.port, cookies[0])
        print(f"quiet: {read(portal.port, cookies, seconds / 3)}")
        memory = tell_read(portal, database.url, secret, cookies, seconds)
        tell_heavy(portal.port, database.url, secret, cookies[OF_THE_LARGEST:], seconds)
        tell_throughput(portal, database.url, secret, cookies)
        search_in_chinese(portal.port, cookies[0])
        assert portal.running is not None
        workers = [resident(pid) for pid in processes(portal.running.pid)]
        print(
            f"memory: web processes {', '.join(f'{one:.0f}' for one in workers)} MB, "
            f"folding process {memory:.0f} MB"
        )


@contextmanager
def serving(database: Database, folder: Path) -> Iterator[tuple[PortalProcess, str]]:
    """The portal, and the secret of a key that may send events."""
    secret = write_key(database)
    portal = PortalProcess(database.url, folder)
    portal.start()
    try:
        yield portal, secret
    finally:
        portal.kill()


def search_in_chinese(port: int, cookie: str) -> None:
    """Often enough for each process to have read its list of words."""
    for _ in range(SEARCHES):
        with browser(port) as connection:
            ask(connection, f"/search?q={quote('审批流程怎么设置')}", cookie, "", Times())


def tell_read(
    portal: PortalProcess, url: str, secret: str, cookies: list[str], seconds: float
) -> float:
    """Returns what the folding process takes of memory."""
    with sending(portal.port, secret) as sent, folding(url) as folder_pid:
        found = {
            "the page": read(portal.port, cookies, seconds),
            "made anew": read(portal.port, cookies, seconds, any_address),
        }
        inside = ServerTimes(portal.data_dir / "web.log")
        found["held already"] = read(portal.port, cookies, seconds, held=True)
        memory = resident(folder_pid)
    print(f"while {sent.events / seconds / 3:,.0f} events/s come in and are folded:")
    for title, times in found.items():
        print(f"  {title}: {times}")
    print(f"  held already, in the server: {inside.told(304)}")
    return memory


def tell_heavy(port: int, url: str, secret: str, others: list[str], seconds: float) -> None:
    """The pages of everybody but the largest account, while as many events come in of all accounts,
    and nearly all of that one.
    """
    found = {}
    for title, share in (("of all accounts", 0.0), ("nearly all of one", HEAVY)):
        with sending(port, secret, share), folding(url):
            found[title] = read(port, others, seconds / 2, any_address).most()
    evenly, heavy = found.values()
    print(
        f"others' pages made anew, p95: {evenly:.1f} ms while events of all accounts come in, "
        f"{heavy:.1f} ms ({heavy / evenly:.1f} ×) while {HEAVY:.0%} are of one"
    )


def tell_first(port: int, cookie: str) -> None:
    first = Times()
    with browser(port) as connection:
        ask(connection, address(), cookie, "", first)
    print(f"the first page of the process {first}")


def read(
    port: int,
    cookies: list[str],
    seconds: float,
    where: Address = address,
    *,
    held: bool = False,
) -> Times:
    """`held`: each reader sends the tag of the page that they got last."""
    times, until = Times(), time.monotonic() + seconds

    def one(cookie: str) -> None:
        tag = ""
        with browser(port) as connection:
            while time.monotonic() < until:
                time.sleep(random.expovariate(1 / LOOKING))
                tag = ask(connection, where(), cookie, tag if held else "", times)

    with ThreadPoolExecutor(len(cookies)) as pool:
        list(pool.map(one, cookies))
    return times


@contextmanager
def browser(port: int) -> Iterator[http.client.HTTPConnection]:
    """Keeps its connection, as browsers do."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        yield connection
    finally:
        connection.close()


def ask(
    connection: http.client.HTTPConnection, path: str, cookie: str, tag: str, times: Times
) -> str:
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip"} | (
        {"If-None-Match": tag} if tag else {}
    )
    began = time.perf_counter()
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    times.add(response.status, time.perf_counter() - began)
    return response.headers.get("ETag", "")


@contextmanager
def folding(url: str) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.usage.folding_process", url, "--worker"]
    with subprocess.Popen(command) as folder:
        try:
            yield folder.pid
        finally:
            folder.kill()


def tell_throughput(portal: PortalProcess, url: str, secret: str, cookies: list[str]) -> None:
    """All readers after each other: quiet, and while events come in and are folded."""
    assert portal.running is not None
    readers = [{"Cookie": cookie, "Accept-Encoding": "gzip"} for cookie in cookies]
    pages = {"the page": (address, readers), "made anew": (any_address, readers)}
    quiet = {**pages, "held already": (address, holding(portal.port, cookies))}
    port, group = portal.port, portal.running.pid
    made = {title: Page(port, group, in_turn(*asked)) for title, asked in quiet.items()}
    print("throughput, nothing else going on")
    compare_with_hello(made)
    print("throughput while events come in and are folded")
    with sending(port, secret), folding(url):
        compare_with_hello({"the page": made["the page"]})


def holding(port: int, cookies: list[str]) -> list[dict[str, str]]:
    held = []
    for cookie in cookies:
        with browser(port) as connection:
            tag = ask(connection, address(), cookie, "", Times())
        held.append({"Cookie": cookie, "Accept-Encoding": "gzip", "If-None-Match": tag})
    return held


def processes(group: int) -> list[int]:
    """The members of a process group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            found.append(int(stat.parent.name))
    return sorted(found)


def resident(pid: int) -> float:
    """Megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
