"""The guard of outgoing requests, with servers of this machine in the place of other hosts."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from portal.services import outgoing
from portal.services.outgoing import Answer, Caller

PORT = 8080


class Site(BaseHTTPRequestHandler):
    """Says what its path asks for, and notes how it was asked."""

    seen: list[tuple[str, str, str]]

    def do_GET(self) -> None:  # http.server's name
        self.seen.append((self.command, self.headers["Host"], self.path))
        name, _, rest = self.path.strip("/").partition("/")
        if name in {"to", "loop"}:
            self.send_response(302)
            self.send_header("Location", rest.replace("~", "/") or self.path)
        else:
            status = 405 if name == "get-only" and self.command == "HEAD" else 200
            self.send_response(int(name) if name.isdigit() else status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 # http.server finds them by these names

    def log_message(self, *_said: object) -> None:
        """Says nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str, str]]]:
    """Every address that the guard has looked at is this server; what it was asked for."""
    seen: list[tuple[str, str, str]] = []
    handler = type("Handler", (Site,), {"seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    _lead_to(monkeypatch, server.server_address[1])
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield seen
    server.shutdown()
    thread.join()
    server.server_close()


def _lead_to(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    real = socket.create_connection

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        assert address[0] == "93.184.216.34", "only what was looked at is asked"
        return real(("127.0.0.1", port), timeout=timeout)

    monkeypatch.setattr(socket, "create_connection", connect)


def names(host: str, _port: int) -> list[str]:
    """a.example is public; of two.example one of two addresses is not; any IP is itself."""
    if host == "none.example":
        raise OSError(host)
    known = {"a.example": ["93.184.216.34"], "two.example": ["93.184.216.34", "10.0.0.1"]}
    return known.get(host, [host])


CALLER = Caller("test", resolve=names)


def test_a_page_is_asked_by_head_and_by_get_where_head_is_not_liked(
    site: list[tuple[str, str, str]],
) -> None:
    assert CALLER.ask("http://a.example/200?x=1") == Answer("working", 200)
    assert CALLER.ask("http://a.example/get-only") == Answer("working", 200)
    assert CALLER.ask("http://a.example/404") == Answer("gone", 404)
    assert site == [
        ("HEAD", "a.example", "/200?x=1"),
        ("HEAD", "a.example", "/get-only"),
        ("GET", "a.example", "/get-only"),
        ("HEAD", "a.example", "/404"),
        ("GET", "a.example", "/404"),
    ]


def test_a_redirect_goes_through_the_same_gate(site: list[tuple[str, str, str]]) -> None:
    assert CALLER.ask("http://a.example/to/~200") == Answer("working", 200)
    for inside in ("http:~~127.0.0.1~", "http:~~169.254.169.254~latest", "file:~~~etc~passwd"):
        asked = len(site)
        assert CALLER.ask(f"http://a.example/to/{inside}") == Answer("barred")
        assert len(site) == asked + 1


def test_redirects_end(site: list[tuple[str, str, str]]) -> None:
    assert CALLER.ask("http://a.example/loop") == Answer("failing", 302)
    assert len(site) == outgoing.MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://two.example/", "ftp://a/"],
)
def test_what_is_not_public_is_not_asked(site: list[tuple[str, str, str]], url: str) -> None:
    assert CALLER.ask(url) == Answer("barred")
    assert site == []


def test_a_name_that_changes_its_mind_leads_nowhere(site: list[tuple[str, str, str]]) -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    rebinding = Caller("test", resolve=lambda _host, _port: answers.pop(0))
    assert rebinding.ask("http://a.example/get-only") == Answer("working", 200)
    assert len(answers) == 1, "asked for once, though two connections were made"
    assert len(site) == 2


def test_what_does_not_answer_is_unreachable() -> None:
    assert CALLER.ask("http://none.example/") == Answer("unreachable")


@contextmanager
def _dripping(port_of: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that begins an answer and sends a letter at a time for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = Event()

    def serve() -> None:
        peer, _address = listener.accept()
        with peer:
            peer.recv(1000)
            try:
                while not ended.wait(0.01):
                    peer.sendall(b"H")
            except OSError:
                return

    _lead_to(port_of, listener.getsockname()[1])
    thread = Thread(target=serve)
    thread.start()
    yield
    ended.set()
    thread.join()
    listener.close()


def test_a_server_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    with _dripping(monkeypatch):
        hasty = Caller("test", resolve=names, seconds=0.2)
        assert hasty.ask("http://a.example/") == Answer("unreachable")
