"""The search as readers get it, from the real server, while texts are published.

python -m tests.benchmarks.search.serving [--items 10000] [--folder DIR] [--seconds 20]

The hub is that of large_hub.py on SQLite (`--folder` keeps it for the next run), the server is
`paceline serve` with two processes and no worker, which builds the index by itself. What the texts
mean is made up at random, as learning it would take a tenth of a second a passage: asking costs the
same. Twenty readers,
champions of as many accounts and visitors, type a question into the panel letter by letter, open
the page of results, read an item and ask for it again; between two requests they wait for a second
on average. Meanwhile an item is published every other second. Printed: milliseconds in the server
(from its log) and at the reader; statements and time of each request, alone, in this process; how
long after its commit a publication is found by both processes; memory.
"""

import argparse
import http.client
import logging
import os
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from portal.db import Database
from portal.models import KnowledgeItem, KnowledgeVersion
from portal.search import Engine
from portal.search.meaning_model import missing, model
from portal.services.knowledge_texts import raise_change
from portal.services.search_index import FOLDER, newest_change
from portal.tenancy import system_scope
from tests.benchmarks.search.large_hub import Hub, Item
from tests.benchmarks.search.pretended import pretend_to_learn
from tests.benchmarks.search.stored_hub import stored
from tests.benchmarks.usage.serving import (
    Times,
    application,
    ask,
    browser,
    champion,
    processes,
    resident,
)
from tests.processes.portal_process import PortalProcess

