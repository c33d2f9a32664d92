"""A line to the portal on which answers get lost: the request arrives, its sender never hears so.

What a client does then is send again; what must follow is that nothing counts twice.
"""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "content-length", "date", "server"})
# Addresses that take events in; questions get their answers.
EVENTS = ("/v1/", "/batch", "/capture", "/e/", "/i/")


@dataclass
class LossyLine:
    """`lost` counts the answers that were kept back; `most` is how many at most."""

    port: int
    most: int
    address: str = ""
    lost: int = 0
    heard: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def loses(self, method: str, path: str) -> bool:
        with self.lock:
            self.heard.append(f"{method} {path}")
            events = method == "POST" and path.startswith(EVENTS)
            lost = events and self.lost < self.most
            self.lost += lost
        return lost


@contextmanager
def lossy_line(port: int, most: int = 1) -> Iterator[LossyLine]:
    """Stands before 127.0.0.1:`port`; of the first `most` posts of events the answers are lost."""
    line = LossyLine(port, most)

    class Handler(_Passing):
        to = line

    server = _Server(("127.0.0.1", 0), Handler)
    line.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A client may open as many connections at once as it has batches.
    request_queue_size = 128


class _Passing(BaseHTTPRequestHandler):
    to: LossyLine
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self._body()
        connection = http.client.HTTPConnection("127.0.0.1", self.to.port, timeout=30)
        try:
            connection.request(self.command, self.path, body, self._headers(len(body)))
            response = connection.getresponse()
            answer, headers = response.read(), response.getheaders()
        finally:
            connection.close()
        if self.to.loses(self.command, self.path):
            self._answer(HTTPStatus.BAD_GATEWAY, b"", [])
        else:
            self._answer(response.status, answer, headers)

    do_POST = do_OPTIONS = do_GET  # noqa: N815 # the library's names

    def _headers(self, length: int) -> dict[str, str]:
        kept = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        kept.pop("Transfer-Encoding", None)
        return {**kept, "Content-Length": str(length)}

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pieces = []
        while size := int(self.rfile.readline().strip(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _answer(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if status == HTTPStatus.BAD_GATEWAY:
            # Else a browser would not even be told the status.
            self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the library's name
        """Says nothing."""
