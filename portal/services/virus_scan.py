"""The hook for a virus scanner: clamd's INSTREAM, over TCP or a Unix socket."""

import socket
from dataclasses import dataclass
from enum import StrEnum
from struct import pack
from urllib.parse import urlsplit

SECONDS = 10.0
PORT = 3310
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096


class Verdict(StrEnum):
    """As RequestFile.verdict keeps it. `UNSEEN`: no scanner has looked."""

    CLEAN = "clean"
    REFUSED = "refused"
    UNSEEN = ""


@dataclass(frozen=True, slots=True)
class Scanner:
    """`address`: clamd://host:port or clamd:///path; empty where there is none."""

    address: str

    @property
    def there(self) -> bool:
        return bool(self.address)

    def look(self, content: bytes) -> Verdict:
        """UNSEEN where there is no scanner, or none answers soundly: then it is tried later."""
        if not self.there:
            return Verdict.UNSEEN
        try:
            with self._opened() as link:
                return _answered(link, content)
        except (OSError, ValueError):
            return Verdict.UNSEEN

    def _opened(self) -> socket.socket:
        parts = urlsplit(self.address)
        if parts.hostname:
            return socket.create_connection((parts.hostname, parts.port or PORT), timeout=SECONDS)
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(SECONDS)
        try:
            link.connect(parts.path)
        except OSError:
            link.close()
            raise
        return link


def _answered(link: socket.socket, content: bytes) -> Verdict:
    link.sendall(b"zINSTREAM\0")
    for at in range(0, len(content), _PIECE):
        piece = content[at : at + _PIECE]
        link.sendall(pack("!L", len(piece)) + piece)
    link.sendall(pack("!L", 0))
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        heard = link.recv(_LONGEST_ANSWER)
        if not heard:
            break
        said += heard
    words = said.rstrip(b"\0\n ")
    if words.endswith(b" FOUND"):
        return Verdict.REFUSED
    return Verdict.CLEAN if words == b"stream: OK" else Verdict.UNSEEN
