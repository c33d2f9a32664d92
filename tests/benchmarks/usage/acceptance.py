"""What accepting events costs over HTTP, against the same server storing nothing.

python -m tests.benchmarks.usage.acceptance [--database URL | --postgresql] [--requests N]
    [--connections N]

Two peers under the same server with the same number of processes and threads, side by side, asked
by the same client in turns: tests/benchmarks/store_nothing.py reads the body and answers, no more
("bare"); tests/benchmarks/usage/keeping_nothing.py is the real portal without its durable write
("nothing kept"). Then the real `paceline serve`. Batches of 100 as Segment's Python client sends
them, then single events; each also while a worker folds. Printed: CPU of the server's processes per
request (from /proc, user and system), requests per second, p50 and p99, and both ratios: the middle
one of the rounds, with the least and the most.
`--database` is the address of an empty database; `--postgresql` starts one as the tests do, but as
durable as it comes out of the box, and tells its CPU too.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from segment.analytics.client import Client
from segment.analytics.request import DatetimeSerializer

from tests.benchmarks.durable_server import durable_server
from tests.databases import make_tables, open_database
from tests.ports import free_port
from tests.processes.intake import write_key
from tests.processes.portal_process import PortalProcess

TICKS = os.sysconf("SC_CLK_TCK")
WARM_UP, ROUNDS = 60, 5
BARE, PEER, KEPT = "bare", "nothing kept", "kept"
Place = tuple[int, int]
"""Port and process group."""
VARIANTS = 50


@dataclass(frozen=True)
class Figures:
    """Of one run: microseconds of CPU a request, requests a second, milliseconds."""

    user: float
    system: float
    rate: float
    p50: float
    p99: float

    @property
    def cpu(self) -> float:
        return self.user + self.system

    def __str__(self) -> str:
        return (
            f"{self.cpu:4.0f} µs CPU ({self.user:.0f} user, {self.system:.0f} system), "
            f"{self.rate:6,.0f} requests/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms"
        )


@dataclass(frozen=True)
class Server:
    url: str
    folder: Path
    connections: int


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as name, database_of(options, Path(name)) as url:
        make_tables(url)
        folder = Path(name) / "portal"
        folder.mkdir()
        database = open_database(url)
        secret = write_key(database)
        for title, requests, count in (
            ("batches of 100", batches(secret), options.requests),
            ("single events", singles(secret), 3 * options.requests),
        ):
            compare(Server(url, folder, options.connections), title, requests, count)
        database.dispose()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="SQLAlchemy address of an empty database")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--requests", type=int, default=1_000, help="batches in each turn")
    parser.add_argument("--connections", type=int, default=8)
    return parser.parse_args()


@contextmanager
def database_of(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    if not options.postgresql:
        yield options.database or f"sqlite:///{folder}/paceline.db"
        return
    with durable_server(folder) as address:
        yield address


# --- what is sent -----------------------------------------------------------------------------


def messages(count: int) -> list[dict[str, object]]:
    source, client = random.Random(3), Client("key", send=False)
    made = []
    for _ in range(count):
        sent = client.track(
            f"user-{source.randrange(5_000)}",
            source.choice(["Order Created", "Report Run", "Approval Chain Used", "Export Made"]),
            {
                "channel": source.choice(["web", "mobile", "api"]),
                "plan": "enterprise",
                "items": source.randrange(50),
                "total": round(source.random() * 1000, 2),
                "page": f"/orders/{source.randrange(100_000)}",
                "duration_seconds": source.randrange(300),
            },
            {
                "groupId": f"account-{source.randrange(20)}",
                "locale": "de-DE",
                "ip": f"10.1.{source.randrange(255)}.{source.randrange(255)}",
            },
            timestamp=datetime.now(UTC) - timedelta(seconds=source.randrange(86_400)),
        )
        made.append(sent[1])
    return made


def batches(secret: str) -> list[bytes]:
    sent = {"sentAt": datetime.now(UTC), "writeKey": secret}
    return [
        request(
            "/v1/batch",
            json.dumps({"batch": messages(100), **sent}, cls=DatetimeSerializer),
            secret,
        )
        for _ in range(VARIANTS)
    ]


def singles(secret: str) -> list[bytes]:
    return [request("/v1/track", json.dumps(one), secret) for one in messages(VARIANTS)]


def request(path: str, body: str, secret: str) -> bytes:
    token = b64encode(f"{secret}:".encode()).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: analytics-python/2\r\n"
        f"Accept-Encoding: gzip, deflate\r\nAccept: */*\r\nContent-Type: application/json\r\n"
        f"Authorization: Basic {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body.encode()


# --- the servers ------------------------------------------------------------------------------


@contextmanager
def nothing(folder: Path) -> Iterator[tuple[int, int]]:
    """Port and process group."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
    command += ["--blocking-threads", "8", "--backlog", "1024", "--port", str(port)]
    command += ["--log-level", "error", "tests.benchmarks.store_nothing:app"]
    with subprocess.Popen(command, start_new_session=True) as server:
        try:
            while not PortalProcess("", folder, port=port).answers():
                time.sleep(0.05)
            yield port, server.pid
        finally:
            os.killpg(server.pid, signal.SIGKILL)


