"""The demo world behind the real server: `python -m tests.benchmarks.bench_web`.

Events accepted per second over HTTP (batches of 100, four connections) against the same server
storing nothing; the adoption page's time to first byte, unchanged (304) too, and its statements;
search; a report as PDF.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import event

from portal.app import create_app
from portal.db import Database
from portal.demo.cast import LOGINS, PASSWORD
from tests.apps import make_settings
from tests.benchmarks.bench_usage import BATCH, bodies
from tests.ports import free_port
from tests.processes.intake import write_key
from tests.processes.portal_process import PortalProcess

REQUESTS, CONNECTIONS, PAGES = 300, 4, 30
QUESTIONS = ["invite colleagues", "permissions", "export", "integration fails", "邀请同事", "報告"]


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = demo(folder)
        accepted(database, folder)
        pages(database, folder)
        database.dispose()
    return 0


def demo(folder: Path) -> Database:
    url = f"sqlite:///{folder / 'paceline.db'}"
    environ = {
        **os.environ,
        "PACELINE_ENVIRONMENT": "development",
        "PACELINE_DATABASE_URL": url,
        "PACELINE_DATA_DIR": str(folder),
    }
    command = [sys.executable, "-m", "scripts.commands", "migrate", "demo"]
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return Database(url)


def accepted(database: Database, folder: Path) -> None:
    sent = bodies(REQUESTS * BATCH)
    token = b64encode(f"{write_key(database)}:".encode()).decode()
    portal = PortalProcess(database.url, folder)
    portal.start()
    try:
        stored = rate(portal.port, sent, token)
    finally:
        portal.kill()
    limit = rate_of_nothing(sent, token)
    print(f"accepted {stored:,.0f} events/s over HTTP, {stored / limit:.2f} of storing nothing")


def rate_of_nothing(sent: list[bytes], token: str) -> float:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
    command += ["--blocking-threads", "8", "--port", str(port), "--log-level", "error"]
    with subprocess.Popen([*command, "tests.benchmarks.store_nothing:app"]) as server:
        try:
            wait_for(port)
            return rate(port, sent, token)
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    portal = PortalProcess("", Path(), port=port)
    while not portal.answers():
        time.sleep(0.05)


def rate(port: int, sent: list[bytes], token: str) -> float:
    """Events per second."""

    def send(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for body in sent[place::CONNECTIONS]:
            connection.request("POST", "/v1/batch", body, {"Authorization": f"Basic {token}"})
            response = connection.getresponse()
            response.read()
            if response.status != http.HTTPStatus.OK:
                raise RuntimeError(f"answered {response.status}")
        connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(send, range(CONNECTIONS)))
    return len(sent) * BATCH / (time.perf_counter() - began)


def pages(database: Database, folder: Path) -> None:
    """In this process, without the network: the portal's own share."""
    app = create_app(make_settings(data_dir=folder), database)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"email": LOGINS[0].email, "password": PASSWORD})
    first = client.get("/adoption")
    plain = milliseconds(lambda: client.get("/adoption"))
    tag = {"If-None-Match": first.headers.get("ETag", "")}
    again = client.get("/adoption", headers=tag)
    same = milliseconds(lambda: client.get("/adoption", headers=tag))
    print(
        f"adoption page {first.status_code} in {statistics.median(plain):.1f} ms, "
        f"{statements(database, client, '/adoption')} statements; "
        f"{again.status_code} in {statistics.median(same):.1f} ms, "
        f"{statistics.median(same) / statistics.median(plain):.2f} of it"
    )
    searches(client)
    report(client)


def milliseconds(ask: Callable[[], object], times: int = PAGES) -> list[float]:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        found.append((time.perf_counter() - began) * 1000)
    return found


def statements(database: Database, client: FlaskClient, path: str) -> int:
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    client.get(path)
    event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)


def searches(client: FlaskClient) -> None:
    for question in QUESTIONS:
        client.get("/search/panel", query_string={"q": question})
    found = sorted(
        time
        for question in QUESTIONS
        for time in milliseconds(
            lambda q=question: client.get("/search/panel", query_string={"q": q}),  # type: ignore[misc] # bound now
            10,
        )
    )
    half, most = statistics.median(found), found[len(found) * 95 // 100]
    print(f"search page p50 {half:.1f} ms, p95 {most:.1f} ms ({most / half:.1f} times)")


def report(client: FlaskClient) -> None:
    page = client.get("/reports").text
    key = page.split('href="/reports/')[1].split('"')[0].split("/")[0]
    paths = [f"/reports/{key}/{locale}.pdf" for locale in ("en", "zh-Hans")]
    seconds = [milliseconds(lambda p=path: client.get(p), 1)[0] / 1000 for path in paths]  # type: ignore[misc] # bound now
    print(f"report as PDF {seconds[0]:.2f} s, in Chinese {seconds[1]:.2f} s")


if __name__ == "__main__":
    sys.exit(main())