READERS, VISITORS = 20, 5
LOOKING, PUBLISHING, PATIENCE = 1.0, 2.0, 900.0
COOKIE = "paceline"
KINDS = {
    "as you type": r"/search/panel",
    "results": r"/search",
    "reading": r"/knowledge/[^/ ]+",
}
Addresses = dict[str, Callable[[], str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--data", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.folder or Path(scratch)) / str(options.items)
        began = time.perf_counter()
        database, items = stored(folder, options.items, options.data)
        say(f"--- {options.items:,} items written in {time.perf_counter() - began:.0f} s")
        cookies = sign_in(database, folder)
        addresses = addresses_of(items)
        serve(database, folder, cookies, addresses, options.seconds)
        alone(database, folder, cookies[-1], addresses)
        database.dispose()


def sign_in(database: Database, folder: Path) -> list[str]:
    """Of visitors, which are empty, and of champions."""
    app = application(database, folder)
    made = [""] * VISITORS
    for number in range(READERS - VISITORS):
        uniquifier, secret = champion(database, f"reader-{number}@example.com", number + 1)
        client = app.test_client()
        with client.session_transaction() as session:
            session.update({"secret": secret, "_user_id": uniquifier, "_fresh": True})
        cookie = client.get_cookie(COOKIE)
        assert cookie is not None
        made.append(f"{COOKIE}={cookie.value}")
    return made


def addresses_of(items: list[Item]) -> Addresses:
    hub, dice = Hub(seed=5), random.Random(3)
    open_to_all = [item for item in items if item.audience == "public"]
    return {
        "as you type": lambda: (
            f"/search/panel?q={quote(dice.choice(hub.beginnings(dice.choice(items))))}"
        ),
        "results": lambda: f"/search?q={quote(hub.question(dice.choice(items)))}",
        "reading": lambda: f"/knowledge/{dice.choice(open_to_all).slug}",
    }


def serve(
    database: Database, folder: Path, cookies: list[str], addresses: Addresses, seconds: float
) -> None:
    (folder / "web.log").unlink(missing_ok=True)
    portal = PortalProcess(database.url, folder)
    portal.start()
    try:
        assert portal.running is not None
        tell_index(database, folder)
        say(f"{pretend_to_learn(folder / FOLDER):,} passages have a meaning {missing()}")
        warm(portal.port, addresses)
        # By now the process that built the index is gone.
        workers = processes(portal.running.pid)
        quiet = memory(workers)
        (folder / "web.log").write_bytes(b"")
        with publishing(database, portal.port) as seen:
            found = read(portal.port, cookies, addresses, seconds)
        say(f"{READERS} readers, {len(seen)} publications:")
        inside = logged(folder / "web.log")
        for kind, times in found.items():
            say(f"  {kind:12} in the server {told(inside[kind])}; at the reader {times}")
        seen.sort()
        say(f"a publication is found by both processes after {seen[len(seen) // 2]:.2f} s (median)")
        say(f"  at most {seen[-1]:.2f} s")
        say(f"memory of web processes: {quiet} MB before, {memory(workers)} MB after")
    finally:
        portal.kill()


def memory(workers: list[int]) -> str:
    return ", ".join(f"{resident(pid):.0f}" for pid in workers)


def tell_index(database: Database, folder: Path) -> None:
    """Waits until a process has built it."""
    began = time.perf_counter()
    engine = Engine(folder / FOLDER)
    while engine.refresh() != number_of(database):
        time.sleep(0.2)
        assert time.perf_counter() - began < PATIENCE
    say(f"index of {engine.count:,} texts there after {time.perf_counter() - began:.1f} s")


def number_of(database: Database) -> int:
    with database.session(system_scope(datetime.now(UTC), "benchmark")) as session:
        return newest_change(session)


def warm(port: int, addresses: Addresses) -> None:
    for address in addresses.values():
        for _ in range(40):
            with browser(port) as connection:
                ask(connection, address(), "", "", Times())


def read(port: int, cookies: list[str], addresses: Addresses, seconds: float) -> dict[str, Times]:
    times = {kind: Times() for kind in KINDS}
    until = time.monotonic() + seconds

    def one(cookie: str) -> None:
        with browser(port) as connection:
            while time.monotonic() < until:
                for kind in ("as you type",) * 4 + ("results", "reading"):
                    time.sleep(random.expovariate(1 / LOOKING))
                    address = addresses[kind]()
                    tag = ask(connection, address, cookie, "", times[kind])
                    if kind == "reading":
                        ask(connection, address, cookie, tag, times[kind])

    with ThreadPoolExecutor(len(cookies)) as pool:
        list(pool.map(one, cookies))
    return times


@contextmanager
def publishing(database: Database, port: int) -> Iterator[list[float]]:
    """Every other second; the seconds until both processes of the server find what is new."""
    seen: list[float] = []
    stop = Event()

    def publish() -> None:
        number = 0
        while not stop.wait(PUBLISHING):
            number += 1
            word = f"zz{os.getpid()}q{number}zz"
            change(database, number, word)
            began = time.monotonic()
            seen.append(found_at(port, word) - began)

    thread = Thread(target=publish)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def change(database: Database, number: int, word: str) -> None:
    with database.session(system_scope(datetime.now(UTC), "benchmark"), writes=True) as session:
        chosen = (
            select(KnowledgeItem.id)
            .where(KnowledgeItem.audience == "public")
            .offset(number * 7)
            .limit(1)
        )
        item = session.scalars(chosen).one()
        session.execute(
            update(KnowledgeVersion)
            .where(KnowledgeVersion.item_id == item)
            .values(text=KnowledgeVersion.text + f" {word}")
        )
        newest = raise_change(session)
        session.execute(
            update(KnowledgeItem).where(KnowledgeItem.id == item).values(changed_in=newest)
        )
        session.commit()


def found_at(port: int, word: str) -> float:
    """The first of ten searches in a row that found it: the server gives each connection to either
    of its processes.
    """
    found: list[float] = []
    limit = time.monotonic() + 60
    while len(found) < 10:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", f"/search/panel?q={word}")
        page = connection.getresponse().read()
        connection.close()
        there = b"/knowledge/item-" in page
        found = [*found, time.monotonic()] if there else []
        assert time.monotonic() < limit, word
        time.sleep(0.01)
    return found[0]


def logged(path: Path) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    line = re.compile(r"milliseconds=([\d.]+).*? path=(\S+)")
    for milliseconds, where in line.findall(path.read_text()):
        for kind, pattern in KINDS.items():
            if re.fullmatch(pattern, where):
                times[kind].append(float(milliseconds))
    return times


def alone(database: Database, folder: Path, cookie: str, addresses: Addresses) -> None:
    """One reader's requests, one after the other, in this process."""
    app = application(database, folder)
    # What each request wrote to the log is no part of what is measured.
    logging.disable(logging.CRITICAL)
    client = app.test_client()
    key, _, value = cookie.partition("=")
    client.set_cookie(key, value)
    sent: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    say("alone, the better of two, p50 / p95 in milliseconds:")
    for kind, address in addresses.items():
        times, counts = measure(client, address, sent)
        say(f"  {kind:12} {told(times)}; {counts} statements")


def measure(
    client: FlaskClient, address: Callable[[], str], sent: list[str]
) -> tuple[list[float], int]:
    times, count = [], 0
    for number in range(140):
        where = address()
        sent.clear()
        took = min(timed(client, where), timed(client, where))
        count = max(count, len(sent) // 2)
        if number >= 40:
            times.append(took)
    return times, count


def timed(client: FlaskClient, where: str) -> float:
    asked = model()
    if asked is not None:
        asked._asked.clear()  # as if nobody had asked it before
    began = time.perf_counter()
    answer = client.get(where)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == http.HTTPStatus.OK, (where, answer.status_code)
    return took


def told(times: list[float]) -> str:
    if not times:
        return "nothing"
    times.sort()
    half, most = times[len(times) // 2], times[len(times) * 95 // 100]
    return f"{len(times)} × {half:.1f} / {most:.1f}"


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
