"""The guard of outgoing requests: another host is asked for its status, and nothing else.

A name is resolved once, all of its addresses must be public, and the connection goes to the one
that was looked at, so that a name that changes its mind in between leads nowhere. Redirects are
followed by hand through the same gate. No body is read, no cookie kept, no proxy asked.
"""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from time import monotonic
from urllib.parse import urljoin

from portal.domain.external_links import (
    BARRED,
    FAILING,
    UNREACHABLE,
    NotAsked,
    Target,
    is_public,
    outcome_of,
    read_target,
)

SECONDS = 10.0
"""For one address with all of its redirects."""
MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_HEAD_REFUSED = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is the last one that came; None where none did."""

    outcome: str
    status: int | None = None


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Caller:
    """`agent` says who asks. The rest is replaced by tests, which have no other hosts."""

    agent: str
    resolve: Callable[[str, int], list[str]] = resolve
    permits: Callable[[str], bool] = is_public
    seconds: float = SECONDS

    def ask(self, url: str) -> Answer:
        """Never raises: an address that may not be asked is barred."""
        ends = monotonic() + self.seconds
        try:
            for _hop in range(MOST_REDIRECTS + 1):
                target = read_target(url)
                status, location = self._status(target, ends)
                if status not in _REDIRECTS or not location:
                    return Answer(outcome_of(status), status)
                url = urljoin(url, location[:2000])
        except NotAsked:
            return Answer(BARRED)
        except (OSError, HTTPException, UnicodeError, ValueError):
            return Answer(UNREACHABLE)
        return Answer(FAILING, status)

    def _status(self, target: Target, ends: float) -> tuple[int, str]:
        """By HEAD, and by GET where HEAD is not liked."""
        address = self._pinned(target)
        status, location = self._request("HEAD", target, address, ends)
        if status >= _HEAD_REFUSED:
            status, location = self._request("GET", target, address, ends)
        return status, location

    def _pinned(self, target: Target) -> str:
        addresses = self.resolve(target.host, target.port)
        if not addresses:
            raise OSError("no address")
        if not all(map(self.permits, addresses)):
            raise NotAsked("not a public address")
        return addresses[0]

    def _request(self, method: str, target: Target, address: str, ends: float) -> tuple[int, str]:
        left = ends - monotonic()
        if left <= 0:
            raise TimeoutError
        connection = _Pinned(target, address, left)
        # A host that sends a letter now and then never runs into the socket's own time-out.
        clock = Timer(left, connection.abort)
        clock.daemon = True
        clock.start()
        try:
            headers = {"Host": target.named, "User-Agent": self.agent, "Accept": "*/*"}
            connection.request(method, target.path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location") or ""
        finally:
            clock.cancel()
            connection.close()


class _Pinned(HTTPConnection):
    """To one address, whatever the name says by now; the certificate must be the name's."""

    def __init__(self, target: Target, address: str, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._target, self._address = target, address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self._target.port), timeout=self.timeout)
        self.sock = plain
        if self._target.secure:
            context = ssl.create_default_context()
            tls = context.wrap_socket(
                plain, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self.sock = tls
            tls.do_handshake()

    def abort(self) -> None:
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
