"""The real `paceline serve` on a scratch database: started, asked, killed."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.ports import free_port

PATIENCE_SECONDS = 300


@dataclass
class PortalProcess:
    """The web processes of one port; all of them are one process group."""

    database_url: str
    data_dir: Path
    workers: int = 2
    port: int = field(default_factory=free_port)
    running: "subprocess.Popen[bytes] | None" = None
    command: tuple[str, ...] = ("-c", "from portal.cli import main; main()")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it answers."""
        environ = {
            **os.environ,
            "PACELINE_ENVIRONMENT": "test",
            "PACELINE_DATABASE_URL": self.database_url,
            "PACELINE_DATA_DIR": str(self.data_dir),
            "PACELINE_PUBLIC_URL": self.address,
            "PACELINE_PORT": str(self.port),
        }
        with (self.data_dir / "web.log").open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, *self.command, "serve", "--workers", str(self.workers)],
                env=environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        limit = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if self.running.poll() is not None or time.monotonic() > limit:
                raise RuntimeError((self.data_dir / "web.log").read_text()[-3000:])
            time.sleep(0.05)

    def kill(self) -> None:
        """All at once and without a warning, as when the power goes."""
        if self.running is not None:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.running = None

    def answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        return self.ask("GET", path, b"", headers)

    def post(self, path: str, body: bytes, **headers: str) -> tuple[int, bytes]:
        return self.ask("POST", path, body, headers)

    def ask(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def say(self, raw: bytes) -> tuple[int, bytes]:
        """Bytes of our own, as they are. Raises HTTPException where the server only hangs up, and
        OSError where it waits for more.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(raw)
            response = http.client.HTTPResponse(connection)
            response.begin()
            return response.status, response.read()