@contextmanager
def paceline(server: Server, module: str = "") -> Iterator[tuple[int, int]]:
    portal = PortalProcess(server.url, server.folder)
    if module:
        portal.command = ("-m", module)
    portal.start()
    try:
        assert portal.running is not None
        yield portal.port, portal.running.pid
    finally:
        portal.kill()


@contextmanager
def folding(url: str) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.usage.folding_process", url, "--large"]
    with subprocess.Popen(command) as folder:
        try:
            yield
        finally:
            folder.kill()


def cpu_seconds(belongs: Callable[[str, int], bool]) -> tuple[float, float]:
    """User and system time of the processes of a name and a group, and of their ended children."""
    user = system = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        if belongs(name, int(fields[2])):
            user += int(fields[11]) + int(fields[13])
            system += int(fields[12]) + int(fields[14])
    return user / TICKS, system / TICKS


# --- the client -------------------------------------------------------------------------------


def measure(place: Place, requests: list[bytes], count: int, connections: int) -> Figures:
    port, group = place
    before, began = cpu_seconds(lambda _, of: of == group), time.perf_counter()
    times = sorted(send(port, requests, count, connections))
    passed = time.perf_counter() - began
    after = cpu_seconds(lambda _, of: of == group)
    user, system = ((late - early) / count * 1e6 for early, late in zip(before, after, strict=True))
    half, most = times[len(times) // 2], times[len(times) * 99 // 100]
    return Figures(user, system, count / passed, half * 1e3, most * 1e3)


def send(port: int, requests: list[bytes], count: int, connections: int) -> list[float]:
    def some(place: int) -> list[float]:
        times = []
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for number in range(place, count, connections):
                began = time.perf_counter()
                connection.sendall(requests[number % len(requests)])
                answer = connection.recv(4096)
                times.append(time.perf_counter() - began)
                if not answer.startswith(b"HTTP/1.1 200"):
                    raise RuntimeError(answer.decode(errors="replace"))
        return times

    with ThreadPoolExecutor(connections) as pool:
        return [one for times in pool.map(some, range(connections)) for one in times]


def compare(server: Server, title: str, requests: list[bytes], count: int) -> None:
    """All servers stand side by side and are asked in turns: what else the machine does meets
    them alike.
    """
    threads = server.connections
    print(f"{title} ({len(requests[0]):,} bytes), {count:,} requests, {threads} connections")
    with ExitStack() as stack:
        places = {
            BARE: stack.enter_context(nothing(server.folder)),
            PEER: stack.enter_context(paceline(server, "tests.benchmarks.usage.keeping_nothing")),
            KEPT: stack.enter_context(paceline(server)),
        }
        for port, _group in places.values():
            send(port, requests, WARM_UP * threads, threads)
        database = sum(cpu_seconds(lambda name, _: name == "postgres"))
        rounds = [take_round(places, requests, count, threads) for _ in range(ROUNDS)]
        database = sum(cpu_seconds(lambda name, _: name == "postgres")) - database
        tell(rounds)
        if "post" in server.url:
            print(f"  PostgreSQL      {database / count / ROUNDS * 1e6:.0f} µs an answer kept")
        stack.enter_context(folding(server.url))
        print("  while folding")
        tell([take_round(places, requests, count, threads) for _ in range(ROUNDS)])


def take_round(
    places: dict[str, Place], requests: list[bytes], count: int, threads: int
) -> dict[str, Figures]:
    return {name: measure(place, requests, count, threads) for name, place in places.items()}


def tell(rounds: list[dict[str, Figures]]) -> None:
    """Of each figure the middle one of the rounds; p99 of each round."""
    for name in (BARE, PEER, KEPT):
        found = [one[name] for one in rounds]
        middle = (median(values) for values in zip(*map(astuple, found), strict=True))
        print(f"  {name:<15} {Figures(*middle)}")
    for peer in (PEER, BARE):
        shares = sorted(one[peer].cpu / one[KEPT].cpu for one in rounds)
        print(f"  {median(shares):.2f} of {peer} ({shares[0]:.2f} to {shares[-1]:.2f})")
    most = ", ".join(f"{one[KEPT].p99:.0f}" for one in rounds)
    print(f"  p99 of the rounds, kept: {most} ms")


if __name__ == "__main__":
    sys.exit(main())
