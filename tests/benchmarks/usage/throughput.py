"""What a page costs a saturated server, as a share of Flask's hello page on the same server.

Both servers stand side by side, the same number of processes and threads, and are asked in turns
of seconds, so that whatever else the machine does in that time meets both; a turn is told by the
CPU of the server's processes per request (/proc, user and system, whatever they do beside), each
ratio is that of one round, and the middle one of the rounds is told, with the least and the most.
"""

import http.client
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Lock

from tests.benchmarks.usage.acceptance import cpu_seconds
from tests.ports import free_port
from tests.processes.portal_process import PortalProcess

ROUNDS, TURN_SECONDS, CONNECTIONS = 7, 1.5, 8
HELLO = "Flask's hello page"
Asked = tuple[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """`asked`: address and headers of each request, which follow each other without end."""

    port: int
    group: int
    asked: Callable[[], Asked]


@dataclass(frozen=True, slots=True)
class Turn:
    """Microseconds of CPU a request, and requests a second."""

    cpu: float
    rate: float


def compare_with_hello(pages: Mapping[str, Page]) -> None:
    with hello() as (port, group):
        all_pages = {HELLO: Page(port, group, lambda: ("/", {})), **pages}
        for page in all_pages.values():
            take_turn(page)
        rounds = [
            {title: take_turn(page) for title, page in all_pages.items()} for _ in range(ROUNDS)
        ]
    for title in all_pages:
        print(f"  {title}: {_told(rounds, title)}")


def _told(rounds: Sequence[Mapping[str, Turn]], title: str) -> str:
    cpu, rate = (
        median(getattr(turns[title], name) for turns in rounds) for name in ("cpu", "rate")
    )
    told = f"{cpu:,.0f} µs of CPU, {rate:,.0f}/s with the clients on the same cores"
    if title == HELLO:
        return told
    shares = sorted(100 * turns[HELLO].cpu / turns[title].cpu for turns in rounds)
    middle = median(shares)
    return f"{told}; {middle:.0f} % of its throughput ({shares[0]:.0f} to {shares[-1]:.0f})"


def in_turn(addresses: Callable[[], str], headers: Sequence[dict[str, str]]) -> Callable[[], Asked]:
    """Each reader after the other."""
    lock, readers = Lock(), itertools.cycle(headers)

    def next_one() -> Asked:
        with lock:
            return addresses(), next(readers)

    return next_one


def take_turn(page: Page) -> Turn:
    until, began = time.monotonic() + TURN_SECONDS, time.perf_counter()
    before = sum(cpu_seconds(lambda _, of: of == page.group))
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        count = sum(pool.map(lambda _: _ask(page, until), range(CONNECTIONS)))
    used = sum(cpu_seconds(lambda _, of: of == page.group)) - before
    return Turn(used / count * 1e6, count / (time.perf_counter() - began))


def _ask(page: Page, until: float) -> int:
    """Over one connection, which is kept; how many were answered."""
    count = 0
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=60)
    try:
        while time.monotonic() < until:
            path, headers = page.asked()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status not in (http.HTTPStatus.OK, http.HTTPStatus.NOT_MODIFIED):
                raise RuntimeError(f"{path} answered {answer.status}")
            count += 1
    finally:
        connection.close()
    return count


@contextmanager
def hello() -> Iterator[tuple[int, int]]:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
    command += ["--blocking-threads", "8", "--backlog", "1024", "--port", str(port)]
    command += ["--log-level", "error", "tests.benchmarks.hello:app"]
    with subprocess.Popen(command, start_new_session=True) as server:
        try:
            while not PortalProcess("", Path(), port=port).answers():
                time.sleep(0.05)
            yield port, server.pid
        finally:
            os.killpg(server.pid, signal.SIGKILL)
